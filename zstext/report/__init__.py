"""An evaluation as one HTML page with pictures. Needs the extra `zstext[report]`."""

from zstext.report.write import write_report

__all__ = ["write_report"]
