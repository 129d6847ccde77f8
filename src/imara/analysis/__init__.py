"""From a plan and a dataset to a result: models with labels, estimands, and what was found."""
