"""After the lock the seed is revealed, and anyone can draw everything again, with the file alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests import island

from imara.cli.main import main
from imara.rules.allocation.disclosure import read_disclosure, write_disclosure
from imara.service.allocation import actions, queries
from imara.service.allocation.models import Draw, Scheme
from imara.service.allocation.verification import replay_all
from imara.service.ledger import queries as ledger
from imara.service.ledger.models import Event
from imara.service.ledger.recording import recorded
from imara.service.studies.refusal import RefusedError
from imara.study.problems import InputError

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["imara", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture
def locked(opened: str) -> str:
    """A study with nine draws, two of them in strata of their own and three in one act, and then locked."""
    keys = [*island.ready(4), *island.ready(1, site="south"), *island.ready(1, level="high")]
    for key in keys:
        actions.allocate(participant=key, by=island.COORDINATOR)
    actions.allocate_together(participants=island.ready(3, site="west"), by=island.COORDINATOR)
    island.lock()
    return opened


@pytest.fixture
def file(locked: str, tmp_path: Path) -> Path:
    actions.reveal(study=locked, by=island.STATISTICIAN)
    path = tmp_path / "allocation.json"
    path.write_text(json.dumps(write_disclosure(queries.disclosure(locked))), encoding="utf-8")
    return path


def test_nothing_is_revealed_before_the_lock(opened: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        actions.reveal(study=opened, by=island.STATISTICIAN)
    assert refusal.value.codes == ("not-locked",)
    with pytest.raises(PermissionDenied):
        queries.disclosure(opened)


def test_revealing_is_done_once_and_recorded(locked: str) -> None:
    actions.reveal(study=locked, by=island.STATISTICIAN)

    assert Event.objects.last().kind == "allocation.revealed"  # type: ignore[union-attr]  # there is one
    with pytest.raises(RefusedError) as refusal:
        actions.reveal(study=locked, by=island.STATISTICIAN)
    assert refusal.value.codes == ("revealed",)
    assert [(replayed.draws, replayed.findings) for replayed in replay_all()] == [(9, ())]


def test_the_file_reads_back_as_it_was(file: Path, locked: str) -> None:
    values = json.loads(file.read_text(encoding="utf-8"))

    assert write_disclosure(read_disclosure(values)) == values
    assert values["commitment"] == Scheme.objects.get().commitment
    assert [draw["unit"] for draw in values["draws"]] == list(Draw.objects.values_list("participant", flat=True))


def test_the_file_alone_is_verified(file: Path, run: Run) -> None:
    code, out, err = run("verify", str(file))

    assert (code, err) == (0, "")
    assert "9 of 9 draws" in out


def other_arm(values: dict[str, Any]) -> None:
    arm = values["draws"][3]["arm"]
    values["draws"][3]["arm"] = next(one for one in island.ARMS if one != arm)


def swapped(values: dict[str, Any]) -> None:
    draws = values["draws"]
    draws[3]["unit"], draws[2]["unit"] = draws[2]["unit"], draws[3]["unit"]


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "an arm": (other_arm, "draw 4"),
    "two people exchanged": (swapped, "draw 3"),
    "a draw left out": (lambda values: values["draws"].pop(4), "draw 5"),
    "the last draw left out": (lambda values: values["draws"].pop(), "draw 9"),
    "a level": (lambda values: values["draws"][5]["factors"][1].__setitem__(1, "low"), "draw 6"),
    "the seed": (lambda values: values.update(seed="0" * 64), "draw 0"),
    "block sizes": (lambda values: values["scheme"].update(block_sizes=[4]), "draw 0"),
    "the commitment": (lambda values: values.update(commitment="0" * 64), "draw 0"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_in_the_file_is_located(change: str, file: Path, run: Run) -> None:
    values = json.loads(file.read_text(encoding="utf-8"))
    alter, place = CHANGES[change]
    alter(values)
    file.write_text(json.dumps(values), encoding="utf-8")

    code, out, _ = run("verify", str(file), "--json")

    told = json.loads(out)
    assert (code, told["sound"]) == (1, False)
    assert [finding["place"] for finding in told["findings"]] == [place]


def test_a_file_drawn_anew_does_not_have_the_commitment_that_was_kept(file: Path, run: Run) -> None:
    kept = json.loads(file.read_text(encoding="utf-8"))["commitment"]
    assert run("verify", str(file), "--expect", kept)[0] == 0

    code, _, err = run("verify", str(file), "--expect", "a" * 64)

    assert code == 1
    assert "published before the first draw" in err


@pytest.mark.parametrize("text", ["{", "[]", '{"format": "other"}', "no json at all"])
def test_what_is_no_such_file_is_refused(text: str, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")

    code, _, err = run("verify", str(path))

    assert code == 2
    assert str(path.name) in err


@pytest.mark.parametrize("part", ["scheme", "levels", "seed", "commitment", "opened", "draws", "head"])
def test_a_part_that_is_missing_is_named(part: str, file: Path) -> None:
    values = json.loads(file.read_text(encoding="utf-8"))
    del values[part]
    with pytest.raises(InputError, match=f"{part}: a part is missing"):
        read_disclosure(values)


@pytest.mark.parametrize("part", ["scheme", "levels", "seed", "draws"])
def test_a_part_of_another_shape_is_refused(part: str, file: Path) -> None:
    values = json.loads(file.read_text(encoding="utf-8"))
    with pytest.raises(InputError, match="not of the shape"):
        read_disclosure({**values, part: 7})


def test_the_site_is_verified_and_its_last_hash_told(locked: str, run: Run) -> None:
    code, out, err = run("verify", "--json")

    told = json.loads(out)
    assert (code, err, told["sound"], told["findings"]) == (0, "", True, [])
    assert told["head"] == ledger.head().hash
    assert any("9 draws" in words for words in told["checked"])


def test_a_hash_that_was_kept_elsewhere_is_looked_for_in_the_chain(locked: str, run: Run) -> None:
    noted = ledger.head().hash
    with recorded("test.done", by=island.ADMINISTRATOR):
        pass

    assert run("verify", "--expect", noted)[0] == 0
    code, _, err = run("verify", "--expect", "b" * 64)
    assert code == 1
    assert "the chain was replaced" in err


@pytest.mark.parametrize(
    "allocation",
    [
        "{method: minimisation, ratio: {quokka: 2, narwhal: 1}, strata: [site, severity], random_element: 0.8}",
        "{method: simple}",
        "{method: permuted-blocks, ratio: {quokka: 2, narwhal: 1}, strata: [severity], block_sizes: [3, 6]}",
    ],
    ids=["minimisation", "simple", "unequal blocks"],
)
def test_every_method_is_drawn_from_the_tables_as_from_all_records(
    allocation: str, db: None, tmp_path: Path, run: Run
) -> None:
    island.load(allocation, tmp_path)
    actions.open_allocation(study=island.NAME, by=island.STATISTICIAN)
    keys = [key for site in island.SITES for level in island.LEVELS for key in island.ready(2, site=site, level=level)]
    for key in keys[:9]:
        actions.allocate(participant=key, by=island.COORDINATOR)
    actions.allocate_together(participants=keys[9:], by=island.COORDINATOR)

    assert [(replayed.draws, replayed.findings) for replayed in replay_all()] == [(12, ())]
    island.lock()
    actions.reveal(study=island.NAME, by=island.STATISTICIAN)
    path = tmp_path / "allocation.json"
    path.write_text(json.dumps(write_disclosure(queries.disclosure(island.NAME))), encoding="utf-8")
    assert run("verify", str(path))[0] == 0
