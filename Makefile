# Two commands for a newcomer: `make demo` and `make test`. Everything else is here too: `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8321
BENCH := .venv-bench

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types contracts requirements bench clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/demo ## play the sandbox firm on http://127.0.0.1:8321 (PORT=, DEMO_DATA=)
	@$(BIN)/python -m bot demo --port $(PORT) $(if $(DEMO_DATA),--data "$(DEMO_DATA)")

test: $(VENV)/dev ## the whole test suite
	@$(BIN)/python -m pytest

check: $(VENV)/dev ## format, lint, types, import contracts, tests: what CI runs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest

format: $(VENV)/dev ## put the code in order
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lint: $(VENV)/dev ## ruff alone
	@$(BIN)/ruff check .

types: $(VENV)/dev ## mypy alone
	@$(BIN)/mypy

contracts: $(VENV)/dev ## import contracts alone
	@$(BIN)/lint-imports --no-cache

requirements: $(VENV)/dev ## pin again, with hashes and without addresses
	@$(BIN)/pip install -q uv
	@$(BIN)/uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-header --no-annotate -q -o requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-header --no-annotate -q -c requirements.txt -o requirements-dev.txt
	@$(BIN)/uv pip compile pyproject.toml bench/requirements.in --extra postgres --generate-hashes --universal \
		--python-version 3.11 --no-emit-index-url --no-header --no-annotate -q -c requirements-dev.txt \
		-o bench/requirements.txt

bench: $(BENCH)/ready ## figures as ratios: bench/README.md (ROWS="submit home", PROFILE=submit)
	@$(BENCH)/bin/python -m bench $(if $(PROFILE),$(PROFILE) --profile,$(ROWS))

clean: ## forget the environments
	rm -rf $(VENV) $(BENCH)

$(VENV)/demo: requirements.txt
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev: requirements-dev.txt
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/demo

$(BENCH)/ready: bench/requirements.txt
	@$(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install -q --require-hashes -r bench/requirements.txt
	@touch $@
