# Every target may be run twice: what is done is not done again.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test test-spark check bench soak docs clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest -q --no-loadscope-reorder --dist loadfile
DEMO := demo-out

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/run.stamp ## Make .venv and install tieline in it

demo: setup ## Build two systems of invented people with an exchange between them, and serve them
	@$(BIN)/tieline demo --out $(DEMO)

test: check ## Run all checks and tests, and name what could not be run here
	@$(BIN)/python scripts/missing.py
	@# Three on two cores: tests wait for browsers and nodes; beside PostgreSQL there are enough.
	@$(PYTEST) -n 3
	@$(BIN)/python scripts/postgres.py --if-present $(PYTEST) -n 2 -m database

test-spark: $(VENV)/spark.stamp ## Test joining by Spark, which make test leaves out
	@JAVA_TOOL_OPTIONS=-Xlog:disable .venv-spark/bin/python -m pytest -q tests/spark

check: $(VENV)/dev.stamp ## Run the style, type and import checks alone
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/dev.stamp $(VENV)/peers.stamp ## Measure each area beside its peers
	@$(BIN)/tieline bench all

soak: $(VENV)/dev.stamp ## Run the property and fault tests at their full counts; run again to resume
	@$(BIN)/python scripts/soak.py

docs: $(VENV)/dev.stamp ## Write the pages that are made by program
	@$(BIN)/python scripts/write_docs.py

clean: ## Remove what make has made
	@rm -rf $(VENV) .venv-peers .venv-spark $(DEMO) .bench .tmp .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/made.stamp:
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is missing: apt-get install python3 python3-venv" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Python 3.11 or newer is needed: apt-get install python3, or make PYTHON=python3.11" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "make: the venv module is missing: apt-get install python3-venv" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# The build tools come from the lock too, so that the last step needs nothing from outside.
$(VENV)/run.stamp: $(VENV)/made.stamp requirements.lock pyproject.toml
	@echo "installing tieline into $(VENV) (about a minute, the first time)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	@echo "installing the tools for checks and tests"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# Peers are measured beside tieline, never inside it: an environment of their own. The lock is
# whole, so pip need not look for more. One part of one peer comes as source alone: where it cannot
# be built, that peer is left out, and the bench says that it is missing.
# Spark is a third of a gigabyte, so it has an environment of its own; its wheel is built here.
$(VENV)/spark.stamp: $(VENV)/made.stamp requirements-dev.lock requirements-spark.lock requirements-spark-built.lock pyproject.toml
	@command -v java >/dev/null || { echo "make: Java is missing: apt-get install default-jre-headless" >&2; exit 2; }
	@echo "installing Spark into .venv-spark (a few minutes, the first time)"
	@$(PYTHON) -m venv .venv-spark
	@.venv-spark/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements-dev.lock
	@.venv-spark/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes -r requirements-spark.lock
	@.venv-spark/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --require-hashes -r requirements-spark-built.lock
	@.venv-spark/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/peers.stamp: $(VENV)/made.stamp bench/peers.lock bench/peers-built.lock
	@echo "installing the peers for the benchmarks into .venv-peers"
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes -r bench/peers.lock
	@.venv-peers/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --require-hashes -r bench/peers-built.lock || echo "nomenklatura is left out: apt-get install g++ libicu-dev pkg-config python3-dev, then rm $@"
	@touch $@
