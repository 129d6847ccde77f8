# Two commands do everything on a fresh machine: `make demo` and `make test`.
# They need Python 3.11 or later, make and a package registry; tools/setup fetches the rest into this folder.

.DEFAULT_GOAL := help
# One set-up step at a time: they share .venv. The tests spread over processors by themselves.
.NOTPARALLEL:
.PHONY: help assets messages demo test test-all check fix bench docs lock clean

BIN := .venv/bin
DEFINITION := pyproject.toml uv.lock tools/setup
# Tests that open a browser arrive with the first page that people click on.
BROWSER := $(if $(wildcard tests/journeys),.venv/.ready-browser)

help: ## Say what can be done here
	@echo "make demo        write the report of a real trial, serve a site of made-up people (only build: ARGS=\"--no-serve\")"
	@echo "make test        run the tests, except the slow ones, on SQLite and on PostgreSQL"
	@echo "make test-all    run all tests, and look for new examples that fail"
	@echo "make check       style, types, doors between the parts, and documentation"
	@echo "make fix         put the code into the project's style"
	@echo "make bench       measure the engine's speed"
	@echo "make docs        build the documentation into docs/_build/html"
	@echo "make assets      compile the pages' style and script (needs Node 20 or later)"
	@echo "make messages    gather the pages' sentences for translation and compile the translations"
	@echo "make lock        write uv.lock anew after a change of dependencies"
	@echo "make clean       remove everything that make has made"

demo: .venv/.ready-run .venv/.ready-pdf
	@$(BIN)/imara demo $(ARGS)

# Everything on SQLite, then whatever needs a database again on PostgreSQL.
test: .venv/.ready-test .venv/.ready-pdf $(BROWSER)
	@$(BIN)/pytest -n auto -m "not slow" $(ARGS)

test-all: .venv/.ready-test .venv/.ready-pdf .venv/.ready-postgresql $(BROWSER)
	@$(BIN)/pytest -n auto --hypothesis-profile=explore $(ARGS)
	@IMARA_TEST_DATABASE=postgresql $(BIN)/pytest -n auto --hypothesis-profile=explore $(ARGS)

check: .venv/.ready-docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs docs/_build/html

fix: .venv/.ready-test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/.ready-test
	@$(BIN)/python -m benchmarks $(ARGS)

docs: .venv/.ready-docs
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs docs/_build/html
	@echo "Open docs/_build/html/index.html"

# What this makes is committed: nobody needs Node to run, test or install Imara.
assets:
	@cd tools/assets && npm ci --silent && node build.mjs

messages: .venv/.ready-test
	@$(BIN)/python tools/messages.py

lock:
	@tools/setup lock

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache docs/_build imara-demo
	find src tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.venv/.ready-run .venv/.ready-test .venv/.ready-docs: .venv/.ready-%: $(DEFINITION)
	@tools/setup $*

# Found once is enough: system libraries do not change with the lock.
.venv/.ready-pdf .venv/.ready-browser:
	@tools/setup $(@:.venv/.ready-%=%)

# Its wheel stands in .venv, which a new lock may clear.
.venv/.ready-postgresql: .venv/.ready-test
	@tools/setup postgresql
