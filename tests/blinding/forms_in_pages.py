"""What a visitor can do on a page: its links, and its forms filled in as somebody might."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass
class Form:
    """A form as it stands on the page."""

    action: str
    method: str
    fields: list[tuple[str, str, list[str]]] = field(default_factory=list)
    """Name, kind and values that can be chosen (or the one that stands there)."""
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def answers(self) -> list[dict[str, str | list[str]]]:
        """Return it filled in: with the first answers, with the last, and with each button."""
        filled = [self._filled(first=True), self._filled(first=False)]
        named = [{**filled[0], name: value} for name, value in self.buttons if name]
        return [answer for place, answer in enumerate([*filled, *named]) if answer not in [*filled, *named][:place]]

    def queries(self) -> list[str]:
        """Return the addresses that a form for filtering leads to: each answer of each field alone."""
        found = [urlencode(self._filled(first=True), doseq=True)]
        for name, _, values in self.fields:
            found += [urlencode({name: value}) for value in values[:8]]
        return list(dict.fromkeys(f"{self.action}?{query}" for query in found))

    def _filled(self, *, first: bool) -> dict[str, str | list[str]]:
        given: dict[str, str | list[str]] = {}
        for name, kind, values in self.fields:
            chosen = [value for value in values if value]
            if kind == "choice":
                given[name] = (chosen[0] if first else chosen[-1]) if chosen else ""
            elif kind == "many":
                given[name] = chosen if first else chosen[-1:]
            elif kind == "hidden":
                given[name] = values[0] if values else ""
            else:
                given[name] = (values[0] if values and values[0] else "") or _PLAUSIBLE.get(kind, _text(name, first))
        return given


_PLAUSIBLE = {"number": "3", "email": "somebody@example.org", "date": "2026-03-01", "checkbox": "on", "tel": "12345678"}


def _text(name: str, first: bool) -> str:
    parts = {"day": "1", "month": "3", "year": "2026", "_0": "1", "_1": "3", "_2": "2026"}
    for end, value in parts.items():
        if name.endswith(end):
            return value
    return "Something that was said." if first else "1"


class PageReader(HTMLParser):
    """Reads links and forms out of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select: tuple[str, str, list[str]] | None = None

    @classmethod
    def read(cls, address: str, body: bytes) -> PageReader:
        """Read a page."""
        reader = cls(address)
        reader.feed(body.decode("utf-8", "replace"))
        reader.close()
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters of an element."""
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            # Whatever attribute holds an address: href, hx-get, data-next, one not thought of yet.
            if name == "href" or (name != "action" and value.startswith("/") and not value.startswith("//")):
                self._link(value)
        if tag == "form":
            self._open = Form(
                urljoin(self.address, given.get("action") or self.address), given.get("method", "get").lower()
            )
            self.forms.append(self._open)
        elif self._open is not None:
            self._field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Note where a form or a list of answers ends."""
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None

    def _link(self, value: str) -> None:
        parts = urlsplit(urljoin(self.address, value))
        if parts.scheme in {"", "http", "https"} and parts.netloc in {"", "testserver"}:
            self.links.append(parts.path + (f"?{parts.query}" if parts.query else ""))

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._open is not None
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "option" and self._select is not None:
            self._select[2].append(given.get("value", ""))
        elif tag == "button" or (tag == "input" and kind == "submit"):
            self._open.buttons.append((name, given.get("value", "")))
        elif not name or name == "csrfmiddlewaretoken":
            return
        elif tag == "select":
            self._select = (name, "many" if "multiple" in given else "choice", [])
            self._open.fields.append(self._select)
        elif tag == "textarea":
            self._open.fields.append((name, "text", []))
        elif tag == "input" and kind in {"radio", "checkbox"}:
            known = next((one for one in self._open.fields if one[0] == name), None)
            if known is None:
                known = (name, "choice" if kind == "radio" else "many", [])
                self._open.fields.append(known)
            known[2].append(given.get("value", "on"))
        elif tag == "input":
            self._open.fields.append((name, kind, [given["value"]] if "value" in given else []))
