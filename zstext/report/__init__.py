"""An evaluation, or an adaptation, as one HTML page with pictures. Needs `zstext[report]`."""

from zstext.report.adaptation import write_adaptation_report
from zstext.report.explained import explained
from zstext.report.write import write_report

__all__ = ["explained", "write_adaptation_report", "write_report"]
