"""Image encoders, for `zstext[image]`. Above them nothing can tell images from texts.

decoding ─▶ preprocessing ─▶ tower (EfficientNet, a backbone, CLIP) ─▶ features
"""

from zstext.encoders.images.decoding import UndecodableError, decode
from zstext.encoders.images.efficientnet import NAME as EFFICIENTNET
from zstext.encoders.images.encoder import ImageEncoder
from zstext.encoders.images.loading import is_image_model, load_image_encoder

__all__ = [
    "EFFICIENTNET",
    "ImageEncoder",
    "UndecodableError",
    "decode",
    "is_image_model",
    "load_image_encoder",
]
