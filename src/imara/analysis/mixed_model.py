"""The mixed model for repeated measures with labels: a formula and a dataframe in, named results out."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal, get_args

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd

from imara.analysis.formulas import Design, read_formula
from imara.analysis.tables import text_table
from imara.analysis.variables import ModelInputError, factor_levels, from_any_frame, model_variables
from imara.engine.failures import NotIdentifiedError
from imara.engine.inference import Method, linear_functions
from imara.engine.mmrm import MmrmFit, fit_mmrm


@dataclass(frozen=True)
class MmrmResults:
    """A fitted mixed model for repeated measures, with names."""

    formula: str
    subject: str
    visit: str
    visits: tuple[str, ...]
    """Visits in the model, in order."""
    method: Literal["reml", "ml"]
    fit: MmrmFit
    design: Design
    """How rows of predictors become rows of the design matrix."""
    variables: pd.DataFrame
    """Predictors on the rows used: floats and categories."""
    n_dropped: int
    """Rows left out because a value was missing."""
    backend: ModuleType
    """Library of the dataframe that the data came in."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients."""
        return self.design.names

    @property
    def params(self) -> pd.Series[float]:
        """Coefficients."""
        return pd.Series(self.fit.beta, index=self.names, name="estimate")

    @property
    def bse(self) -> pd.Series[float]:
        """Model-based standard errors of the coefficients."""
        return pd.Series(np.sqrt(np.diag(self.fit.cov_beta)), index=self.names, name="se")

    def cov_params(self) -> pd.DataFrame:
        """Return the model-based covariance of the coefficients."""
        return pd.DataFrame(self.fit.cov_beta, index=self.names, columns=self.names)

    @property
    def llf(self) -> float:
        """Restricted log-likelihood for REML, log-likelihood for ML."""
        return self.fit.log_likelihood

    @property
    def covariance(self) -> pd.DataFrame:
        """Estimated covariance of a subject's measurements, by visit."""
        return pd.DataFrame(self.fit.sigma, index=self.visits, columns=self.visits)

    @property
    def converged(self) -> bool:
        """True: a fit that has not converged raises NotConvergedError instead of returning."""
        return True

    @property
    def gradient(self) -> float:
        """Largest absolute element of the gradient of -2 log-likelihood, in standardised parameters."""
        return self.fit.maximum.gradient

    @property
    def n_subjects(self) -> int:
        """Subjects with at least one value in the model."""
        return self.fit.cross.n_subjects

    @property
    def nobs(self) -> int:
        """Values in the model."""
        return self.fit.cross.n_observations

    @property
    def aic(self) -> float:
        """Akaike's criterion; it counts coefficients too under ML, only the covariance under REML, as SAS does."""
        return -2.0 * self.llf + 2.0 * self._n_parameters

    @property
    def bic(self) -> float:
        """Schwarz's criterion with the number of subjects."""
        return -2.0 * self.llf + float(np.log(self.n_subjects)) * self._n_parameters

    @property
    def _n_parameters(self) -> int:
        m = len(self.visits)
        return m * (m + 1) // 2 + (len(self.names) if self.method == "ml" else 0)

    def coefficients(self, df: Method = "kenward-roger", confidence: float = 0.95) -> pd.DataFrame:
        """Return coefficients with standard errors, degrees of freedom, intervals and t tests."""
        found = linear_functions(self.fit, np.eye(len(self.names)), df=df, confidence=confidence)
        columns = {name: getattr(found, name) for name in ("estimate", "se", "df", "ci_low", "ci_high", "t", "p")}
        return pd.DataFrame(columns, index=pd.Index(self.names, name="term"))

    def frame(self, df: Method = "kenward-roger") -> Any:
        """Return the coefficient table as a dataframe of the library that the data came in."""
        table = self.coefficients(df).reset_index()
        return nw.from_dict(
            {str(name): table[name].tolist() for name in table.columns}, backend=self.backend
        ).to_native()

    def summary(self, df: Method = "kenward-roger") -> str:
        """Return the fit as text, in the manner of R's summaries."""
        table = self.coefficients(df)
        best = self.fit.maximum
        head = [
            "Mixed model for repeated measures, unstructured covariance",
            f"Formula:     {self.formula}",
            f"Data:        {self.nobs} values of {self.n_subjects} subjects at {len(self.visits)} visits"
            + (f" ({self.n_dropped} rows left out: a value is missing)" if self.n_dropped else ""),
            f"Method:      {self.method.upper()}, degrees of freedom: {df}",
            f"Likelihood:  log {self.llf:.4f}, AIC {self.aic:.2f}, BIC {self.bic:.2f}",
            f"Convergence: yes; {best.iterations} iterations, largest gradient element {best.gradient:.1e}, "
            f"smallest Hessian eigenvalue {best.smallest_eigenvalue:.3g}",
            "",
        ]
        columns = {"": list(self.names), **{str(c): table[c].tolist() for c in table.columns}}
        covariance = {
            "": list(self.visits),
            **{v: self.fit.sigma[:, i].tolist() for i, v in enumerate(self.visits)},
        }
        return "\n".join(
            [*head, text_table(columns, "Coefficients"), "", text_table(covariance, "Covariance between visits")]
        )

    def __repr__(self) -> str:
        return self.summary()


