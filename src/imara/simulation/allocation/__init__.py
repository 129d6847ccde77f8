"""Trying a scheme before the study opens: how well it balances, and how often its next arm can be guessed."""
