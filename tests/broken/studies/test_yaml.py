"""Files that are hardly files: not YAML, not text, not there. Each says what it is and where."""

from __future__ import annotations

import pytest

GOOD = "study: calm-days\ntitle: Calm days\n"

# id: the file's bytes, line, field, part of what was found, part of the message, part of what is allowed
# A table, to be read row by row.
# fmt: off
CASES = {
    "empty": (b"", 1, None, "nothing", "the file is empty", "name: value"),
    "only comments": (b"# nothing yet\n", 1, None, "nothing", "the file is empty", "name: value"),
    "a list": (b"- study\n- title\n", 1, None, "a list", "does not hold named fields", "name: value"),
    "a word": (b"study\n", 1, None, "a single value", "does not hold named fields", "name: value"),
    "a tab": (b"study: calm-days\ntitle:\n\ten: Calm\n", 3, None, "en: Calm", "a tab stands here", "spaces"),
    "two colons": (b"study: calm-days\ntitle: Calm: days\n", 2, None, "title: Calm: days", "a colon stands", "quotes"),
    "indented too far": (b"study: calm-days\n  title: Calm\n", 2, None, "title: Calm", "a colon stands", "alike"),
    "open list": (b"study: calm-days\nassumed: [one\ntitle: Calm\n", 2, None, "assumed: [one", "not closed", "]"),
    "open fields": (b"study: calm-days\ntitle: {en: Calm\n", 2, None, "title: {en", "not closed", "}"),
    "words with a colon between brackets": (
        b"study: calm-days\ntitle: {en: Calm: days}\n", 2, None, "title: {en", "need quotes", "words that hold :"),
    "words with a hash between brackets": (
        b"study: calm-days\ntitle: {en: Calm # days}\ntarget: 2\n", 2, None, "title: {en", "need quotes", "# or"),
    "words after quotes between brackets": (
        b'study: calm-days\ntitle: {en: "Calm" days}\n', 2, None, "title: {en", "need quotes", "or quotes"),
    "a field without its colon": (
        b"study: calm-days\nphase completed\ntarget: 40\n", 2, None, "phase completed", "has no colon", "name: value"),
    "a field without its colon at the top of an entry": (
        b"study: calm-days\nblinding:\n  assessors true\n  participants: true\n", 4, None, "participants",
        "or the line above lacks its colon", "quotes"),
    "a tab after a colon": (
        b"study: calm-days\nphase:\tcompleted\n", 2, None, "phase:", "a tab", "a space after the colon, not a tab"),
    "open quotes": (b'study: calm-days\ntitle: "Calm\n', 2, None, "title:", "never closed", "quotation mark"),
    "no space after the colon": (b"study: calm-days\ntitle:Calm\nphase: x\n", None, None, "", "colon", "colon"),
    "an at sign": (b"study: calm-days\ntitle: @calm\n", 2, None, "@calm", "needs quotes", "quotes"),
    "a level with a sign": (b"study: calm-days\ntitle: >6m\n", 2, None, ">6m", "needs quotes", "quotes"),
    "an alias of nothing": (b"study: calm-days\ntitle: *calm\n", 2, None, "*calm", "not anchored", "&name"),
    "an alias of itself": (b"study: calm-days\ntitle: &t {en: *t}\n", 2, "title.en", "", "contains itself", ""),
    "a tag": (b"study: calm-days\ntitle: !!python/name:os.system x\n", 2, "title", "python",
        "tags are not used", "plain"),
    "two documents": (b"study: calm-days\n---\nstudy: other\n", 2, None, "---", "second document", "one document"),
    "a strange escape": (b'study: calm-days\ntitle: "C:\\dat"\n', 2, None, "dat", "backslash", "single quotes"),
    "latin letters": ("study: calm-days\ntitle: Håb\n".encode("latin-1"), 2, None, "0xe5", "not UTF-8", "UTF-8"),
    "two bytes a letter": (GOOD.encode("utf-16"), 1, None, "UTF-16", "UTF-16", "UTF-8"),
    "a control character": (b"study: calm-days\ntitle: Calm\x07\n", 2, None, "0x0007", "control character", "plain"),
    "brackets without end": (b"study: " + b"[" * 2000, 1, None, "", "nested too deeply", "a few"),
    "a name that is a list": (b"study: calm-days\n? [a, b]\n: C\n", 2, None, "", "must be plain text", "name: value"),
}
# fmt: on


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_file_that_cannot_be_read_says_where_and_why(folder, case):
    content, line, field, found, message, allowed = case
    folder.file("study.yaml").write_bytes(content)

    answer = folder.check(str(folder.file("study.yaml")), "--json")

    assert answer.code == 2
    [problem] = [problem for problem in answer.errors if message in problem["message"]]
    assert problem["file"] == str(folder.file("study.yaml"))
    assert line is None or problem["line"] == line
    assert problem["line"] is not None
    assert field is None or problem["field"] == field
    assert found in (problem["found"] or "")
    assert allowed in (problem["allowed"] or "")


