"""Why a model cannot be fitted: said by name, never by a silent number."""

from __future__ import annotations

from collections.abc import Sequence


class FitError(ArithmeticError):
    """A model could not be fitted to the data."""


class NotIdentifiedError(FitError):
    """The data cannot tell some of the parameters apart.

    Attributes:
        columns: Indices of design columns that are determined by columns before them.
        pairs: Visit pairs (indices) that no subject has both of, so that their covariance is unknown.
    """

    def __init__(self, message: str, *, columns: Sequence[int] = (), pairs: Sequence[tuple[int, int]] = ()) -> None:
        super().__init__(message)
        self.columns = tuple(columns)
        self.pairs = tuple(pairs)


class NotConvergedError(FitError):
    """The likelihood has no maximum inside the parameter space, or it was not found.

    Attributes:
        iterations: Newton steps taken.
        gradient: Largest absolute element of the gradient there, in standardised parameters.
    """

    def __init__(self, message: str, *, iterations: int, gradient: float) -> None:
        super().__init__(message)
        self.iterations = iterations
        self.gradient = gradient
