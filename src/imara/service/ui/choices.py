"""Radios and checkboxes whose answers can explain themselves and ask on: the follow-up question appears below them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms


class _Explained:
    """What radios and checkboxes of ours have beside their choices."""

    hints: Mapping[str, Any]
    reveals: Mapping[str, str]
    inline: bool

    def explain(self, hints: Mapping[str, Any] | None, reveals: Mapping[str, str] | None, inline: bool) -> None:
        self.hints = dict(hints or {})
        self.reveals = dict(reveals or {})
        self.inline = inline


class Radios(_Explained, forms.RadioSelect):
    """One answer of several."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, Any] | None = None,
        reveals: Mapping[str, str] | None = None,
        inline: bool = False,
    ) -> None:
        """Make radios.

        Args:
            attrs: HTML attributes, as for any widget.
            choices: Value and label of each answer.
            hints: A sentence below an answer, by its value.
            reveals: The name of the form's field that an answer asks for, by its value. Without scripts the field is
                always shown, so the form must not need it when another answer was given.
            inline: Whether the answers stand beside each other; for two short ones only.
        """
        super().__init__(attrs, choices)
        self.explain(hints, reveals, inline)


class Checkboxes(_Explained, forms.CheckboxSelectMultiple):
    """Any number of answers."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, Any] | None = None,
        reveals: Mapping[str, str] | None = None,
    ) -> None:
        """Make checkboxes; the arguments are those of `Radios`."""
        super().__init__(attrs, choices)
        self.explain(hints, reveals, False)
