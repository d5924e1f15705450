# make pdfs   sets up, then builds all PDFs into output/
# make test   sets up, then runs all tests
# make bench  sets up, then measures
# make lock   writes down the versions in use, once the tests have passed with them

BIN := .venv/bin

.PHONY: pdfs test bench lock clean

pdfs: ready
	@$(BIN)/handouts build

test: ready-to-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pytest -n auto

bench: ready
	@$(BIN)/python -m tests.benchmarks

lock: ready
	@$(BIN)/python -m pip freeze --exclude-editable > .ci/locked.txt

clean:
	rm -rf .venv .handouts
	find output -mindepth 1 -depth ! -name .gitkeep ! -name printed.json -delete

.PHONY: ready ready-to-test
ready:
	@.ci/setup
ready-to-test:
	@.ci/setup test
