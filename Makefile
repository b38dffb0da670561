# Everything a person does here. `make` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
PIP := $(if $(UV),uv pip install --quiet --compile-bytecode --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar on --no-compile)

.DEFAULT_GOAL := help
.PHONY: help run test test-fast soak mutants wheel lint types check bench docs pictures lock clean browser

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

run: $(VENV)/.run ## sample archive, bot and chat page: open the printed address
	@$(BIN)/luopan demo

test-fast: $(VENV)/.dev ## the tests that need no folder, server or browser
	@$(BIN)/python -m pytest -m fast

mutants: $(VENV)/.dev ## small faults put into ledger, inbound and outbound: do the tests notice?
	@$(BIN)/python -m tests.support.mutants

soak: $(VENV)/.dev ## months of digests, every fault of a day, questions against canaries, documents of each form: hours
	@$(BIN)/python -m tests.simulation
	@LUOPAN_KILLS=300 $(BIN)/python -m pytest -q tests/simulation/test_kill.py -k random
	@LUOPAN_EXAMPLES=100000 $(BIN)/python -m pytest -q -n 2 tests/corpus/intake/test_law_of_intake.py

test: $(VENV)/.dev browser ## all tests, with a real Redis and a real PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev ## ruff
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev ## mypy --strict
	@$(BIN)/mypy

check: lint types test ## all of the above

bench: $(VENV)/.dev ## what it costs: webhook, questions, intake, memory
	@$(BIN)/luopan bench

docs: $(VENV)/.dev ## write the tables of docs/ from the code
	@$(BIN)/python -m bot.cli.readme_tables

pictures: $(VENV)/.dev browser ## take the pictures of docs/moderators.md and docs/members.md anew
	@$(BIN)/python -m tests.support.pictures
	@$(BIN)/python -m tests.support.pictures_of_members

wheel: $(VENV)/.dev ## build the package and ask one question from a clean environment
	@rm -rf build dist && $(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation -w dist .
	@$(BIN)/python -m tests.support.wheel dist

lock: $(VENV)/.dev ## renew the lock files: hashes, no addresses
	@uv pip compile -q pyproject.toml --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements.txt
	@uv pip compile -q pyproject.toml --group dev --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements.txt -o requirements-dev.txt

clean: ## forget the environment and all data
	rm -rf $(VENV) var

browser: # the tests that look at pages need Chromium; they are skipped, and say so, where it cannot be had
	@command -v chromium >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && \
		echo "installing chromium for the browser tests ..." && \
		{ apt-get install -y -qq chromium fonts-noto-cjk >/dev/null 2>&1 || \
		  { apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk >/dev/null 2>&1; }; } || true; }

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@echo "making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing what the bot needs (once) ..."
	@$(PIP) --no-deps --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q bot handlers corpus
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "installing what the tests need (once) ..."
	@$(PIP) --no-deps --require-hashes -r requirements-dev.txt
	@touch $@
