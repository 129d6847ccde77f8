"""Participants: screening, consent, withdrawal."""
