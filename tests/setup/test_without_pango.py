"""On a machine without Pango the report is written as HTML, and somebody is told why there is no PDF."""

from __future__ import annotations

import os
import subprocess
import sys


def test_the_demo_writes_html_and_says_why_there_is_no_pdf(tmp_path):
    # What importing WeasyPrint does where Pango is missing.
    stub = tmp_path / "without/weasyprint/__init__.py"
    stub.parent.mkdir(parents=True)
    stub.write_text("print('-----')\nraise OSError('cannot load library libpango-1.0-0')\n", encoding="utf-8")
    settings = {**os.environ, "PYTHONPATH": str(tmp_path / "without")}

    done = subprocess.run(
        [sys.executable, "-m", "imara", "demo", "--no-serve", "--dir", str(tmp_path / "out")],
        env=settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/report.html").is_file()
    assert not (tmp_path / "out/report.pdf").exists()
    assert "without the PDF" in done.stderr
    assert "libpango-1.0-0" in done.stderr
    assert "-----" not in done.stdout
