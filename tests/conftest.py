"""How the tests run: the same way on every machine, unless new examples are asked for."""

from __future__ import annotations

from hypothesis import settings

# A change must not fail because of an example that nobody's change has made: `make test` tries the same ones each
# time. `make test-all` looks for new ones. Deadlines measure the machine, not the code.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("repeatable")
