"""Finding definitions: by the name of a packaged one, or by a path, and reading them with all they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from imara.study.check import check_instrument, check_programme, check_study
from imara.study.checks.findings import References
from imara.study.fingerprint import fingerprint
from imara.study.folder import StudyFolder
from imara.study.instrument import Instrument
from imara.study.intervention import Programme
from imara.study.problems import InputError, Problem, nearest_word
from imara.study.read import read_definition
from imara.study.study import Study
from imara.study.vocabulary import Definition

CONTENT = Path(__file__).resolve().parent.parent / "content"
"""Words and definitions that come with the package."""

Kind = Literal["study", "instrument", "programme"]
FOLDERS: Mapping[Kind, str] = {"study": "studies", "instrument": "instruments", "programme": "programmes"}
"""Kind of definition to the folder that holds such definitions."""

D = TypeVar("D", bound=Definition)


@dataclass(frozen=True)
class StudyReading:
    """A study with all it refers to, and everything wrong with them."""

    path: Path
    """The study file."""
    study: Study | None
    """None when a part of the file could not be read."""
    instruments: Mapping[str, Instrument]
    programmes: Mapping[str, Programme]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that must be mended before the study can be used."""
        return _errors(self.problems)


def packaged(kind: Kind) -> tuple[str, ...]:
    """Return the names of the packaged studies, instruments or programmes, in alphabetical order."""
    return names_in(CONTENT / FOLDERS[kind], kind)


