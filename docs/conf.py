"""How Sphinx builds these pages. Nothing is fetched from the network."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Imara"
author = "The Imara founders"
copyright = "The Imara founders, under the Apache License 2.0"  # noqa: A001  # Sphinx wants this name
release = version = installed("imara")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "generated_reference", "mathml"]
exclude_patterns = ["_build", "reference/generated"]
myst_enable_extensions = ["deflist", "dollarmath", "amsmath", "colon_fence"]
myst_heading_anchors = 3
nitpicky = False
language = "en"
default_role = "literal"

autodoc_typehints = "description"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = "Imara"
html_math_renderer = "mathml"
html_show_sphinx = False
html_static_path: list[str] = []
