"""`imara demo`: the report of a real trial and a site of made-up people, built, kept, and served to this computer."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from imara.cli import demo as command


def command_line(*words: str) -> list[str]:
    return [sys.executable, "-m", "imara", "demo", "--no-pdf", *words]


def environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("IMARA_", "DJANGO_", "DATABASE_"))
    }


def imara_demo(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command_line(*words), env=environment(), capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder of a demonstration, and what was said."""
    folder = tmp_path_factory.mktemp("demo") / "here"
    done = imara_demo("--no-serve", "--dir", str(folder))
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_it_builds_report_and_site_and_says_where(built: tuple[Path, str]) -> None:
    folder, said = built
    assert str(folder / "report.html") in said
    assert json.loads((folder / "results.json").read_text(encoding="utf-8"))["analyses"]
    with sqlite3.connect(folder / "site" / "imara.sqlite3") as database:
        (screened,) = database.execute("SELECT count(*) FROM participants_participant").fetchone()
        centres = database.execute("SELECT count(DISTINCT site) FROM participants_participant").fetchone()
    assert f"{screened} made-up people" in said
    assert screened > 60
    assert centres == (3,)


@pytest.fixture(scope="module")
def served(built: tuple[Path, str]) -> Iterator[tuple[int, str]]:
    """Serve the demonstration, which is there already; return its port and what was said first."""
    with socket.socket() as taken:
        # The port that is asked for is in use: the next free one is taken.
        taken.bind((command.HERE, 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ("--dir", str(built[0]), "--port", str(port), "--workers", "1")
        process = subprocess.Popen(
            command_line(*words), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert process.stdout is not None
        said = ""
        while "Stop it" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        found = int(said.partition("http://127.0.0.1:")[2].partition("/")[0])
        assert found != port
        _wait_for(found)
        yield found, said
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            assert ask(port, "GET", "/health/")[0] == 200
            return
        except OSError:
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.2)


def ask(
    port: int, method: str, address: str, cookies: dict[str, str] | None = None, **form: str
) -> tuple[int, dict[str, str], str]:
    """Ask for a page; return status, cookies and body."""
    connection = HTTPConnection(command.HERE, port, timeout=60)
    kept = dict(cookies or {})
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())} if kept else {}
    if form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, address, urlencode(form) if form else None, headers)
    response = connection.getresponse()
    for header, value in response.getheaders():
        if header.lower() == "set-cookie":
            name, _, content = value.split(";")[0].strip().partition("=")
            kept[name] = content
    body = response.read().decode("utf-8", errors="replace")
    connection.close()
    return response.status, kept, body


def test_a_second_time_it_is_as_it_was_left(served: tuple[int, str]) -> None:
    assert "as you left it" in served[1]


def test_its_first_page_leads_in_and_to_the_report(served: tuple[int, str]) -> None:
    port, _ = served
    status, cookies, page = ask(port, "GET", "/demonstration/")
    assert status == 200
    assert "made-up people" in page
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    status, cookies, _ = ask(port, "POST", "/demonstration/sign-in/coordinator/", cookies, csrfmiddlewaretoken=token)
    assert status == 302
    status, _, page = ask(port, "GET", "/studies/imr-denmark/sites/ballerup/allocation/", cookies)
    assert status == 200
    assert "BAL-" in page
    assert ask(port, "GET", "/studies/imr-denmark/sites/frederiksberg/allocation/", cookies)[0] in {403, 404}
    status, _, page = ask(port, "GET", "/demonstration/report/")
    assert (status, "Beat the Blues" in page) == (200, True)


def test_static_files_are_served_compressed_and_for_good(served: tuple[int, str]) -> None:
    port, _ = served
    page = ask(port, "GET", "/demonstration/")[2]
    address = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    connection = HTTPConnection(command.HERE, port, timeout=60)
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    assert response.status == 200
    assert response.getheader("Content-Encoding") == "gzip"
    assert "immutable" in (response.getheader("Cache-Control") or "")
    assert len(response.read()) < 100_000
    connection.close()


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "imara.sqlite3").write_text("somebody's")
    done = imara_demo("--no-serve", "--dir", str(tmp_path))
    assert done.returncode == 2
    assert "is not a demonstration" in done.stderr
    assert (tmp_path / "site" / "imara.sqlite3").read_text() == "somebody's"


@pytest.mark.parametrize(("screen", "times"), [(True, 1), (False, 0)])
def test_a_browser_is_opened_where_there_is_a_screen(
    screen: bool, times: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    started: list[str] = []
    monkeypatch.setattr(command, "run", lambda *_: (None, None))
    monkeypatch.setattr(command, "write", lambda *_, **__: None)
    monkeypatch.setattr(command, "build_demonstration", lambda _: None)
    monkeypatch.setattr(command, "run_server", lambda host, *_, **__: started.append(host))
    monkeypatch.setattr(command, "_has_screen", lambda: screen)
    monkeypatch.setattr(command, "_open_when_ready", opened.append)
    command.demo(folder=tmp_path, serve=True, port=18230, workers=1, language="en", pdf=False)
    assert len(opened) == times
    assert started == [command.HERE]
