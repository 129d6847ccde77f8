"""A site in a folder: its secrets are made once, kept from others, and never made up for a site that had some."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from imara.service import site
from imara.service.site import FILE, SECRETS, SiteError


def imara(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody would who has set nothing."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("IMARA_", "DJANGO_", "DATABASE_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "imara", *words],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder of a new site and what was said when it was built."""
    folder = tmp_path_factory.mktemp("served") / "site"
    done = imara("serve", "--no-serve", "--dir", str(folder))
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture
def no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)


def test_a_new_site_gets_random_secrets_and_says_so(built: tuple[Path, str]) -> None:
    folder, said = built
    file = folder / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    values = [line.partition("=")[2] for line in file.read_text().splitlines() if not line.startswith("#")]
    assert len(set(values)) == len(SECRETS)
    assert min(len(value) for value in values) >= 64
    assert str(file) in said
    assert not any(value in said for value in values)


def test_static_files_are_collected_under_names_with_their_hash(built: tuple[Path, str]) -> None:
    static = built[0] / "static"
    paths = json.loads((static / "staticfiles.json").read_text())["paths"]
    assert (static / paths["imara/imara.css"]).is_file()
    assert (static / (paths["imara/imara.css"] + ".gz")).is_file()


def test_the_same_secrets_open_it_again(built: tuple[Path, str]) -> None:
    folder, _ = built
    before = (folder / FILE).read_bytes()
    done = imara("serve", "--no-serve", "--dir", str(folder))
    assert done.returncode == 0, done.stderr
    assert "made up" not in done.stdout
    assert (folder / FILE).read_bytes() == before


def test_a_site_in_use_is_not_given_other_secrets(built: tuple[Path, str]) -> None:
    folder, _ = built
    script = (
        "from pathlib import Path; from imara.service.site import open_site\n"
        f"open_site(Path({str(folder)!r}))\n"
        "from imara.service.ledger.recording import Actor; from imara.service.people import actions\n"
        "actions.invite(name='Ann', by=Actor('system:test', 'administrator'))\n"
    )
    subprocess.run([sys.executable, "-c", script], env={"PATH": os.environ["PATH"]}, check=True)
    lost = folder / FILE
    text = lost.read_bytes()
    lost.unlink()
    done = imara("serve", "--no-serve", "--dir", str(folder))
    assert done.returncode == 2
    assert "has been used before" in done.stderr
    assert not lost.exists()
    lost.write_bytes(text)
    lost.chmod(0o600)


@pytest.mark.usefixtures("no_secrets")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_secrets_that_others_can_read_are_refused(mode: int, tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("".join(f"{name}=x\n" for name in SECRETS))
    file.chmod(mode)
    with pytest.raises(SiteError, match="chmod 600"):
        site._take_secrets(tmp_path, make=True)


@pytest.mark.usefixtures("no_secrets")
def test_some_secrets_without_the_others_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMARA_SECRET_KEY", "x")
    with pytest.raises(SiteError, match="IMARA_LEDGER_KEY, IMARA_IDENTITY_KEY, IMARA_ALLOCATION_KEY are set neither"):
        site._take_secrets(tmp_path, make=True)


@pytest.mark.usefixtures("no_secrets")
def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / FILE
    file.write_text("# ours\n\n" + "".join(f"{name}=from the file\n" for name in SECRETS))
    file.chmod(0o600)
    monkeypatch.setenv("IMARA_SECRET_KEY", "from outside")
    assert site._take_secrets(tmp_path, make=True) is None
    assert os.environ["IMARA_SECRET_KEY"] == "from outside"
    assert os.environ["IMARA_LEDGER_KEY"] == "from the file"


@pytest.mark.usefixtures("no_secrets")
@pytest.mark.parametrize("line", ["IMARA_SECRET_KEY", "PATH=/bin", "IMARA_SECRET=x"])
def test_a_line_that_is_no_secret_is_named(line: str, tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text(f"# ours\n{line}\n")
    file.chmod(0o600)
    with pytest.raises(SiteError, match="line 2"):
        site._take_secrets(tmp_path, make=True)


def test_without_https_only_this_computer_is_served(tmp_path: Path) -> None:
    done = imara("serve", "--plain-http", "--host", "0.0.0.0", "--dir", str(tmp_path / "site"))
    assert done.returncode == 2
    assert "this computer only" in done.stderr
    assert not (tmp_path / "site").exists()
