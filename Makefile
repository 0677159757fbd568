# The developer's manual: every task is a target. A newcomer needs two: `make digest` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
APT := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends

# What `make chaos` is told; a failure is replayed from its seed.
KILLS ?= 20
RECIPIENTS ?= 300
SEED ?= 1
DATABASE ?= sqlite
MODE ?= resend
ENGINE ?= inprocess
PROCESSES ?= 1

# What `make fuzz` is told: the time for all targets together, and which of them.
SECONDS ?= 30
TARGETS ?=

.DEFAULT_GOAL := help
.PHONY: help deploy-check docs-commands images golden digest demo mailbox serve test check format docs pictures spam long red chaos fuzz api-check bench clean lock chromium

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

demo: $(READY) ## Show the desk with an invented newsroom in it; prints a link for each role
	@$(BIN)/digest demo

# Compiled code is kept, whatever the shell says: each worker and each process that a test starts would compile it all again.
test: export PYTHONDONTWRITEBYTECODE =
test: $(READY) ## Run every test that needs Python packages alone
	@$(BIN)/python -m pytest -q -n 3 --dist worksteal --ignore=tests/red -m "not browser and not spam and not long and not deploy and not commands"

check: $(READY) ## Lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(READY) ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: $(READY) ## Write the generated pages of the reference
	@$(BIN)/python docs/make_reference.py

images: $(READY) chromium ## Take the pictures of the docs
	@$(BIN)/python docs/make_images.py
	@$(BIN)/python -m docs.make_desk_images
	@$(BIN)/python docs/make_status_image.py

chromium:
	@test -x /usr/bin/chromium || (apt-get update -qq && $(APT) chromium fonts-noto-core)

pictures: $(READY) chromium ## Look at the mail and the pages in Debian's Chromium, and compare the pictures
	@$(BIN)/python -m pytest -q -m browser --ignore=tests/red

golden: $(READY) chromium ## Renew the golden pictures; look at them before you keep them
	@MUJAZ_RENEW_PICTURES=1 $(BIN)/python -m pytest -q -m browser -k approved tests/browser/test_pictures.py

spam: $(READY) ## Score every layout with SpamAssassin and rspamd
	@command -v spamassassin >/dev/null && command -v rspamd >/dev/null || (apt-get update -qq && $(APT) spamassassin rspamd)
	@$(BIN)/python -m pytest -q -s -m spam

deploy-check: $(READY) ## Let systemd, nginx and Caddy judge the files of deploy/
	@(for tool in systemd-analyze nginx caddy openssl; do command -v $$tool >/dev/null || exit 1; done) || (apt-get update -qq && $(APT) systemd nginx-light caddy openssl)
	@$(BIN)/python -m pytest -q -m deploy tests/deploy

docs-commands: $(READY) ## Run every command of the documentation in folders of its own
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m commands tests/commands

chaos: $(READY) ## Kill senders: KILLS= RECIPIENTS= SEED= DATABASE= MODE= ENGINE= PROCESSES=
	@$(BIN)/python -m benchmarks.chaos --kills $(KILLS) --recipients $(RECIPIENTS) --seed $(SEED) --database $(DATABASE) --mode $(MODE) --engine $(ENGINE) --processes $(PROCESSES)

# Only fuzzing needs it, and it comes as a wheel for Linux alone.
$(VENV)/.fuzz: $(READY) tests/fuzz/requirements-fuzz.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/fuzz/requirements-fuzz.txt
	@touch $@

fuzz: $(VENV)/.fuzz ## Fuzz every door for foreign bytes: SECONDS= (3600 is the long run) SEED= (0: chosen) TARGETS=
	@$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS) --seed $(SEED) $(TARGETS)

# In a place of its own: it brings plugins for the test runner that the tests do not want.
$(VENV)/.api-check: tests/api/requirements.txt
	@$(PYTHON) -m venv $(VENV)-api
	@$(VENV)-api/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/api/requirements.txt
	@touch $@

api-check: $(READY) $(VENV)/.api-check ## Ask the JSON interface all that its description allows, and much that it does not: SECONDS=
	@$(BIN)/python -m tests.api.check --seconds $(SECONDS) --schemathesis $(VENV)-api/bin/schemathesis

bench: $(READY) ## Measure side by side: rendering, the ledger, the collector
	@$(BIN)/python benchmarks/render.py
	@$(BIN)/python benchmarks/ledger.py
	@$(BIN)/python benchmarks/collect.py

# Attacks wait more than they work, so that there are more at a time than processors. Two that drive a browser cannot be one process.
red: $(READY) chromium ## Attack the real thing on this machine and say what held; SHORT=1: the minutes of it
	@$(BIN)/python -m pytest -q -n 4 --dist worksteal --timeout=900 -p tests.red.table -m "red and not browser$(if $(SHORT), and not long)" $(if $(SHORT),tests/red)
	@$(BIN)/python -m pytest -q --timeout=900 -p tests.red.table -m "red and browser" tests/red
	@$(if $(SHORT),,$(BIN)/python -m pytest -q --timeout=900 -p tests.red.table -m "red and browser" tests/browser)

long: $(READY) ## Run the tests that take minutes
	@$(BIN)/python -m pytest -q -m long --timeout=1800

clean: ## Remove what can be made again (never the database)
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

lock: ## Renew the pinned requirements (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements.txt requirements-dev.in -o requirements-dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements-dev.txt tests/fuzz/requirements-fuzz.in -o tests/fuzz/requirements-fuzz.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header tests/api/requirements.in -o tests/api/requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements-dev.txt benchmarks/requirements-collect.in -o benchmarks/requirements-collect.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements-dev.txt benchmarks/requirements-sections.in -o benchmarks/requirements-sections.txt
