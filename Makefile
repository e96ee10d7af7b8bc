# Everything a fresh clone needs is made by these targets; nothing but Python 3.11+ and the package registries is needed.
# Debian's packages of Java, PostgreSQL, Chromium and npm are installed where they are missing and we may: tests start them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo

AXE := tests/axe/node_modules/.package-lock.json

.PHONY: help setup servers axe demo test lint types check clean lock evaluate models

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "detente needs Python 3.11 to 3.13; $(PYTHON) is $$($(PYTHON) --version). Run make PYTHON=python3.12"; exit 1; }
	@# Debian ships Python without what makes environments.
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } \
	  || { echo "$(PYTHON) cannot make environments. As root: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@# Compiled once, here: where Python may not keep what it compiles, each command would take seconds longer to start.
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	$(BIN)/python -m compileall -q src
	@touch $@

setup: $(VENV)/.ready servers axe ## make .venv with everything in it, and what the tests start: Java, PostgreSQL, Chromium

servers:
	@sh tools/install_servers.sh

# axe-core looks for barriers on our pages; its version and its digest stand in tests/axe/package-lock.json.
axe: servers
	@[ $(AXE) -nt tests/axe/package-lock.json ] || ! command -v npm >/dev/null 2>&1 \
	  || npm ci --prefix tests/axe --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null \
	  || echo "axe-core could not be installed. The tests that need it are skipped."

demo: $(VENV)/.ready ## run the main job on the sample dossier and write demo/
	$(BIN)/detente demo --out $(DEMO)

lint: $(VENV)/.ready ## ruff, its formatter and the order of the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/.ready ## mypy, strict
	$(BIN)/mypy

test: lint types servers axe ## everything that must hold
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder  # one page's examples in order, in one process; conftest.py

evaluate: $(VENV)/.ready ## score the coder on an outside set: make evaluate SET=…
	$(BIN)/detente evaluate coding $(SET)

models: $(VENV)/.ready ## train what ships again: the weights of the models for stance
	$(BIN)/python tools/train_leaning.py

lock: $(VENV)/.ready ## write requirements.lock anew
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 --extra web --group dev pyproject.toml -o requirements.lock

clean: ## remove what the targets made
	rm -rf $(VENV) $(DEMO) build tests/axe/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
