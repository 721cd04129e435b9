"""Documents in, result rows out.

files, pipes, datasets ──open_files──▶ Source ──chunks──▶ classify ──▶ Writer ──▶ Sink
"""

from zstext.records.images import has_images, open_images
from zstext.records.job import JobSummary, run_job
from zstext.records.label_files import parse_label, read_labels
from zstext.records.paths import names_stdin
from zstext.records.record import Record
from zstext.records.sinks import FileSink, Sink, StreamSink, check_output
from zstext.records.sources import Source, open_dataset, open_files, open_texts
from zstext.records.writers import Writer, make_writer

__all__ = [
    "FileSink",
    "JobSummary",
    "Record",
    "Sink",
    "Source",
    "StreamSink",
    "Writer",
    "check_output",
    "has_images",
    "make_writer",
    "names_stdin",
    "open_dataset",
    "open_files",
    "open_images",
    "open_texts",
    "parse_label",
    "read_labels",
    "run_job",
]
