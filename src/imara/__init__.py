"""Deliver recovery programmes, run their trials, and report honestly what they did."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imara.analysis.means import emmeans
    from imara.analysis.mixed_model import mmrm
    from imara.study.library import load_study

__all__ = ["__version__", "emmeans", "load_study", "mmrm"]

__version__ = "0.1.0"

_FACE = {
    "mmrm": "imara.analysis.mixed_model",
    "emmeans": "imara.analysis.means",
    "load_study": "imara.study.library",
}


def __getattr__(name: str) -> Any:
    # Loaded on first use, so that `imara --help` need not wait for numerical libraries.
    if name in _FACE:
        return getattr(import_module(_FACE[name]), name)
    raise AttributeError(f"module 'imara' has no attribute {name!r}")
