# Two commands are enough: `make run` and `make test`. `make help` lists the others.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/run.ready
DEV_READY := $(VENV)/dev.ready

.DEFAULT_GOAL := help
.PHONY: help setup run test lint types bench screenshots permissions lock clean

help: ## list what can be done here
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(RUN_READY) ## only set up: a virtual environment in .venv with pinned dependencies

run: $(RUN_READY) ## start the bot; without Slack credentials, open the built-in local Slack
	@$(BIN)/python -m bot run --or-playground

test: $(DEV_READY) ## run every test
	@$(BIN)/python -m pytest

lint: $(DEV_READY) ## style, and the direction of imports
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: $(DEV_READY) ## strict type check
	@$(BIN)/mypy

bench: $(DEV_READY) ## measure, as ratios within one run, and write docs/benchmarks.md
	@$(BIN)/python -m tests.bench

screenshots: $(DEV_READY) ## take the README's pictures anew from the demo
	@$(BIN)/python -m tests.screenshots

permissions: $(DEV_READY) ## write docs/permissions.md anew from the code
	@$(BIN)/python -m tests.permissions_table

lock: ## pin the dependencies anew (needs uv)
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --upgrade -q -o requirements/run.txt
	uv pip compile pyproject.toml --extra build --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --upgrade -q -c requirements/run.txt -o requirements/dev.txt

clean: ## remove the virtual environment and caches, never the data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Alliance Bot needs Python 3.11 or newer; '$(PYTHON)' is older or missing. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Setting up: creating a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The virtual environment could not be created; the lines above say why."; exit 1; }

$(RUN_READY): requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Setting up: installing the pinned dependencies (about half a minute)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt || \
	  { echo "The dependencies could not be installed; the lines above say why. Is a package index reachable?"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_READY): requirements/dev.txt $(RUN_READY)
	@echo "Setting up: installing what the tests need (about half a minute)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt || \
	  { echo "The test dependencies could not be installed; the lines above say why."; exit 1; }
	@touch $@
