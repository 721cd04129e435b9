"""Whether the model hub can be reached, asked before a library waits half a minute for it."""

from __future__ import annotations

import socket
import threading
from urllib.parse import urlsplit
from urllib.request import getproxies

CONNECT_SECONDS = 1.5


def hub_answers() -> bool:
    """Return whether a connection to the Hugging Face hub, or to the proxy before it, opens.

    False at once if the user has asked for offline work (``HF_HUB_OFFLINE``). Name resolution has
    no time-out of its own, so it is left behind in a thread.
    """
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return False
    hub = urlsplit(constants.ENDPOINT)
    proxies = getproxies()
    proxy = proxies.get(hub.scheme) or proxies.get("all")
    target = urlsplit(proxy if "//" in proxy else f"http://{proxy}") if proxy else hub
    port = target.port or (443 if target.scheme == "https" else 80)
    answered = threading.Event()

    def connect() -> None:
        try:
            with socket.create_connection((target.hostname, port), timeout=CONNECT_SECONDS):
                answered.set()
        except OSError:
            return

    attempt = threading.Thread(target=connect, daemon=True)
    attempt.start()
    attempt.join(CONNECT_SECONDS)
    return answered.is_set()
