"""The sealed arm: schemes, draws, emergency unblinding."""
