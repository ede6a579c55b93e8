# make demo   audits the sample data into reports/
# make test   checks style, types and layers, and runs every test
# Both set up .venv first and need only Python 3.11 or newer, make and (for the tests' browser and Java) apt.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
WORKERS ?= 2

CREATED := $(VENV)/.created
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
DESCRIPTION := pyproject.toml constraints.txt

AUDIT := $(BIN)/dataaudit audit
# The peers' pins were found on 3.11; deepchecks runs on nothing newer than 3.12.
PEERS_PYTHON ?= python3.11
PEERS := deepchecks evidently fg-data-profiling cleanlab leakcheck-ml
# What to run, e.g. make benchmark BENCHMARK="--rows 1000 10000 --only cleanlab"; without it, all that is missing.
BENCHMARK ?=

# The samples have findings on purpose, and a report of an earlier run may be replaced.
AGAIN := --fail-on never --force

.PHONY: help install demo test check lint types imports pytest browser java format readme picture reports sample-data clean
.PHONY: benchmark
.DEFAULT_GOAL := help

help:
	@echo "make demo         audit the sample data into reports/"
	@echo "make test         everything below that checks, as CI does"
	@echo "make check        lint, types and imports"
	@echo "make lint         ruff check and ruff format --check"
	@echo "make types        mypy --strict"
	@echo "make imports      the layers, by import-linter"
	@echo "make pytest       the tests (WORKERS=2)"
	@echo "make format       let ruff mend what it can"
	@echo "make readme       write the table of rules into README.md"
	@echo "make reports      write the golden files and reports/ again, after a change that was meant"
	@echo "make picture      take the README's picture of reports/cars.html"
	@echo "make sample-data  write sample_data/ again"
	@echo "make benchmark    set up the peers in .benchmark/, run them and us into reports/benchmark/ (hours)"
	@echo "make clean        remove .venv and caches"

install: $(INSTALLED)

demo: $(INSTALLED)
	@mkdir -p reports
	$(AUDIT) sample_data/cars_train.csv --test sample_data/cars_test.csv --label make \
		--output reports/cars.html --output reports/cars.json $(AGAIN)
	$(AUDIT) sample_data/earthquakes_train.parquet --test sample_data/earthquakes_test.parquet --label event \
		--group station --time start_time --output reports/earthquakes.html --output reports/earthquakes.json $(AGAIN)
	$(AUDIT) sample_data/clean_train.csv --test sample_data/clean_test.csv --label approved \
		--output reports/clean.html --output reports/clean.json $(AGAIN)

test: check pytest

check: lint types imports

lint: $(INSTALLED_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED_DEV)
	$(BIN)/mypy --strict

imports: $(INSTALLED_DEV)
	$(BIN)/lint-imports

pytest: $(INSTALLED_DEV) browser java
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
		|| .ci/apt-install chromium

# Spark's tests run it on this machine alone.
java:
	@command -v java >/dev/null || test -x "$$JAVA_HOME/bin/java" || .ci/apt-install default-jre-headless

format: $(INSTALLED_DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

readme: $(INSTALLED)
	@{ sed '/^<!-- rules -->$$/q' README.md; $(BIN)/dataaudit rules --format markdown; \
		sed -n '/^<!-- end of rules -->$$/,$$p' README.md; } > README.part
	@mv README.part README.md

picture: $(INSTALLED_DEV) browser
	$(BIN)/python reports/picture.py

reports: $(INSTALLED_DEV)
	$(BIN)/python -m tests.golden.rewrite

sample-data: $(INSTALLED)
	$(BIN)/python sample_data/make.py

benchmark: $(INSTALLED) $(PEERS:%=.benchmark/%/.installed) .benchmark/plot/.installed
	$(BIN)/python -m benchmarks.peers.compare $(BENCHMARK)
	.benchmark/plot/bin/python -m benchmarks.peers.plot

.benchmark/%/.installed: benchmarks/peers/%.txt
	@command -v $(PEERS_PYTHON) >/dev/null || { echo "error: there is no $(PEERS_PYTHON)" >&2; \
		echo "hint: name a Python of 3.11 or 3.12: make benchmark PEERS_PYTHON=python3.12" >&2; exit 1; }
	$(PEERS_PYTHON) -m venv --clear .benchmark/$*
	.benchmark/$*/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks

$(CREATED):
	@command -v $(PYTHON) >/dev/null || { echo "error: there is no $(PYTHON)" >&2; \
		echo "hint: name a Python of 3.11 or newer: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "error: Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) --version)" >&2; \
		echo "hint: name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || .ci/apt-install python3-venv
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(INSTALLED): $(CREATED) $(DESCRIPTION)
	$(PIP) --editable .
	@touch $@

$(INSTALLED_DEV): $(CREATED) $(DESCRIPTION)
	$(PIP) --editable '.[dev]'
	@touch $@ $(INSTALLED)
