"""Numbers on arrays: mixed models for repeated measures and what follows from a fit. No labels, no files."""
