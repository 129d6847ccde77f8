"""The PDF: pages, bookmarks, running heads, tags, embedded fonts, nothing fetched; and all files in their places."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import zlib
from contextlib import suppress

import pytest

from imara.report import write_report
from imara.report.page import build, html_page
from imara.report.pdf import pdf_bytes, typeset


@pytest.fixture(scope="module")
def document(view):
    return typeset(html_page(view, build(view)))


def opened(raw: bytes) -> bytes:
    """Return a PDF with its compressed streams opened."""
    streams = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", raw, flags=re.DOTALL):
        with suppress(zlib.error):
            streams.append(zlib.decompress(stream))
    return b"\n".join([raw, *streams])


@pytest.fixture(scope="module")
def content(document):
    return opened(pdf_bytes(document))


def page_of(document, anchor: str) -> int:
    return next(number for number, page in enumerate(document.pages, start=1) if anchor in page.anchors)


def test_it_has_the_pages_it_should(document):
    assert 9 <= len(document.pages) <= 13


def test_the_plain_page_is_one_page_of_its_own(document):
    assert page_of(document, "plain") == 2
    assert page_of(document, "key") == 3


def labels(tree) -> list[str]:
    return [label for node in tree for label in (node[0], *labels(node[2]))]


def test_every_section_is_a_bookmark(document, view):
    found = labels(document.make_bookmark_tree())
    assert view.folder.study.title.en in found
    assert [section.title for section in build(view)] == [label for label in found if label in
                                                          {section.title for section in build(view)}]  # fmt: skip


def test_contents_lead_to_the_sections(document, view):
    targets = {target for page in document.pages for kind, target, *_ in page.links if kind == "internal"}
    assert {"plain", *(section.name for section in build(view))} <= targets


def test_it_is_tagged_for_screen_readers(content):
    assert b"/MarkInfo" in content
    assert b"/StructTreeRoot" in content
    assert b"pdfuaid" in content
    assert re.search(rb"/Lang \(?<?", content)
    for tag in (b"/Figure", b"/Table", b"/TH", b"/H1", b"/H2"):
        assert tag in content
    assert content.count(b"/Alt") >= 4


def test_fonts_are_inside(content):
    assert content.count(b"/FontFile") >= 2
    assert b"Source-Sans" in content or b"SourceSans" in content


def test_setting_it_leaves_nothing_to_complain_about(view, caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        typeset(html_page(view, build(view)))
    ignored = ("Ignored", "Invalid media", "Expected a media type", "Unsupported")
    assert not [record.message for record in caplog.records if not record.message.startswith(ignored)]


def test_nothing_is_fetched_even_if_a_page_asks(caplog):
    with caplog.at_level(logging.ERROR, logger="weasyprint"):
        typeset('<html lang="en"><title>t</title><img alt="x" src="file:///etc/hostname"></html>')
    assert any("disallowed protocol" in record.getMessage() for record in caplog.records)


def test_all_files_are_written(view, tmp_path):
    out = tmp_path / "new" / "folder"
    files = write_report(view.result, view.folder, out)
    assert files.html == out / "report.html"
    assert files.pdf == out / "report.pdf"
    assert files.pdf.read_bytes().startswith(b"%PDF-")
    assert {path.name for path in files.figures} == {
        "flow.svg", "completeness.svg", "equivalence-primary.svg", "profile-primary.svg", "forest.svg",
    }  # fmt: skip
    assert all(path.is_file() and path.parent == out / "figures" for path in files.figures)
    assert {path.name for path in files.tables} == {
        "flow.csv", "baseline.csv", "completeness.csv", "observed.csv", "analyses.csv", "means.csv", "contrasts.csv",
        "standardised-effects.csv", "equivalence.csv", "warnings.csv",
    }  # fmt: skip
    assert all(path.is_file() and path.parent == out / "tables" for path in files.tables)


def test_the_pdf_can_be_left_out(view, tmp_path):
    files = write_report(view.result, view.folder, tmp_path, "da", pdf=False)
    assert files.pdf is None
    assert not (tmp_path / "report.pdf").exists()
    assert "Kort fortalt" in files.html.read_text(encoding="utf-8")


def test_a_machine_without_fonts_sets_the_same_pdf(view, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(html_page(view, build(view)), encoding="utf-8")
    configuration = tmp_path / "fonts.conf"
    configuration.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    script = (
        "import sys; from pathlib import Path; from imara.report.pdf import pdf_bytes, typeset;"
        "page = Path(sys.argv[1]); document = typeset(page.read_text(encoding='utf-8'));"
        "page.with_suffix('.pdf').write_bytes(pdf_bytes(document)); print(len(document.pages))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(page)],
        env={**os.environ, "FONTCONFIG_FILE": str(configuration)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(typeset(page.read_text(encoding="utf-8")).pages)
    names = set(re.findall(rb"/FontName\s*/([^ /\n]+)", opened(page.with_suffix(".pdf").read_bytes())))
    assert names
    assert all(b"Source-Sans" in name for name in names)
