# Two commands do everything: `make run` and `make test`.
# PYTHON=... names another interpreter; otherwise it is the first one here that is new enough.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(if $(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes),$(name))))
VENV := .venv
PY := $(VENV)/bin/python
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help install run test test-postgresql check proof pictures album bench bench-search corpus corpus-score translations lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install: $(RUNTIME) ## make the environment in .venv

$(PY):
	@test -n "$(PYTHON)" || { echo "Bilety needs Python 3.11 or newer; none was found. Name one by PYTHON=..."; exit 1; }
	@echo "Making the environment in $(VENV); the first time takes a minute or two."
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): $(PY) requirements.txt
	@$(PIP) -r requirements.txt
	@$(PY) -m app.catalogs.compile
	@touch $@

$(DEVELOPMENT): $(PY) requirements-dev.txt
	@$(PIP) -r requirements-dev.txt
	@$(PY) -m app.catalogs.compile
	@touch $@ $(RUNTIME)

run: $(RUNTIME) ## everything at http://localhost:8000, with the demo desk; Ctrl-C stops it
	@BILETY_DEMO=$${BILETY_DEMO:-1} exec $(PY) run.py

# Each process has a database and a Valkey of its own; more than four would only wait for the disk.
PYTEST := $(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist loadgroup

test: $(DEVELOPMENT) ## all tests; says what it skipped
	$(PYTEST)

# What never touches the database of the fixtures need not run twice, and pages show what the layers below them read:
# `make test-postgresql NOT_TWICE=` runs all of it.
NOT_TWICE := $(addprefix --ignore=tests/,run supervisor processes calendar demo bench catalogs fields views/admin views/desk views/portal views/authors \
	views/translate views/test_one_language.py views/test_static.py views/api/test_description.py search/test_golden.py \
	access/test_matrix.py transfer/test_command.py security/test_web.py security/test_files.py security/test_sign_in.py \
	security/test_second_step.py access/test_viewing.py desk/test_confirmations.py notify/test_recipients.py \
	$(addprefix mail/test_,$(addsuffix .py,programs names replies visible visible_polish every_letter call_letters compose \
	collect graph smtp smtpd pipe signing clean charset parse mime guard automatic floods bounds \
	budget wishes)))
test-postgresql: $(DEVELOPMENT) ## the tests of the data path again, on a real PostgreSQL
	BILETY_TEST_DATABASE=postgresql $(PYTEST) -m "not browser" $(NOT_TWICE)

CHECKS := check-format check-lint check-types check-layers check-templates check-catalogs
.PHONY: $(CHECKS)
check: $(CHECKS) ## format, lint, types, layers, templates, catalogs

check-format: $(DEVELOPMENT)
	$(VENV)/bin/ruff format --check .

check-lint: $(DEVELOPMENT)
	$(VENV)/bin/ruff check .

check-types: $(DEVELOPMENT)
	$(VENV)/bin/mypy

check-layers: $(DEVELOPMENT)
	@$(VENV)/bin/lint-imports --no-cache | sed -n '/^Contracts$$/,$$p'; test $${PIPESTATUS[0]} -eq 0

check-templates: $(DEVELOPMENT)
	$(VENV)/bin/djlint app/templates --lint --quiet

check-catalogs: $(DEVELOPMENT)
	$(PY) -m app.catalogs.check

proof: $(DEVELOPMENT) ## the long runs; resumable, results in docs/proof (SHORT=1: minutes instead of hours)
	$(PY) -m bench.proof $(if $(SHORT),--short)

pictures: $(DEVELOPMENT) ## the README's pictures anew
	@folder=$$(mktemp -d) && BILETY_PICTURES=$$folder $(PY) -m pytest tests/browser/test_every_page.py \
		-k "[ticket-pl or [ticket-en or [home-customer-pl or [desk-ticket-pl or [desk-tickets-all-en" && $(PY) -m tests.browser.readme $$folder; \
		code=$$?; rm -rf $$folder; exit $$code

album: $(DEVELOPMENT) ## the pictures of pages that translators see, anew
	$(PY) -m tests.browser.album

bench: $(DEVELOPMENT) ## ratios of speed and memory
	$(PY) -m bench

bench-search: $(DEVELOPMENT) ## speed of search, and how well it finds
	$(PY) -m bench search
	$(PY) run.py search --golden bench/golden/documents.jsonl bench/golden/queries.jsonl >/dev/null

corpus: $(RUNTIME) ## make corpus CORPUS=folder: every letter through a throw-away desk, and how well it is read
	@test -d "$(CORPUS)" || { echo "Name a folder of letters: make corpus CORPUS=folder"; exit 2; }
	@env -u DATABASE_URL -u REDIS_URL -u BILETY_DATA $(PY) run.py corpus "$(CORPUS)"
	@test ! -f "$(CORPUS)/manifest.jsonl" || $(MAKE) --no-print-directory corpus-score CORPUS="$(CORPUS)"

# Others read the letters in an environment of their own, which uv makes and keeps; without a network it may be missing.
corpus-score: $(DEVELOPMENT)
	@$(PY) -m bench.corpus_score "$(CORPUS)"
	@$(VENV)/bin/uv run -q --no-project --python $(PY) --with imap-tools --with mail-parser --with quotequail --with lxml \
		python -c "" 2>/dev/null || { echo; echo "imap_tools, mail-parser and quotequail cannot be had here: not compared."; exit 0; } \
		&& $(VENV)/bin/uv run -q --no-project --python $(PY) --with imap-tools --with mail-parser --with quotequail --with lxml \
		python -W ignore -m bench.corpus_others "$(CORPUS)" 2>/dev/null

translations: $(DEVELOPMENT) ## gather new sentences, compile the catalogs
	$(PY) -m app.catalogs.update

lock: $(DEVELOPMENT) ## requirements*.txt anew from requirements*.in
	$(VENV)/bin/uv pip compile -q --universal --no-strip-extras --python-version 3.11 --generate-hashes requirements.in -o requirements.txt
	$(VENV)/bin/uv pip compile -q --universal --no-strip-extras --python-version 3.11 --generate-hashes -c requirements.txt requirements-dev.in -o requirements-dev.txt

clean: ## remove the environment and everything kept in var/
	rm -rf $(VENV) var
