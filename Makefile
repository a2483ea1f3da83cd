# Ungeplan's workshop. `make demo` and `make test` work in a fresh clone; all else is optional.
#
#   make demo       install, solve the example city and say where the results lie
#   make test       install, then everything that a change must pass (CI runs the same)
#   make test-all   the same with the slow tests
#   make lint       style, types and import contracts only
#   make tools      install the browser and the PostgreSQL server that tests use
#   make format     mend what the style tools can mend by themselves
#   make docs       write the generated pages of docs/reference again
#   make guide      take the pictures of the planner's guide again
#   make front-page write the real output of README's commands under them
#   make bench      benchmarks at office size, some tens of minutes; benchmarks/README.md says how to read them
#   make bench-full all sizes with three seeds, most of a day
#   make bench-compare EARLIER=FILE   what got slower since a stored run
#   make bench-show write the newest stored run into benchmarks/README.md
#   make lock       resolve the dependencies again, with hashes
#   make clean      remove the environment and everything generated
#
# PYTHON chooses the interpreter (3.11 or newer), VENV the environment's folder,
# TEST_PROCESSES how many tests run at a time.

PYTHON ?= python3
VENV ?= .venv
TEST_PROCESSES ?= 2

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadgroup --cov --cov-report=term
LOCK := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-annotate --no-header --no-emit-index-url --quiet

.PHONY: demo test test-all lint tools format docs guide front-page bench bench-full bench-compare bench-show lock clean
.DELETE_ON_ERROR:

demo: $(VENV)/.runtime
	$(BIN)/ungeplan demo

test: lint tools
	$(PYTEST) -m "not slow"

test-all: lint tools
	$(PYTEST)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

tools:
	tests/install_tools.sh

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.dev
	$(BIN)/python -m docs.generate

guide: $(VENV)/.dev tools docs
	$(BIN)/python -m docs.take_guide_pictures

front-page: $(VENV)/.dev
	$(BIN)/python -m docs.front_page

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.run --sizes office --patience 2 --peer-seconds 60 --label office
	$(BIN)/python -m benchmarks.show

bench-full: $(VENV)/.dev
	$(BIN)/python -m benchmarks.run --sizes office city region country --seeds 1 2 3 --label full
	$(BIN)/python -m benchmarks.show

bench-compare: $(VENV)/.dev
	@test -n "$(EARLIER)" || { echo "Name a stored run: make bench-compare EARLIER=benchmarks/results/..." >&2; exit 1; }
	$(BIN)/python -m benchmarks.compare $(EARLIER)

bench-show: $(VENV)/.dev
	$(BIN)/python -m benchmarks.show

lock: $(VENV)/.dev
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra dev --extra postgresql --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --extra benchmarks --constraint requirements-dev.lock --output-file requirements-benchmarks.lock

clean:
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*

# The locks name all there is to install: with --no-deps no resolver looks for newer versions.
# Stamps: each is newer than what it was made from, so a repeated run installs nothing.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Ungeplan needs Python 3.11 or newer, and '$(PYTHON)' is not." >&2; \
		echo "Name another one: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.created requirements.lock pyproject.toml
	$(PIP) install --no-deps --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(PIP) install --no-deps --require-hashes --requirement requirements-dev.lock
	@touch $@
