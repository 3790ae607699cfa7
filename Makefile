# Two commands matter: `make run` shows the whole product, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test pictures test-all test-zapier test-n8n bench bench-reading bench-load bench-security sbom audit format clean setup test-tools

run: setup
	@$(BIN)/python -m demo.play $(if $(ONCE),--once)

test: setup
	@$(BIN)/python -m pytest -m "not slow and not zapier and not n8n" -n 2 --dist loadfile

test-all: setup test-tools
	@$(BIN)/python -m pytest -m slow

pictures: setup test-tools
	@PAGE_PICTURES=build/pictures $(BIN)/python -m pytest -q -m slow tests/web/pages/test_pictures.py tests/web/pages/test_chromium.py -k fits
	@$(BIN)/python -m tests.web.pages.keep_pictures

test-tools:
	@sh ./install.sh "$(PYTHON)" "$(VENV)" test-tools

test-zapier: setup
	@$(BIN)/python -m pytest -m zapier tests/catalog

test-n8n: setup
	@$(BIN)/python -m pytest -m n8n tests/catalog/n8n

bench: setup
	@$(BIN)/python -m bench

bench-reading: setup
	@$(BIN)/python -m bench.reading $(if $(MORE),--more)

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt install.sh
	@sh ./install.sh "$(PYTHON)" "$(VENV)"
	@touch $(STAMP)

bench-load: setup
	@$(BIN)/python -m bench.load $(if $(ONLY),--only $(ONLY))

bench-security: setup
	@$(BIN)/python -m bench.security

# What is installed, as a software bill of materials (CycloneDX).
sbom: setup
	@mkdir -p build
	@$(BIN)/cyclonedx-py environment $(VENV) --pyproject pyproject.toml --output-reproducible -o build/sbom.json
	@echo "Written: build/sbom.json"

# Known weaknesses of the installed packages; asks a public database, so it needs the internet.
# Ends with 0: none known; 1: some are; 3: the database did not answer for all of them.
audit: setup
	@$(BIN)/python -m bench.audit

format: setup
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

clean:
	rm -rf $(VENV) build *.egg-info
