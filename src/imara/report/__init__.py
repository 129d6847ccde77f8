"""From a result to pages: HTML, PDF, figures and tables that say what was found, and no more."""

from imara.report.pdf import can_write_pdf
from imara.report.write import ReportFiles, write_report

__all__ = ["ReportFiles", "can_write_pdf", "write_report"]
