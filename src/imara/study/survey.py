"""Checking many definitions at once: what a person points at, what kind each is, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from imara.study.document import read_document
from imara.study.fingerprint import fingerprint
from imara.study.library import (
    CONTENT,
    FOLDERS,
    Kind,
    packaged,
    read_instrument,
    read_programme,
    read_study,
    shown,
)
from imara.study.problems import InputError, Problem, nearest_word


@dataclass(frozen=True)
class Checked:
    """One definition that was checked."""

    kind: Kind
    name: str
    file: str
    """The file, as people would write it from where they are."""
    problems: tuple[Problem, ...] = ()
    fingerprint: str | None = None
    """A study's version, when nothing is wrong with it."""

    @property
    def sound(self) -> bool:
        """Whether it can be used as it is."""
        return not any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True)
class Survey:
    """All that was checked, and what was asked for but is not there."""

    checked: tuple[Checked, ...]
    missing: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem once, in the order of the definitions."""
        found = (*self.missing, *(problem for one in self.checked for problem in one.problems))
        return tuple(dict.fromkeys(found))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that must be mended."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def survey(targets: Iterable[str]) -> Survey:
    """Check definitions given by packaged names, files, or folders with definitions anywhere in them.

    Args:
        targets: What to check; everything packaged when empty.
    """
    wanted = list(targets)
    checked: dict[Path, Checked] = {}
    missing: list[Problem] = []
    for target in wanted or [str(CONTENT / folder) for folder in FOLDERS.values()]:
        try:
            for kind, path in _found(target):
                if path.resolve() not in checked:
                    checked[path.resolve()] = _checked(kind, path)
        except InputError as error:
            missing += error.problems
    return Survey(tuple(checked.values()), tuple(missing))


def _found(target: str) -> Iterator[tuple[Kind, Path]]:
    """Yield the definition files a person means by `target`."""
    path = Path(target)
    if path.name == target:
        named = [(kind, CONTENT / FOLDERS[kind] / target / f"{kind}.yaml") for kind in FOLDERS]
        known = [(kind, file) for kind, file in named if file.is_file()]
        if known:
            yield from known
            return
    if path.is_file():
        yield _kind_of(path), path
    elif path.is_dir():
        files = [(kind, file) for kind in FOLDERS for file in sorted(path.rglob(f"{kind}.yaml"))]
        if not files:
            message = "this folder holds no study, instrument or programme"
            allowed = "a folder with study.yaml, instrument.yaml or programme.yaml in it"
            raise InputError([Problem(target, message, allowed=allowed)])
        yield from files
    else:
        names = [name for kind in FOLDERS for name in packaged(kind)]
        message = "there is no such file or folder, nor anything packaged of this name"
        allowed = f"a path, or one of {', '.join(dict.fromkeys(names))}"
        raise InputError([Problem(target, message, found=target, allowed=allowed, nearest=nearest_word(target, names))])


def _kind_of(path: Path) -> Kind:
    """Tell what a file defines from its name, or else from its first fields."""
    for kind in FOLDERS:
        if path.stem == kind:
            return kind
    document = read_document(path, shown(path))
    for kind in FOLDERS:
        if kind in document.values:
            return kind
    keys = tuple(document.values)
    message = "the file does not say what it defines"
    allowed = "a first field 'study', 'instrument' or 'programme' with its name"
    near = next((word for key in keys if (word := nearest_word(key, tuple(FOLDERS)))), None)
    raise InputError([Problem(shown(path), message, 1, None, ", ".join(keys[:8]) or "no fields", allowed, near)])


def _checked(kind: Kind, path: Path) -> Checked:
    name = path.resolve().parent.name if path.stem == kind else path.stem
    version = None
    try:
        if kind == "study":
            reading = read_study(path)
            problems = reading.problems
            if reading.study is not None and not reading.errors:
                version = fingerprint(reading.study, reading.instruments, reading.programmes)
        else:
            problems = (read_instrument(path) if kind == "instrument" else read_programme(path))[1]
    except InputError as error:
        problems = error.problems
    return Checked(kind, name, shown(path), problems, version)
