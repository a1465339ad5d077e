# `make demo` shows the product and `make test` proves it; `make help` lists the rest.

PYTHON := python3.11
BIN := .venv/bin
PIP_INSTALL := $(BIN)/pip install -qq --disable-pip-version-check --no-input
UV := uv==0.13.8

# Stamps: what is installed is up to date while the stamp is newer than the pins.
RUNTIME := .venv/runtime-installed
TESTS := .venv/tests-installed

HEADING := @printf '\n== %s\n'

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-tests demo demo-reset test test-sqlite test-postgresql test-exactly-once \
	test-under-load soak load benchmark check format screenshots requirements vendor pango

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

setup: $(RUNTIME) pango ## install what the product and its demo need, into .venv
	@echo 'The product is set up: make demo runs it.'

setup-tests: $(TESTS) pango ## install what the tests need as well, Chromium included
	@command -v chromium >/dev/null || tools/install_packages Chromium chromium fonts-liberation

demo: $(RUNTIME) pango ## run the product with demo data (PORT=8000 HUB_DATA=var HUB_TIER=max_plus)
	@$(BIN)/python -m demo

demo-reset: $(RUNTIME) pango ## delete the demo data, then run the demo anew
	@$(BIN)/python -m demo --start-over

test: test-sqlite test-postgresql test-exactly-once test-under-load ## run all tests, on SQLite and on PostgreSQL

test-sqlite: setup-tests ## run all tests on SQLite
	@$(BIN)/pytest -n 3 --hub-database=sqlite --ignore=tests/systmone/exactly_once \
		--ignore=tests/assurance/load

test-postgresql: setup-tests ## run all tests on PostgreSQL, but for those that do without it
	@$(BIN)/pytest -n 3 --hub-database=postgresql \
		--ignore=tests/systmone/protocol --ignore=tests/systmone/simulator \
		--ignore=tests/demo/test_supervisor.py --ignore=tests/demo/test_prepare.py \
		--ignore=tests/systmone/exactly_once --ignore=tests/assurance/load

# By itself: it kills servers of its own for half a minute, and other tests would only slow it down.
test-exactly-once: setup-tests ## prove that no note is lost or doubled, whatever is killed
	@$(BIN)/pytest -s -o faulthandler_timeout=0 tests/systmone/exactly_once

test-under-load: setup-tests ## prove that no audit is lost or doubled while servers are killed
	@$(BIN)/pytest -s -o faulthandler_timeout=0 tests/assurance/load

load: setup-tests ## the same proof, for two minutes
	@LOAD_SECONDS=120 $(BIN)/pytest -s -o faulthandler_timeout=0 tests/assurance/load

soak: setup-tests ## prove what test-exactly-once does, for ten minutes and with ten times the notes
	@SOAK_NOTES=3000 SOAK_SECONDS=600 $(BIN)/pytest -s -o faulthandler_timeout=0 tests/systmone/exactly_once

benchmark: $(RUNTIME) ## measure pages as the data grows, the sync endpoint beside others, the SystmOne gateway
	@$(BIN)/python benchmarks/pages.py
	@$(BIN)/python benchmarks/gateway.py
	@$(BIN)/python benchmarks/sync.py

# The checks load the settings as production would: from the environment, here without any data.
check: export HUB_DATA := /nonexistent
check: export HUB_DEMO := false
check: export HUB_SECRET_KEY := only-for-the-checks-0123456789-abcdefghijklmnopqrstuvwxyz
check: export HUB_AUDIT_KEY := only-for-the-checks
check: export HUB_ENCRYPTION_KEYS := b25seS1mb3ItdGhlLWNoZWNrcy0wMTIzNDU2Nzg5YWI=
check: export HUB_ALLOWED_HOSTS := hub.example.nhs.uk
check: export HUB_BASE_URL := https://hub.example.nhs.uk
check: export DATABASE_URL := sqlite://:memory:
check: $(TESTS) ## check all that can be checked without running the product
	$(HEADING) 'Format'
	@$(BIN)/ruff format --check --quiet .
	$(HEADING) 'Lint'
	@$(BIN)/ruff check --quiet .
	@$(BIN)/djlint --quiet --lint .
	$(HEADING) 'Types'
	@$(BIN)/mypy .
	$(HEADING) 'Import rules'
	@$(BIN)/lint-imports --no-logo
	$(HEADING) 'Missing migrations'
	@$(BIN)/python manage.py makemigrations --check --dry-run
	$(HEADING) 'Django deploy check'
	@$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(HEADING) 'Vendored assets'
	@$(BIN)/python tools/vendor_assets.py --check
	$(HEADING) 'No registry named in any file'
	@git grep --untracked -InE 'pypi\.org|pythonhosted\.org|npmjs\.(org|com)|yarnpkg\.com'; test $$? -eq 1
	$(HEADING) 'Requirements in step with pyproject.toml'
	@$(BIN)/python tools/requirements_in_step.py
	$(HEADING) 'Dependency audit'
	@$(BIN)/python tools/dependency_audit.py

format: $(TESTS) ## format the code and mend what the linter can mend
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

screenshots: setup-tests ## take the pictures of README and guides anew
	@$(BIN)/python -m tools.make_screenshots

requirements: ## resolve pyproject.toml anew and pin the result in requirements*.txt
	@$(PYTHON) -m venv .venv/uv && .venv/uv/bin/pip install -qq $(UV)
	@for set in "" demo benchmarks dev; do \
		.venv/uv/bin/uv export --quiet --no-emit-project --no-header --no-annotate \
			--no-default-groups $${set:+--group $$set} \
			--output-file requirements$${set:+-$$set}.txt || exit 1; \
	done

vendor: $(TESTS) ## fetch the pinned design system and its companion into static/vendor
	@$(BIN)/python tools/vendor_assets.py

# WeasyPrint draws with libraries of the system; libpangoft2 needs, and so brings, a font.
pango:
	@$(PYTHON) -c 'from ctypes import CDLL; [CDLL(f"lib{name}.so.0") for name in \
		("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")]' 2>/dev/null || \
		tools/install_packages Pango libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

$(RUNTIME): requirements-demo.txt | $(BIN)/python
	@echo 'Installing what the product needs …'
	@$(PIP_INSTALL) --require-hashes -r $<
	@touch $@

$(TESTS): requirements-dev.txt | $(BIN)/python
	@echo 'Installing what the tests need …'
	@$(PIP_INSTALL) --require-hashes -r $<
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo 'Python 3.11 is missing: install it so that `$(PYTHON)` runs.' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		tools/install_packages "Python's venv module" $(PYTHON)-venv
	@$(PYTHON) -m venv .venv
