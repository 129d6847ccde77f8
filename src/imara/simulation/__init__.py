"""Made people in the exact design, thousands of times; so far, how allocation balances and can be guessed."""
