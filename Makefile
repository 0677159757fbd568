# The developer's manual: every task is a target. A newcomer needs two: `make digest` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help digest mailbox serve test check format clean lock

help: ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 12

# Everything is pinned with hashes, dependencies of dependencies too: there is nothing left to resolve.
$(READY): requirements.txt requirements-dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (once; a minute or two) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

digest: $(READY) ## Make one digest of sample articles, mail it to sample readers, say where to look
	@$(BIN)/python run_digest.py --demo
	@$(BIN)/digest mailbox --unless-piped

mailbox: $(READY) ## Open the embedded mailbox as a web page
	@$(BIN)/digest mailbox

serve: $(READY) ## Run the scheduler and the public pages
	@$(BIN)/digest serve

test: $(READY) ## Run every test that needs Python packages alone
	@$(BIN)/python -m pytest -q -m "not browser and not long"

check: $(READY) ## Lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(READY) ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: ## Renew the pinned requirements (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements.txt requirements-dev.in -o requirements-dev.txt

clean: ## Remove what can be made again (never the database)
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
