"""A real browser that opens a page, runs a script in it, and hands back what the script found."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
AXE = Path(__file__).parent / "axe" / "axe.min.js"

Examine = Callable[[str, str, int], Any]
"""Page, script and width of the window to what the script returns."""

_FRAME = """<!DOCTYPE html><html lang="en"><title>Frame</title><script>
addEventListener("message", (message) => {{
  const bytes = new TextEncoder().encode(message.data);
  document.documentElement.dataset.answer = btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
}});
</script><iframe src="page.html" style="width:{width}px;height:900px;border:0" title="Page"></iframe></html>"""


@pytest.fixture(scope="session")
def browser() -> str:
    """Path of a Chromium or Chrome."""
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    pytest.skip("no Chromium or Chrome on this machine: see tools/setup browser")


@pytest.fixture
def examine(browser: str, tmp_path: Path) -> Examine:
    """Open a page in a window of a width and run a script in it, which returns a value or a promise of one."""

    def run(page: str, script: str, width: int) -> Any:
        # The page forbids scripts; the copy that is examined has one.
        open_page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
        assert open_page != page
        examined = f"""<script>{AXE.read_text(encoding="utf-8")}</script><script>
        addEventListener("load", async () => {{
          let answer;
          try {{ await document.fonts.ready; answer = {{value: await (async () => {{ {script} }})()}}; }}
          catch (error) {{ answer = {{error: String(error)}}; }}
          parent.postMessage(JSON.stringify(answer), "*");
        }});
        </script></body>"""
        (tmp_path / "page.html").write_text(open_page.replace("</body>", examined), encoding="utf-8")
        # A window cannot be as narrow as a phone, a frame in it can.
        frame = tmp_path / "frame.html"
        frame.write_text(_FRAME.format(width=width), encoding="utf-8")
        command = [
            browser, "--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
            f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width + 40},1000",
            "--virtual-time-budget=30000", "--dump-dom", frame.as_uri(),
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        found = re.search(r'data-answer="([^"]+)"', done.stdout)
        assert found, done.stderr[-2000:]
        answer = json.loads(base64.b64decode(found[1]))
        assert "error" not in answer, answer["error"]
        return answer["value"]

    return run
