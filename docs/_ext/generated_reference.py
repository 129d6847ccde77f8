"""Writes the reference pages that derive from the code, each time the documentation is built."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))

from describe_commands import describe_commands
from describe_definitions import describe_definition
from describe_results import describe_results

from imara.study.instrument import Instrument
from imara.study.intervention import Programme
from imara.study.study import Study
from imara.study.wording_folder import PackFile

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def pages() -> dict[str, str]:
    """Return the text of every generated page by its name."""
    return {
        "study-fields.md": describe_definition(Study),
        "instrument-fields.md": describe_definition(Instrument),
        "programme-fields.md": describe_definition(Programme),
        "wording-fields.md": describe_definition(PackFile),
        "commands.md": describe_commands(),
        "results-fields.md": describe_results(),
    }


def write_pages(folder: Path) -> None:
    """Write the generated pages; those that have not changed keep their time."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Let Sphinx write the pages before it reads any."""
    app.connect("builder-inited", lambda app: write_pages(Path(app.srcdir) / "reference" / "generated"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
