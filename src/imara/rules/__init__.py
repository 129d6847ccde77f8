"""Pure decisions: what follows from definitions and answers, with no state and no side effect."""
