"""Imara."""
