"""Deciding by chance, sealed: schemes, seeds, draws, the chain of records, and its replay."""
