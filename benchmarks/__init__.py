"""Measurements, side by side with targets and peers; never a timed test."""
