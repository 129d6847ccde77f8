"""Every change as an event: who, when, what it was before and after, and why. Nothing is written without one."""
