# Một Cửa: what people run. `make` lists the targets.
UV_VERSION := 0.13.8
PYTHON ?= python3.11
BIN := .venv/bin
UV := .tools/uv/bin/uv
STAMP := .venv/.made-from-lock
PROMTOOL := .tools/promtool
# Two at a time, whole files: most of the suite waits for brokers and databases to start or to come back.
WORKERS := -n 2 --dist loadfile
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help setup kafka promtool lint check test soak demo demo-clean bench bench-peers lock docs

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(STAMP) ## make the environment from the lock file; instant when nothing changed
	@:

$(UV):
	@echo "==> uv $(UV_VERSION) (once)"
	@command -v $(PYTHON) >/dev/null || { echo "Thiếu $(PYTHON): hãy cài gói python3.11-venv / $(PYTHON) is missing: install the package python3.11-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Thiếu module venv: hãy cài gói python3.11-venv / Python's venv is missing: install the package python3.11-venv" >&2; exit 1; }
	@mkdir -p .tools && $(PYTHON) -m venv .tools/uv
	@.tools/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(STAMP): requirements.lock pyproject.toml | $(UV)
	@echo "==> environment from requirements.lock"
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

kafka: setup ## resolve Apache Kafka by Maven into .tools; instant when it is there
	@echo "==> Apache Kafka"
	@$(BIN)/python -m deploy.local.backends.jars

promtool: $(PROMTOOL) ## take promtool from Debian's package prometheus into .tools; instant when it is there
	@:

$(PROMTOOL):
	@echo "==> promtool (once)"
	@mkdir -p .tools; work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; \
	get() { apt-get download -qq prometheus && dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool; }; \
	if command -v promtool >/dev/null; then ln -sf "$$(command -v promtool)" $@; \
	elif (cd "$$work" && { get || { [ "$$(id -u)" = 0 ] && apt-get update -qq && get; }; }) >"$$work/log" 2>&1; \
	then cp "$$work/usr/bin/promtool" $@.part && mv $@.part $@; \
	else cat "$$work/log" >&2; \
	echo "Thiếu promtool, có trong gói prometheus của Debian: apt-get install prometheus / promtool is missing; it is in Debian's package prometheus: apt-get install prometheus" >&2; exit 1; fi

lint: setup ## format, lint, types, own rules
	@echo "==> format" && $(BIN)/ruff format --check --quiet .
	@echo "==> lint" && $(BIN)/ruff check --quiet .
	@echo "==> types" && $(BIN)/mypy
	@echo "==> own rules" && $(BIN)/python -m tests.lint

check: lint ## the quick loop: lint, then unit tests
	@echo "==> unit tests" && $(BIN)/pytest $(WORKERS) tests/unit -q

test: kafka promtool lint ## lint, then the whole suite with a real broker and database on free ports
	@echo "==> the whole suite"
	@$(BIN)/pytest $(WORKERS)

soak: kafka ## 200 faults of all kinds, 20 seeds of frozen writers, 100,000 entered figures; MOTCUA_SEED=N repeats a run
	@echo "==> 200 faults, 20 frozen writers, 100,000 entered figures"
	@MOTCUA_SOAK=200 $(BIN)/pytest tests/faults tests/integration/processing/test_indicators.py -rP --timeout 14400

demo: kafka ## a simulated province with live figures; Ctrl-C ends it, the data stay
	@$(BIN)/motcua demo

demo-clean: setup ## remove the demo's data
	@$(BIN)/motcua demo-clean

bench: kafka ## CPU and wall time per event, beside a bare loop over the same messages
	@$(BIN)/python -m benchmarks

bench-peers: kafka ## metrics beside Bytewax and Quix Streams counting the same rows exactly, these in an environment of their own
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .tools/peers
	@$(UV) pip install --quiet --python .tools/peers/bin/python -r benchmarks/peers/requirements.txt
	@$(BIN)/python -m benchmarks.peers .tools/peers/bin/python

lock: $(UV) ## resolve the dependencies anew into requirements.lock, and the image's share of them
	@$(UV) pip compile --quiet --generate-hashes --no-emit-index-url --all-extras --python-version 3.11 pyproject.toml -o requirements.lock
	@$(UV) pip compile --quiet --generate-hashes --no-emit-index-url -c requirements.lock --extra reference --python-version 3.11 pyproject.toml -o deploy/image/requirements.lock

docs: setup ## generate docs/contract and the reference pages anew
	@$(BIN)/python -m shared.contract.generate
	@$(BIN)/python -m motcua.importing
	@$(BIN)/python -m docs.generate
