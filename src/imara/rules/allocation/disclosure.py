"""The file that lets anyone draw everything again: scheme, seed, commitment and draws, once the study is locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from imara.rules.allocation.record import Record, read_record, write_record
from imara.rules.allocation.replay import Replay, replay
from imara.rules.allocation.scheme import Factor, Scheme
from imara.rules.allocation.seed import ALGORITHM, Seed
from imara.study.problems import InputError, Problem

FORMAT: Final = "imara-allocation-disclosure-1"
"""Name and version of the file."""


@dataclass(frozen=True, repr=False)
class Disclosure:
    """All that decided and recorded a study's allocation."""

    study: str
    """The study's name."""
    scheme: Scheme
    seed: Seed
    commitment: str
    """As it was published before the first draw."""
    opened: str
    """When it was published: UTC, ISO 8601."""
    records: tuple[Record, ...]
    """Every draw, in order."""
    head: str
    """Hash of the last draw; the commitment when there is none."""

    def __repr__(self) -> str:
        return f"Disclosure({self.study}, {len(self.records)} draws)"

    def replay(self, published: str | None = None) -> Replay:
        """Draw everything again and compare.

        Args:
            published: The commitment as it is known from elsewhere (a registry, a letter); without it the one in the
                file is taken.
        """
        kept = published if published is not None else self.commitment
        return replay(self.scheme, self.seed, self.records, published=kept, head=self.head)


def write_disclosure(disclosure: Disclosure) -> dict[str, Any]:
    """Return a disclosure as plain JSON values. It names every arm: for after the lock only."""
    return {
        "format": FORMAT,
        "algorithm": ALGORITHM,
        "study": disclosure.study,
        "scheme": disclosure.scheme.sealed_terms(),
        "levels": {factor.name: list(factor.levels) for factor in disclosure.scheme.factors},
        "seed": disclosure.seed.secret.hex(),
        "commitment": disclosure.commitment,
        "opened": disclosure.opened,
        "draws": [write_record(record) for record in disclosure.records],
        "head": disclosure.head,
    }


def read_disclosure(values: Any, file: str = "verification file") -> Disclosure:
    """Read back what `write_disclosure` wrote; nothing is verified but the shape.

    Raises:
        InputError: When it is no such file.
    """
    if not isinstance(values, Mapping) or values.get("format") != FORMAT:
        found = str(values.get("format")) if isinstance(values, Mapping) and "format" in values else None
        message = "this is not a verification file of an allocation"
        raise InputError([Problem(file, message, None, "format", found, FORMAT)])
    if values.get("algorithm") != ALGORITHM:
        message = "this release cannot draw with this algorithm; the release that made the file can"
        raise InputError([Problem(file, message, None, "algorithm", str(values.get("algorithm")), ALGORITHM)])
    try:
        return Disclosure(
            study=str(values["study"]),
            scheme=read_scheme(values["scheme"], values["levels"]),
            seed=Seed(bytes.fromhex(values["seed"])),
            commitment=str(values["commitment"]),
            opened=str(values["opened"]),
            records=tuple(read_record(draw) for draw in values["draws"]),
            head=str(values["head"]),
        )
    except InputError as error:
        raise InputError(
            [Problem(file, one.message, None, one.field, one.found, one.allowed) for one in error.problems]
        ) from None
    except KeyError as error:
        raise InputError([Problem(file, "a part is missing", field=str(error.args[0]))]) from None
    except (TypeError, ValueError, ArithmeticError):
        message = "a part is not of the shape that the program writes"
        raise InputError([Problem(file, message, allowed="the file as it was exported")]) from None


def read_scheme(terms: Mapping[str, Any], levels: Mapping[str, Sequence[str]]) -> Scheme:
    """Return the scheme whose `sealed_terms` these are.

    Args:
        terms: What was committed to.
        levels: Factor to its levels as known today; they are no part of what was committed to.

    Raises:
        InputError: When no such scheme can be.
        KeyError, TypeError, ValueError: When terms or levels are not of that shape.
    """
    return Scheme(
        method=terms["method"],
        arms=tuple(str(arm) for arm in terms["arms"]),
        ratio=tuple(int(share) for share in terms["ratio"]),
        factors=tuple(Factor(str(name), tuple(str(level) for level in levels[name])) for name in terms["factors"]),
        block_sizes=tuple(int(size) for size in terms["block_sizes"]),
        best_probability=Fraction(*(int(part) for part in terms["best_probability"])),
        measure=terms["measure"],
        # Weights that are all one are what a scheme without weights commits to; other methods have none.
        weights=tuple(int(weight) for weight in terms["weights"]) if terms["method"] == "minimisation" else (),
        kind=terms["kind"],
        study=str(terms["study"]),
    )
