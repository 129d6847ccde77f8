"""The report as PDF: the same page, set for A4, tagged and with bookmarks."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, filterwarnings

if TYPE_CHECKING:
    from weasyprint import Document  # type: ignore[import-untyped]

VARIANT = "pdf/ua-1"


def _weasyprint() -> Any:
    """Import WeasyPrint, which takes more than a second: only when a PDF is wanted."""
    # Where Pango is missing, it prints a page of advice that is not about this program. Where fonts are missing, it
    # warns of ugly output; but the page brings its own.
    with redirect_stdout(StringIO()), catch_warnings():
        filterwarnings("ignore", message="No fonts configured in FontConfig")
        import weasyprint  # noqa: PLC0415
    return weasyprint


def can_write_pdf() -> bool:
    """Tell whether the system has Pango, the library that sets the text of a PDF."""
    try:
        _weasyprint()
    except OSError:
        return False
    return True


def typeset(html: str) -> Document:
    """Lay a self-contained page out on A4; nothing is fetched, whatever the page names."""
    weasyprint = _weasyprint()
    fetcher = weasyprint.URLFetcher(allowed_protocols=["data"])
    return weasyprint.HTML(string=html, url_fetcher=fetcher).render(pdf_variant=VARIANT)


def pdf_bytes(document: Document) -> bytes:
    """Return the file's content."""
    content = document.write_pdf(pdf_variant=VARIANT)
    assert content is not None  # WeasyPrint returns bytes when it is given no target
    return bytes(content)