def test_every_name_that_stands_twice_is_reported_with_its_first_line(folder):
    folder.change("study.yaml", "target: 40", "target: 40\nphase: planned\ntarget: 50")
    folder.change("study.yaml", "{label: Calls, source: staff}", "{label: A, source: staff, label: B}")

    answer = folder.check(str(folder.path), "--json")

    assert answer.code == 2
    assert [(problem["line"], problem["field"], problem["found"]) for problem in answer.errors] == [
        (7, "phase", "phase"),
        (8, "target", "target"),
        (folder.line("study.yaml", "label: B"), "events.calls.label", "label"),
    ]
    assert "already on line 4" in answer.errors[0]["message"]


def test_aliases_that_unfold_without_end_are_stopped(folder):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    folder.file("study.yaml").write_text("study: calm-days\n" + "\n".join(lines), encoding="utf-8")

    answer = folder.check(str(folder.file("study.yaml")), "--json")

    assert answer.code == 2
    assert "unfolds" in answer.errors[-1]["message"]


def test_a_mark_of_byte_order_is_no_mistake(folder):
    words = folder.file("study.yaml").read_bytes()
    folder.file("study.yaml").write_bytes(b"\xef\xbb\xbf" + words)

    assert folder.check().code == 0


def test_lines_that_end_as_on_windows_are_no_mistake(folder):
    words = folder.file("study.yaml").read_bytes()
    folder.file("study.yaml").write_bytes(words.replace(b"\n", b"\r\n"))

    assert folder.check().code == 0


@pytest.mark.parametrize(
    ("target", "found", "nearest"),
    [("beat-the-blue", "beat-the-blue", "beat-the-blues"), ("phq9", "phq9", "phq-9"), ("no/where", "no/where", None)],
)
def test_what_is_not_there_is_answered_with_the_nearest_name(folder, target, found, nearest):
    answer = folder.check(target, "--json")

    assert answer.code == 2
    [problem] = answer.errors
    assert (problem["file"], problem["found"], problem["nearest"]) == (target, found, nearest)
    assert "beat-the-blues" in problem["allowed"]


def test_a_folder_without_definitions_says_what_it_lacks(folder, tmp_path):
    (tmp_path / "empty").mkdir()

    answer = folder.check(str(tmp_path / "empty"))

    assert answer.code == 2
    assert "study.yaml, instrument.yaml or programme.yaml" in answer.err


def test_a_file_that_defines_nothing_known_is_told_so(folder, tmp_path):
    (tmp_path / "thing.yaml").write_text("studdy: calm-days\n", encoding="utf-8")

    answer = folder.check(str(tmp_path / "thing.yaml"), "--json")

    assert answer.code == 2
    assert (answer.errors[0]["found"], answer.errors[0]["nearest"]) == ("studdy", "study")
