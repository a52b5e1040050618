# Two commands: `make run` and `make test`. A fresh machine needs Python 3.11 or newer and make.
.DEFAULT_GOAL := run
SHELL := /bin/sh
PORT ?= 8000
DATA ?= var
ONLY ?=
CMD ?= help
ARGS ?=
PY := .venv/bin/python
READY := @sh deploy/ready

.PHONY: run test lint bench manage lock format

run: ## Serve everything on this machine: make run [PORT=8123] [DATA=/some/dir]
	$(READY) runtime && exec $(PY) -m deploy.local run --port "$(PORT)" --data "$(DATA)"

manage: ## A management command against an instance: make manage CMD="clock advance 45m" [DATA=…]
	$(READY) runtime && exec $(PY) -m deploy.local manage --data "$(DATA)" -- $(CMD)

test: ## The whole suite, on every database and broker that is there: make test [ARGS="tests/core"]
	$(READY) development && exec $(PY) -m tests.run $(ARGS)

lint: ## Every check that needs no server
	$(READY) development && exec $(PY) -m tests.lint

bench: ## Figures as JSON lines: make bench [ONLY=availability]
	$(READY) development && exec $(PY) -m bench $(ONLY)

lock: ## Pin requirements*.in with hashes
	$(READY) development
	$(PY) -m deploy.lock

format: ## Sort imports and lay code out
	$(READY) development && $(PY) -m ruff check --fix . && $(PY) -m ruff format .
