"""A browser driven through a pipe, by the DevTools protocol and the standard library alone."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

AXE = Path(__file__).parent / "axe" / "axe.min.js"
PATIENCE = 20.0
"""Seconds to wait for something to appear."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class BrowserError(AssertionError):
    """The browser refused, a script in the page failed, or what was waited for did not come."""


class Chromium:
    """A running browser."""

    def __init__(self, path: str, profile: Path) -> None:
        to_browser, self._to = os.pipe()
        self._from, from_browser = os.pipe()
        command = [
            path, "--headless", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run", "--disable-extensions",
            "--hide-scrollbars", "--disable-background-networking", f"--user-data-dir={profile}", "about:blank",
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")

        def take_pipes() -> None:
            # The browser reads from 3 and writes to 4, whatever numbers these have here.
            reading, writing = os.dup(to_browser), os.dup(from_browser)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        self._process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=False,
            preexec_fn=take_pipes,  # noqa: PLW1509  # it only moves two numbers, and takes no lock
        )
        os.close(to_browser)
        os.close(from_browser)
        self._number = 0
        self._rest = b""
        self.events: list[dict[str, Any]] = []

    def ask(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """Ask the browser for something and return its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 60
        while True:
            answer = self._read(deadline)
            if answer.get("id") != self._number:
                self.events.append(answer)
                continue
            if "error" in answer:
                raise BrowserError(f"{method}: {answer['error']['message']}")
            return dict(answer["result"])

    def _read(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            if not select.select([self._from], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise BrowserError("the browser does not answer")
            part = os.read(self._from, 1 << 16)
            if not part:
                raise BrowserError("the browser has ended")
            self._rest += part
        text, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(text))

    @contextmanager
    def page(self, width: int = 1280, height: int = 900) -> Iterator[Page]:
        """Open a page with cookies of its own, and close it afterwards."""
        context = self.ask("Target.createBrowserContext")["browserContextId"]
        target = self.ask("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask(
            "Emulation.setDeviceMetricsOverride", session, width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        try:
            yield Page(self, session)
        finally:
            self.ask("Target.disposeBrowserContext", browserContextId=context)

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait(timeout=20)
        os.close(self._to)
        os.close(self._from)


class Page:
    """What a person sees and does."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser, self._session = browser, session
        self.ask("Page.enable")
        self.ask("Runtime.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask the browser for something about this page."""
        return self._browser.ask(method, self._session, **params)

    def run(self, script: str) -> Any:
        """Run an expression, or a promise of one, and return its value."""
        found = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in found:
            raise BrowserError(str(found["exceptionDetails"].get("exception", {}).get("description", found)))
        return found["result"].get("value")

    def go(self, address: str) -> None:
        """Open an address and wait until it stands."""
        self.ask("Page.navigate", url=address)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def until(self, condition: str, patience: float = PATIENCE) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                if self.run(f"Boolean({condition})"):
                    return
            except BrowserError as error:
                # Between two pages there is nothing to run a script in.
                if "context" not in str(error) and "navigated" not in str(error):
                    raise
            time.sleep(0.05)
        raise BrowserError(f"{condition} did not come true at {self.address}: {self.text[:500]}")

    def press(self, words: str) -> None:
        """Press the link or button with these words, and wait for the page that follows when there is one."""
        before = self.run("performance.timeOrigin")
        found = self.run(
            "(() => { const all = [...document.querySelectorAll('main a, main button, main summary, header button')];"
            f"const one = all.find((it) => it.innerText.trim() === {json.dumps(words)});"
            "if (!one) return all.map((it) => it.innerText.trim()); one.focus(); one.click(); return true; })()"
        )
        if found is not True:
            raise BrowserError(f"'{words}' is not there; there are {found}")
        self._left(before)

    def _left(self, before: float) -> None:
        """Wait for the next page to stand; where the press leads nowhere, go on after a moment."""
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            try:
                if self.run(f"performance.timeOrigin !== {before} && document.readyState === 'complete'"):
                    return
            except BrowserError:
                pass
            time.sleep(0.05)

    def fill(self, label: str, value: str) -> None:
        """Type into the field with this label."""
        found = self.run(
            f"(() => {{ const label = [...document.querySelectorAll('label')].find((it) => "
            f"it.innerText.trim().startsWith({json.dumps(label)})); if (!label) return false;"
            "const field = label.control; field.focus(); if (field.type === 'checkbox' || field.type === 'radio') "
            "{ if (!field.checked) label.click(); } else "
            f"{{ field.value = {json.dumps(value)}; field.dispatchEvent(new Event('input', {{bubbles: true}})); }}"
            "return true; })()"
        )
        if not found:
            raise BrowserError(f"there is no field '{label}' at {self.address}: {self.text[:500]}")

    def key(self, name: str, code: int) -> None:
        """Press a key of the keyboard."""
        text = {"text": "\r"} if name == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.ask(
                "Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code,
                **(text if kind == "keyDown" else {}),
            )  # fmt: skip

    @property
    def address(self) -> str:
        """Where the page is, without the site's own address."""
        return str(self.run("location.pathname + location.search"))

    @property
    def heading(self) -> str:
        """The page's first heading."""
        return str(self.run("document.querySelector('h1')?.innerText ?? ''"))

    @property
    def text(self) -> str:
        """All that can be read."""
        return str(self.run("document.body.innerText"))

    def barriers(self) -> list[Any]:
        """Return what axe finds that keeps somebody out."""
        # Given by the browser itself, so the page's own policy need not allow it.
        self.ask("Runtime.evaluate", expression=AXE.read_text(encoding="utf-8"))
        found = self.run(
            f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(RULES)}}}}}).then((outcome) => "
            "outcome.violations.map((one) => [one.id, one.help, one.nodes.map((node) => node.html)]))"
        )
        return list(found)

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return int(self.run("Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"))

    def add_device(self) -> str:
        """Give the page a made-up device that unlocks itself: for passkeys."""
        self.ask("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        return str(self.ask("WebAuthn.addVirtualAuthenticator", options=options)["authenticatorId"])
