"""However a file is damaged, the answer is a list of problems or sound data, never anything else."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from imara.dataset import Dataset, read_dataset
from imara.study.folder import StudyFolder
from imara.study.problems import InputError

_PIECES = [
    b'"',
    b",",
    b"\n",
    b"\r",
    b";",
    b"\t",
    b" ",
    b"0",
    b"-",
    b".",
    b"\xff",
    b"\xc3\xa5",
    b"\0",
    b"@",
    b"NA",
    b'""',
]


@st.composite
def _damages(draw: st.DrawFn) -> list[tuple[float, int, bytes]]:
    """Places (as shares of the file), bytes cut there and bytes put there."""
    one = st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 1, 2, 20, 200]), st.sampled_from([b"", *_PIECES]))
    return draw(st.lists(one, min_size=1, max_size=4))


@settings(deadline=None, max_examples=100)
@given(_damages(), st.booleans())
def test_a_damaged_file_is_read_or_refused(small, sound, damages, quoted):
    content = bytearray(
        ('"' + sound.strip().replace(",", '","').replace("\n", '"\n"') + '"' if quoted else sound).encode()
    )
    for share, cut, put in damages:
        place = int(share * len(content))
        content[place : place + cut] = put
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_bytes(bytes(content))
        answer = _answer(small, path)
    if isinstance(answer, InputError):
        assert answer.problems
        assert all(problem.file == str(path) and problem.message for problem in answer.problems)
    else:
        assert answer.participants.height >= 2
        assert answer.scores["participant"].is_in(answer.participants["participant"].to_list()).all()


def _answer(study: StudyFolder, path: Path) -> Dataset | InputError:
    try:
        return read_dataset(study, path)
    except InputError as error:
        return error
