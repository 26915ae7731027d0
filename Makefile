# Two commands do everything and do nothing twice:
#   make run     from a bare checkout to the running platform with a demo wave (Ctrl+C stops it)
#   make test    everything that CI runs: lint, types, contracts, tests, and the services they need
# A data centre on this machine, PostgreSQL, Redis, several processes, nginx with TLS: make run-server.
# The rest serves development: make long (the tests that are too long for every change), make browsers (a participant's pages in
# the oldest browsers), make lint, make lock, make clean.

# A developer's own Python settings must not change what is built or run here.
unexport PYTHONPATH PYTHONHOME PYTHONWARNINGS PYTHONDONTWRITEBYTECODE VIRTUAL_ENV
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
NODE = $(wildcard .venv/lib/python3.*/site-packages/playwright/driver/node)
JS_TESTS = $(wildcard tests/js/*.test.js tests/js/*/*.test.js)

# Scripts in .venv name their own place: a folder that was moved, or lost its Python, is set up anew.
ifneq ($(shell test -x .venv/bin/python && cat .venv/.place 2>/dev/null),$(shell pwd))
.PHONY: .venv/.run
endif

.PHONY: run run-server test long browsers lint types js collected pictures setup lock schema clean

run: .venv/.run
	@exec $(BIN)/proasn run --demo

run-server: .venv/.run
	@exec $(BIN)/proasn run-server --demo

test: .venv/.test
	@scripts/services
	@$(MAKE) -j 2 --output-sync=target types lint js collected
	@exec $(BIN)/pytest -q -n 5 --dist worksteal

long: .venv/.test
	@scripts/services
	@exec $(BIN)/pytest -q -m long --ignore=tests/browsers

# PICTURES=<folder> leaves pictures of every screen in both themes.
browsers: .venv/.test
	@scripts/browsers
	@exec $(BIN)/pytest -q -n 2 -m long $(if $(PICTURES),--pictures $(PICTURES)) tests/browsers

setup: .venv/.test

# Makes the pictures of the main screens anew, as the browser tests pass them.
pictures: .venv/.test
	@exec $(BIN)/pytest -q -n 2 --pictures docs/gambar tests/journeys/test_walk.py tests/journeys/test_planning.py \
	    tests/journeys/test_bad_quarter.py tests/journeys/test_review.py tests/journeys/test_nine_box.py \
	    tests/journeys/test_report.py tests/assessment_app/succession/test_in_browser.py

lint: .venv/.test
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "Not formatted: run $(BIN)/ruff format" >&2; exit 1; }
	@$(BIN)/lint-imports >/dev/null 2>&1 || { $(BIN)/lint-imports; exit 1; }
	@$(BIN)/bandit --quiet --recursive -ll scoring_engine item_bank assessment_app workers migrations

types: .venv/.test
	@$(BIN)/mypy --no-error-summary

js: .venv/.test
	@$(if $(JS_TESTS),$(NODE) --test --test-reporter=dot $(JS_TESTS))

# Compiles every test once, on the processor that mypy leaves free: in a fresh clone each worker of pytest would do it for itself.
collected: .venv/.test
	@said=$$($(BIN)/pytest --collect-only -qq 2>&1) || { echo "$$said" >&2; exit 1; }

.venv/.run: setup.cfg pyproject.toml requirements/build.txt requirements/run.txt scripts/bootstrap
	@scripts/bootstrap run

.venv/.test: .venv/.run requirements/test.txt
	@scripts/bootstrap test

# Resolves requirements/*.in anew. The lock files name no package index: whoever installs chooses it.
lock: .venv/.run
	@cd requirements && for set in build run test; do \
	    ../$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	        --generate-hashes --no-annotate --no-header \
	        $$set.in --output-file $$set.txt || exit 1; \
	done

# Writes migrations/*/schema.sql from the models.
schema: .venv/.run
	@$(BIN)/python -m migrations.schema

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
