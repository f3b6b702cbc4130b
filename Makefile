# Everything runs in .venv, made from what is installed here: Python 3.11 or newer, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# The tests start hundreds of processes: each may find what another has compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo page test test-quick test-laws test-mutants test-crash test-fuzz bench bench-full lint docs pictures site clean

demo: $(VENV)/.runtime
	@$(BIN)/tracker demo

page: $(VENV)/.web
	@[ -e tracker-demo.db ] || $(BIN)/tracker demo >/dev/null
	@$(BIN)/tracker --db tracker-demo.db serve

test: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs 2 lint tests

# Their databases and files are in memory where it has room for them, as they write much and keep nothing: that takes a
# third of the time off. Everybody may use the folder, since servers and some tests run as another user.
ROOM_KB := 4000000
.PHONY: tests
tests: $(VENV)/.dev
	@if [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'NR == 2 {print $$4}')" -gt $(ROOM_KB) ]; then \
		TMPDIR=$$(mktemp -d /dev/shm/tracker-tests.XXXXXX) && export TMPDIR && chmod 1777 "$$TMPDIR" && \
		trap 'rm -rf "$$TMPDIR"' EXIT; \
	fi; \
	$(BIN)/python -m pytest -n 2 --dist worksteal

# What tells most in the least time, for the inner loop: the domain, a few of the laws and the commands, on SQLite.
QUICK := tests/domain tests/adapters tests/cli/test_commands.py tests/cli/test_revisions.py tests/cli/test_refusals.py \
	tests/reports/test_renderings.py tests/laws tests/storage/test_event_log.py tests/storage/test_verification.py
test-quick: $(VENV)/.dev
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	TRACKER_LAW_EXAMPLES=3 $(BIN)/python -m pytest -n 2 --dist worksteal -k "not postgresql and not installed" $(QUICK)

# The laws on random histories, far more of them than `make test` takes the time for.
test-laws: $(VENV)/.dev
	TRACKER_LAW_EXAMPLES=1000 $(BIN)/python -m pytest -n 2 tests/laws

# Changes the code that decides meaning in every small way and says which changes no test noticed.
test-mutants: $(VENV)/.dev
	$(BIN)/python -m tests.mutants

# Kills writers, commands and servers at random moments, more than 200 times, lets 8 writers race over 20,000 entries,
# and changes a byte in every column of every row.
test-crash: $(VENV)/.dev
	TRACKER_CRASH_TIMES=15 TRACKER_CONCURRENT_ENTRIES=20000 TRACKER_TAMPERED_ROWS=1000 \
		$(BIN)/python -m pytest -n 2 tests/reliability tests/storage/test_tampering.py

# Malformed files, damaged ones and arbitrary arguments, 10,500 cases of them, and 10,000 requests to a server: nothing
# crashes, nothing is half kept.
test-fuzz: $(VENV)/.dev
	TRACKER_FUZZ_CASES=10500 $(BIN)/python -m pytest -n 2 --dist worksteal tests/fuzz

# The tracker beside the bare engine and its peers, in two minutes; `python -m benchmarks --help` has all sizes.
BENCH_ENTRIES ?= 20000
bench: $(VENV)/.bench
	@$(BIN)/python -m benchmarks --entries $(BENCH_ENTRIES) --runs 3 $(BENCH_OPTIONS)

# A million entries, with 20 issues and with 1,000: writes the figures and the picture of docs/performance.md.
bench-full: $(VENV)/.bench
	@$(BIN)/python -m benchmarks --entries 1000000 --issues 20 --issues 1000 $(BENCH_OPTIONS) \
		--json docs/performance.json --doc docs/performance.md --chart docs/pictures/performance.svg

lint: $(VENV)/.dev
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# Run the commands in README and docs/ again and write their present output; the tests hold it.
docs: $(VENV)/.dev
	$(BIN)/python -m tests.documents

# Photograph the page for the documents; that needs chromium on the path. Look at them before they are committed.
pictures: $(VENV)/.dev
	$(BIN)/python -m tests.page_pictures

# The documentation as a site in site/, from the files here alone: `python3 -m http.server -d site` shows it.
site: $(VENV)/.docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf $(VENV) build dist site .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache

$(VENV)/.dev: EXTRA := [dev]
# To compile all that is installed takes four times as long as the tests' own compiling of what they import.
$(VENV)/.dev: PIP_OPTIONS := --no-compile
$(VENV)/.bench: EXTRA := [bench]
$(VENV)/.web: EXTRA := [web]
$(VENV)/.docs: EXTRA := [docs]
# The pip that comes with Python takes twice as long to choose among all files of the index; it does where none is newer.
$(VENV)/.runtime $(VENV)/.web $(VENV)/.dev $(VENV)/.bench $(VENV)/.docs: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is %s. Try: make PYTHON=python3.12" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --constraint constraints.txt --upgrade pip || true
	@$(BIN)/python -m pip install --quiet $(PIP_OPTIONS) --disable-pip-version-check --constraint constraints.txt --editable '.$(EXTRA)'
	@touch $(VENV)/.runtime $@
