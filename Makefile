# One file, every job. Each target does its own set-up: on a bare machine only Python 3.11+, Node 20+ and make are needed.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
PY := .venv/bin/python
PIP := .venv/bin/pip --disable-pip-version-check
BIN := web/node_modules/.bin
WEB_SOURCES := $(shell find web/src web/public -type f 2>/dev/null) $(wildcard web/*.ts web/*.json web/*.html)

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  \033[1m%-10s\033[0m %s\n", $$1, $$2}'

demo: .venv/.ready src/chatkit/_static/.built ## set everything up and start the demo on 127.0.0.1
	@$(PY) -m chatkit demo $(ARGS)

dev: .venv/.ready web/node_modules/.ready ## the demo with reload of server and client
	@bash scripts/dev.sh

test: .venv/.ready .cache/peer/.ready web/node_modules/.ready src/chatkit/_static/.built ## everything: check, then services, browser and conformance tests
	@bash scripts/test.sh

check: .venv/.ready web/node_modules/.ready ## format, lint, types, layers and unit tests, about a minute
	@bash scripts/check.sh

gen: .venv/.ready web/node_modules/.ready ## write what is made from the Python types, docstrings and examples
	@bash scripts/gen.sh

format: .venv/.ready web/node_modules/.ready ## format both languages in place
	@.venv/bin/ruff format src tests bench scripts docs_src examples && .venv/bin/ruff check --fix src tests bench scripts docs_src examples
	@cd web && node_modules/.bin/biome check --write src e2e *.ts

bench: .venv/.ready .cache/peer/.ready ## ours against openai-chatkit, side by side in one run
	@$(PY) bench/run.py $(ARGS)

build: .venv/.ready src/chatkit/_static/.built ## the wheel and the source distribution, in dist/
	@$(PIP) install -q build hatchling -c constraints.txt && $(PY) -m build --no-isolation

clean: ## remove what was built and installed
	rm -rf .venv .cache dist build src/chatkit/_static web/node_modules

.venv/.ready: pyproject.toml constraints.txt requirements-dev.txt scripts/preflight.sh
	@bash scripts/preflight.sh python
	@echo "▸ Python packages (once, about a minute)"
	@test -x .venv/bin/python || python3 -m venv .venv
	@$(PIP) install -qq -e '.[all]' -r requirements-dev.txt -c constraints.txt || { bash scripts/preflight.sh offline; exit 1; }
	@touch $@

web/node_modules/.ready: web/package-lock.json scripts/preflight.sh
	@bash scripts/preflight.sh node
	@echo "▸ Web packages (once, half a minute)"
	@cd web && npm ci --silent --no-audit --no-fund || { bash ../scripts/preflight.sh offline; exit 1; }
	@touch $@

src/chatkit/_static/.built: web/node_modules/.ready $(WEB_SOURCES)
	@echo "▸ Building the web client"
	@cd web && node_modules/.bin/vite build --logLevel error
	@touch $@

.cache/peer/.ready:
	@echo "▸ openai-chatkit 1.6.5, in a venv of its own"
	@python3 -m venv .cache/peer && .cache/peer/bin/pip --disable-pip-version-check install -q openai-chatkit==1.6.5 fastapi 'uvicorn[standard]' httpx
	@touch $@

.PHONY: help demo dev test check gen format bench build clean
