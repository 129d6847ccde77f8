"""One text that holds a study with all it refers to, and reads back as the same study: what a database keeps of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML

from imara.study.fingerprint import fingerprint
from imara.study.folder import StudyFolder
from imara.study.instrument import Instrument
from imara.study.intervention import Programme
from imara.study.study import Study
from imara.study.vocabulary import Definition
from imara.study.write import dump

D = TypeVar("D", bound=Definition)


def text_of(folder: StudyFolder) -> str:
    """Return a study, its instruments and its programmes as one text: JSON of YAML files."""
    whole = {
        "study": dump(folder.study),
        "instruments": {name: dump(instrument) for name, instrument in folder.instruments.items()},
        "programmes": {name: dump(programme) for name, programme in folder.programmes.items()},
    }
    return json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def folder_of(text: str) -> StudyFolder:
    """Return the study that `text_of` wrote. Its path leads nowhere: what it says is all there is."""
    whole: dict[str, Any] = json.loads(text)
    study = _read(whole["study"], Study)
    instruments = {name: _read(words, Instrument) for name, words in whole["instruments"].items()}
    programmes = {name: _read(words, Programme) for name, words in whole["programmes"].items()}
    return StudyFolder(
        study=study,
        instruments=instruments,
        programmes=programmes,
        path=Path(study.study),
        fingerprint=fingerprint(study, instruments, programmes),
    )


def _read(words: str, model: type[D]) -> D:
    return model.model_validate(YAML(typ="safe", pure=True).load(words))
