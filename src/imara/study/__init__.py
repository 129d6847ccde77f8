"""The definition of a study: one folder, from which everything else derives."""