def mmrm(
    formula: str,
    data: Any,
    *,
    subject: str,
    visit: str,
    covariance: Literal["us"] = "us",
    method: Literal["reml", "ml"] = "reml",
) -> MmrmResults:
    """Fit a mixed model for repeated measures.

    The outcomes y_i of subject i have mean X_i beta and covariance S_i, the rows and columns of one matrix S for the
    visits at which the subject was seen. Values missing at random need no imputation.

    Args:
        formula: `outcome ~ predictors` in formulaic's (R's) notation; text and categorical columns are factors whose
            first level is the reference.
        data: A dataframe (pandas or Polars) with one row a subject and visit.
        subject: Column that identifies subjects.
        visit: Column that identifies visits; its order (that of its categories, else sorted) orders S.
        covariance: `us`, unstructured.
        method: `reml` (restricted maximum likelihood) or `ml`.

    Raises:
        ModelInputError: The formula or a column cannot be used.
        NotIdentifiedError: The data do not determine the coefficients or the covariance; says which.
        NotConvergedError: There is no certified maximum of the likelihood.

    Reference:
        Mallinckrodt CH, Lane PW, Schnell D, Peng Y, Mancuso JP (2008). Recommendations for the primary analysis of
        continuous endpoints in longitudinal clinical trials. Drug Information Journal 42, 303-319.
    """
    _check_option("method", method, ("reml", "ml"))
    _check_option("covariance", covariance, ("us",))
    frame = from_any_frame(data)
    model = read_formula(formula, frame.columns)
    read = model_variables(frame, [*model.outcome, *model.predictors], subject=subject, visit=visit)
    text = [name for name in model.outcome if name in factor_levels(read.frame)]
    if text:
        raise ModelInputError(f"the outcome must be a number, and column {text[0]!r} holds text")
    y, x, design = model.matrices(read.frame)
    visits = tuple(str(level) for level in read.visits.categories)
    try:
        fit = fit_mmrm(x, y, read.subjects, read.visits.codes.astype(np.int64), reml=method == "reml")
    except NotIdentifiedError as error:
        raise _with_names(error, design.names, visits) from error
    return MmrmResults(
        formula=formula,
        subject=subject,
        visit=visit,
        visits=visits,
        method=method,
        fit=fit,
        design=design,
        variables=read.frame[list(model.predictors)],
        n_dropped=read.n_dropped,
        backend=frame.implementation.to_native_namespace(),
    )


def _check_option(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ModelInputError(f"{name} is {value!r}; it can be {', '.join(repr(a) for a in allowed)}")


def _with_names(error: NotIdentifiedError, names: tuple[str, ...], visits: tuple[str, ...]) -> NotIdentifiedError:
    """Say the engine's refusal with the names of columns and visits."""
    words = str(error)
    if error.columns:
        words += ": " + ", ".join(names[j] for j in error.columns)
    if error.pairs:
        words += ": " + ", ".join(f"{visits[b]} and {visits[a]}" for a, b in error.pairs)
    return NotIdentifiedError(words, columns=error.columns, pairs=error.pairs)


METHODS: tuple[str, ...] = get_args(Method)
