"""A long answer whose letters are counted the same way on the page and on the server."""

from __future__ import annotations

from typing import Any

from django import forms


class LongText(forms.CharField):
    """Several lines of text.

    Browsers send a line's end as two letters and count it as one; people are never told that they wrote too much when
    the page said that they had not.
    """

    widget = forms.Textarea

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        """Make the field; `rows` is the height, `max_length` how many letters are allowed, both counted by the page."""
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave the counting to the page: a field that stops taking letters without a word frightens people."""
        return {}

    def to_python(self, value: Any) -> Any:
        """Return the text with plain ends of lines."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text