def names_in(folder: Path, kind: Kind) -> tuple[str, ...]:
    """Return the names of the definitions of one kind directly under a folder."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{kind}.yaml")))


def locate(name_or_path: str | Path, kind: Kind) -> Path:
    """Return the file of a definition given by the name of a packaged one, its folder or its file.

    Raises:
        InputError: When there is none, with the nearest name and all names.
    """
    words = str(name_or_path)
    path = Path(name_or_path)
    is_name = isinstance(name_or_path, str) and path.name == words and words not in ("", ".", "..")
    inside = CONTENT / FOLDERS[kind] / words / f"{kind}.yaml"
    if is_name and inside.is_file():
        return inside
    if path.is_file():
        return path
    if path.is_dir():
        if (path / f"{kind}.yaml").is_file():
            return path / f"{kind}.yaml"
        message = f"this folder holds no {kind}.yaml"
        raise InputError([Problem(words, message, allowed=f"a folder with a {kind}.yaml in it")])
    names = packaged(kind)
    message = f"there is no {kind} of this name, nor a file or folder" if is_name else "there is no such file or folder"
    allowed = f"a path, or one of {', '.join(names)}" if names else "a path"
    raise InputError([Problem(words, message, found=words, allowed=allowed, nearest=nearest_word(words, names))])


def load_study(name_or_path: str | Path) -> StudyFolder:
    """Load a study with its instruments and programmes, and check all of it.

    Args:
        name_or_path: A packaged study's name, a study folder, or a study file. A folder's own `instruments/` and
            `programmes/` come before the packaged ones.

    Raises:
        InputError: With every problem of the study and of the files it refers to.
    """
    reading = read_study(locate(name_or_path, "study"))
    if reading.study is None or reading.errors:
        raise InputError(reading.errors)
    version = fingerprint(reading.study, reading.instruments, reading.programmes)
    return StudyFolder(
        study=reading.study,
        instruments=reading.instruments,
        programmes=reading.programmes,
        path=reading.path.parent,
        fingerprint=version,
    )


def load_instrument(name_or_path: str | Path, study_folder: Path | None = None) -> Instrument:
    """Load and check one instrument; one of the study folder's own comes before a packaged one.

    Raises:
        InputError: With every problem of the file.
    """
    path = _own(name_or_path, "instrument", study_folder) or locate(name_or_path, "instrument")
    return _sound(*read_instrument(path))


def load_programme(name_or_path: str | Path, study_folder: Path | None = None) -> Programme:
    """Load and check one programme; one of the study folder's own comes before a packaged one.

    Raises:
        InputError: With every problem of the file.
    """
    path = _own(name_or_path, "programme", study_folder) or locate(name_or_path, "programme")
    return _sound(*read_programme(path))


def read_instrument(path: Path) -> tuple[Instrument | None, tuple[Problem, ...]]:
    """Read and check an instrument file; return it, or None when it could not be read, and all problems."""
    reading = read_definition(path, Instrument, shown(path))
    problems = (*reading.problems, *check_instrument(reading, path))
    return reading.definition if reading.whole else None, problems


def read_programme(path: Path) -> tuple[Programme | None, tuple[Problem, ...]]:
    """Read and check a programme file; return it, or None when it could not be read, and all problems."""
    reading = read_definition(path, Programme, shown(path))
    problems = (*reading.problems, *check_programme(reading, path))
    return reading.definition if reading.whole else None, problems


def read_study(path: Path) -> StudyReading:
    """Read and check a study file and all it refers to; problems are returned, not raised.

    Raises:
        InputError: When the study file is not readable YAML at all.
    """
    reading = read_definition(path, Study, shown(path))
    shelf = _Shelf(path.parent)
    if reading.definition is not None:
        for form in reading.definition.forms.values():
            shelf.instrument(form.instrument)
        for arm in reading.definition.arms.values():
            if arm.programme is not None:
                shelf.programme(arm.programme)
    problems = [
        *reading.problems,
        *check_study(
            reading,
            path,
            References(shelf.instruments, shelf.programmes, shelf.names("instrument"), shelf.names("programme")),
        ),
    ]
    return StudyReading(
        path,
        reading.definition if reading.whole else None,
        {name: found for name, found in shelf.instruments.items() if found is not None},
        {name: found for name, found in shelf.programmes.items() if found is not None},
        (*sorted(problems, key=lambda problem: problem.line or 0), *shelf.problems),
    )


def shown(path: Path) -> str:
    """Return a path as people would write it from where they are."""
    try:
        return str(path.resolve().relative_to(Path.cwd().resolve())) if path.is_absolute() else str(path)
    except ValueError:
        return str(path)


@dataclass
class _Shelf:
    """The instruments and programmes a study uses, read once each."""

    folder: Path
    instruments: dict[str, Instrument | None] = field(default_factory=dict)
    """None for one that exists but is faulty; its own problems say why."""
    programmes: dict[str, Programme | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def instrument(self, name: str) -> None:
        path = self._path(name, "instrument")
        if path is None or name in self.instruments:
            return
        try:
            instrument, problems = read_instrument(path)
        except InputError as error:
            instrument, problems = None, error.problems
        self.instruments[name] = None if _errors(problems) else instrument
        self.problems += problems

    def programme(self, name: str) -> None:
        path = self._path(name, "programme")
        if path is None or name in self.programmes:
            return
        try:
            programme, problems = read_programme(path)
        except InputError as error:
            programme, problems = None, error.problems
        self.programmes[name] = None if _errors(problems) else programme
        self.problems += problems

    def names(self, kind: Kind) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*names_in(self.folder / FOLDERS[kind], kind), *packaged(kind))))

    def _path(self, name: str, kind: Kind) -> Path | None:
        for shelf in (self.folder, CONTENT):
            path = shelf / FOLDERS[kind] / name / f"{kind}.yaml"
            if path.is_file():
                return path
        return None


def _own(name: str | Path, kind: Kind, study_folder: Path | None) -> Path | None:
    if study_folder is None:
        return None
    path = study_folder / FOLDERS[kind] / str(name) / f"{kind}.yaml"
    return path if path.is_file() else None


def _sound(definition: D | None, problems: tuple[Problem, ...]) -> D:
    errors = _errors(problems)
    if definition is None or errors:
        raise InputError(errors)
    return definition


def _errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.severity == "error")
