"""Taking a study in from a browser: a YAML file, or a zip with a study.yaml in it, and nothing that escapes."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from django.core.files.base import File

from imara.study.folder import StudyFolder
from imara.study.library import load_study
from imara.study.problems import InputError, Problem

MOST_BYTES = 20_000_000
"""Of all files together, unpacked."""
MOST_FILES = 2_000


def read(upload: File[bytes]) -> StudyFolder:
    """Read and check what was uploaded.

    Raises:
        InputError: With everything that is wrong, by the names of the files in the upload.
    """
    name = PurePosixPath((upload.name or "study.yaml").replace("\\", "/")).name
    content = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _wrong(name, "this file is too large for a study", f"at most {MOST_BYTES // 1_000_000} MB")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        if zipfile.is_zipfile(io.BytesIO(content)):
            place = _unpacked(content, root, name)
        else:
            place = root / "study.yaml"
            place.write_bytes(content)
        try:
            return load_study(place)
        except InputError as error:
            raise InputError(replace(one, file=_inside(one.file, root, name)) for one in error.problems) from None


def _unpacked(content: bytes, root: Path, name: str) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise _wrong(name, "this zip holds too much for a study", f"at most {MOST_BYTES // 1_000_000} MB")
        for entry in entries:
            path = PurePosixPath(entry.filename.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
                raise _wrong(name, "this zip has a file that would lie outside its folder", "names inside the folder")
            target = root.joinpath(*path.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.write_bytes(archive.read(entry))
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
                raise _wrong(name, "this zip cannot be read", "a zip without a password") from None
    found = sorted(root.glob("study.yaml")) or sorted(root.glob("*/study.yaml"))
    if len(found) != 1:
        raise _wrong(name, "this zip does not hold one study", "one folder with a study.yaml in it")
    return found[0]


def _inside(file: str, root: Path, name: str) -> str:
    """Return how the person knows a file: by its name in what they uploaded."""
    path = Path(file)
    try:
        inside = path.resolve().relative_to(root)
    except ValueError:
        return path.name
    return name if str(inside) == "study.yaml" and not name.endswith(".zip") else str(inside)


def _wrong(name: str, message: str, allowed: str) -> InputError:
    return InputError([Problem(name, message, allowed=allowed)])
