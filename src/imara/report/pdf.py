"""The report as PDF: the same page, set for A4, tagged and with bookmarks."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weasyprint import Document  # type: ignore[import-untyped]

VARIANT = "pdf/ua-1"


def can_write_pdf() -> bool:
    """Tell whether the system has Pango, the library that sets the text of a PDF."""
    try:
        # Where it is missing, WeasyPrint prints a page of advice that is not about this program.
        with redirect_stdout(StringIO()):
            import weasyprint  # noqa: F401, PLC0415
    except OSError:
        return False
    return True


def typeset(html: str) -> Document:
    """Lay a self-contained page out on A4; nothing is fetched, whatever the page names."""
    # Takes more than a second to import: only when a PDF is wanted.
    from weasyprint import HTML, URLFetcher  # noqa: PLC0415

    fetcher = URLFetcher(allowed_protocols=["data"])
    return HTML(string=html, url_fetcher=fetcher).render(pdf_variant=VARIANT)


def pdf_bytes(document: Document) -> bytes:
    """Return the file's content."""
    content = document.write_pdf(pdf_variant=VARIANT)
    assert content is not None  # WeasyPrint returns bytes when it is given no target
    return bytes(content)
