"""Starting a new study or instrument: a complete, valid and explained folder to change step by step."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from imara.study.guess import as_name
from imara.study.library import CONTENT, packaged, shown
from imara.study.problems import InputError, Problem
from imara.study.vocabulary import Identifier

StarterKind = Literal["study", "instrument"]
_MEANT_BY = "a name in lower-case letters, digits and single hyphens, at most 40 characters, such as 'calm-days'"


def start(kind: StarterKind, name: str, folder: Path) -> Path:
    """Write a starter folder called `name` into `folder` and return it.

    Raises:
        InputError: When the name cannot be used, is the name of a packaged definition, or the folder exists already.
    """
    _check_name(kind, name)
    target = folder / name
    if target.exists():
        message = f"the {'folder' if target.is_dir() else 'file'} exists already, and nothing is overwritten"
        allowed = "a name that is free, or another folder with --dir"
        raise InputError([Problem(shown(target), message, found=name, allowed=allowed)])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Built aside and moved in one step, so that a failure leaves no half of a folder behind.
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as aside:
            built = Path(aside) / name
            _copy(CONTENT / "starters" / kind, built, f"my-{kind}", name)
            built.rename(target)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError([Problem(shown(folder), f"the folder cannot be written to: {reason}")]) from None
    return target


def _check_name(kind: StarterKind, name: str) -> None:
    try:
        TypeAdapter(Identifier).validate_python(name)
    except ValidationError:
        message = f"this cannot name {'an' if kind == 'instrument' else 'a'} {kind}"
        raise InputError([Problem(name or "''", message, None, None, name, _MEANT_BY, as_name(name))]) from None
    if name in packaged(kind):
        message = f"a packaged {kind} has this name already, and commands would find that one first"
        raise InputError([Problem(name, message, None, None, name, "another name", f"my-{name}"[:40].rstrip("-"))])


def _copy(source: Path, target: Path, old: str, new: str) -> None:
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    for path in target.rglob("*"):
        if path.is_file():
            words = path.read_text(encoding="utf-8")
            path.write_text(re.sub(rf"\b{old}\b", new, words), encoding="utf-8")
