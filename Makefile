# Metercash: `make` lists the targets. Only python3 and make must be present.
PYTHON ?= python3
ARGS ?=
FILE ?= tests/rate_cases/cases.json
export METERCASH_HOME ?= $(CURDIR)/.metercash
VENV := .venv/bin
# Where a machine forbids compiled modules, every process would compile every library anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo clean-demo test rate-cases check bench docs format messages lock mutants

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

setup: ## Install everything into .venv (instant when nothing changed)
	@PYTHON="$(PYTHON)" tools/setup

demo: setup ## Run the two demo companies; ARGS="--once" runs and exits, ARGS="--once --json" prints one JSON object
	@$(VENV)/metercash demo $(ARGS)

clean-demo: setup ## Stop the demo's database and remove all its data
	@test ! -e "$(METERCASH_HOME)" || test -e "$(METERCASH_HOME)/secret.key" || \
		{ echo "$(METERCASH_HOME) is no home of Metercash; nothing removed" >&2; exit 1; }
	@$(VENV)/python -m metercash.platform.postgres remove "$(METERCASH_HOME)"
	@rm -rf -- "$(METERCASH_HOME)"

test: setup ## Run every test with coverage; ARGS narrows, for example ARGS=tests/unit
	@tools/browser
	@$(VENV)/python -m pytest -q --cov --cov-config=coverage.ini --cov-report=term:skip-covered $(if $(ARGS),--cov-fail-under=0 $(ARGS))

rate-cases: setup ## Run worked price cases through the engine: FILE="a.json b.json"
	@$(VENV)/python -m tests.rate_cases $(FILE)

mutants: setup ## Change rating one word at a time and count what the tests notice; ARGS="metercash.rating.bill.*"
	@nice $(VENV)/mutmut run --max-children 1 $(ARGS)
	@$(VENV)/mutmut results | grep survived || true

check: setup ## Format, lint, types, import contracts, migrations, documents
	@$(VENV)/ruff format --check --quiet .
	@$(VENV)/ruff check --quiet .
	@$(VENV)/mypy
	@$(VENV)/lint-imports
	@$(VENV)/python -m django makemigrations --check --dry-run --settings metercash.project.settings
	@NO_MKDOCS_2_WARNING=1 $(VENV)/mkdocs build --strict --quiet
	@echo "check: everything holds"

bench: setup ## Measure the published figures; writes bench/results/*.json
	@$(VENV)/python -m bench $(ARGS)

docs: setup ## Serve the documents on http://127.0.0.1:8008 while you write
	@NO_MKDOCS_2_WARNING=1 $(VENV)/mkdocs serve --dev-addr 127.0.0.1:8008

format: setup ## Format the code and mend what ruff can mend
	@$(VENV)/ruff format --quiet .
	@$(VENV)/ruff check --fix --quiet .

messages: setup ## Collect and compile the translations (needs gettext)
	@command -v msgfmt >/dev/null || { echo "install gettext first" >&2; exit 1; }
	@cd src/metercash/interfaces && $(CURDIR)/$(VENV)/python -m django makemessages -l en --no-location \
		--settings metercash.project.settings
	@cd src/metercash/interfaces && $(CURDIR)/$(VENV)/python -m django compilemessages -l en \
		--settings metercash.project.settings

lock: setup ## Resolve pyproject.toml anew into requirements-dev.lock, with hashes
	@$(VENV)/python -m uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-emit-index-url --quiet --upgrade -o requirements-dev.lock
