# Everything from a clean clone with Python 3.11 or newer and make: each target sets up .venv by itself.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CODE   := bot adapters scheduler tests docs $(wildcard bench)
READY  := $(VENV)/.ready
# Runtime and development tools are two locks; the second one holds the first as well.
LOCK   := requirements-dev.lock

.PHONY: help setup demo run test check format docs bench revision lock lists clean

help: ## say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1	/' | expand -t 10

setup: $(READY) ## make .venv with the locked versions

$(READY): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rounds needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (once; about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## play a group's first month (FAST=1: without pauses)
	@$(BIN)/rounds demo $(if $(FAST),--fast)

run: $(READY) ## run the bot with config.toml and the environment
	@$(BIN)/rounds run

# Two workers wait a third of their time, for servers and processes: three keep two cores busy.
test: $(READY) ## run the tests (ARGS="-k queue" chooses)
	@$(BIN)/python -m pytest -n 3 $(ARGS)

check: $(READY) ## lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(CODE)

format: $(READY) ## put the code in its standard form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(READY) ## write the README's table and picture and docs/formats.md from the bot
	@$(BIN)/python -m docs

bench: $(READY) ## measure the speed, as ratios taken in one run
	@$(BIN)/python -m bench $(ARGS)

revision: $(READY) ## write a migration to what the tables say now (MESSAGE="…")
	@$(BIN)/python -m bot.store.migrations "$(MESSAGE)"
	@$(BIN)/ruff format --quiet bot/store/migrations
	@$(BIN)/ruff check --quiet --fix bot/store/migrations

lock: $(READY) ## choose newer versions of all dependencies and pin them with hashes
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
		--no-annotate --custom-compile-command "make lock" -o requirements.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
		--no-annotate --custom-compile-command "make lock" --extra dev -c requirements.lock \
		-o requirements-dev.lock pyproject.toml

lists: ## compile the word lists of the guard anew, with packages that only this needs
	@test -x .venv-lists/bin/python || $(PYTHON) -m venv .venv-lists
	@.venv-lists/bin/python -m pip install --quiet --disable-pip-version-check -r bot/privacy/lists/requirements.txt
	@.venv-lists/bin/python -m bot.privacy.lists.build

clean: ## remove what the other targets made
	rm -rf $(VENV) .venv-lists *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
