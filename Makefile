# The book's commands; `make` alone lists them. All of them share .venv, which is made once and
# again only when requirements.txt or pyproject.toml change.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SITE := _build/html
PORT := 8000
RUN = $(BIN)/python -m
AS_ROOT = $(shell [ "$$(id -u)" -ne 0 ] || echo --allow-root)

# Every cross-reference is checked (-n), every warning is an error (-W). A build that failed is
# forgotten: the next one would not read its pages again, and so not see their warnings.
BUILD = $(BIN)/jupyter-book build . -W --keep-going -n --quiet

export PYTHONDONTWRITEBYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help venv book serve lab notebooks test lint test-unit test-notebooks test-browser test-keras bench lock clean

help: ## list the commands
	@echo "Convolution, Exactly"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

# Pythons are tried by running them: a name on the PATH may be a shim that only fails.
$(READY): requirements.txt pyproject.toml
	@for python in "$(PYTHON)" python3 python3.13 python3.12 python3.11 python; do \
	  [ -n "$$python" ] && "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	    >/dev/null 2>&1 || continue; \
	  echo "==> making $(VENV) with $$("$$python" --version)"; \
	  "$$python" -m venv $(VENV) || exit 1; \
	  $(BIN)/python -m pip install --progress-bar on -r requirements.txt || exit 1; \
	  touch $(READY); exit 0; \
	done; \
	echo "No Python 3.11 or newer found: install one (with its venv module), or name it: make PYTHON=/path/to/python3 book" >&2; \
	exit 1

venv: $(READY) ## make the environment, .venv

book: $(READY) ## build the book into _build/html
	@echo "==> building the book"
	@$(BUILD) || { rm -rf _build/.doctrees; exit 1; }
	@test -s $(SITE)/index.html || { echo "The build wrote no $(SITE)/index.html" >&2; exit 1; }
	@echo "The book is ready: open $(SITE)/index.html"
	@echo "  file://$(CURDIR)/$(SITE)/index.html"

serve: book ## build the book and serve it on http://127.0.0.1:8000 (PORT=...)
	@echo "==> http://127.0.0.1:$(PORT)  (Ctrl-C ends)"
	@$(RUN) http.server --bind 127.0.0.1 --directory $(SITE) $(PORT)

lab: $(READY) ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab $(AS_ROOT) --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/chapters

notebooks: $(READY) ## execute the notebooks whose text changed (ALL=1: all of them)
	@$(BIN)/python chapters/_book/notebooks.py $(if $(ALL),--all)

test: lint test-unit test-notebooks book test-browser ## check everything
	@echo "==> all checks passed"

lint: $(READY) ## ruff and codespell
	@echo "==> ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "==> codespell"
	@$(BIN)/codespell

test-unit: $(READY) ## doctests and unit tests of convlib and the exercises
	@echo "==> doctests and unit tests"
	@$(RUN) pytest -q -n auto --dist loadfile --ignore=tests/browser --ignore=tests/test_notebooks.py

NOTEBOOKS = $(wildcard chapters/*.ipynb exercises/*.ipynb)

test-notebooks: $(READY) ## notebooks match their text, and run to the outputs they show
	@echo "==> notebooks and their text agree"
	@$(RUN) pytest -q tests/test_notebooks.py
	@echo "==> notebooks run to the outputs they show (nbval)"
	@$(RUN) pytest -q -n auto --dist loadfile --nbval --nbval-sanitize-with tests/nbval.cfg $(NOTEBOOKS)

test-browser: book ## the built pages in a real Chromium
	@echo "==> the pages in Chromium"
	@$(BIN)/python tests/browser/chromium.py
	@$(RUN) pytest -q -n auto --dist loadfile tests/browser

# Keras needs an environment of its own: TensorFlow is large, and only these two commands want it.
KERAS := .venv-keras
$(KERAS)/ready: tests/keras/requirements.txt pyproject.toml $(READY)
	@echo "==> making $(KERAS)"
	@$(BIN)/python -m venv $(KERAS)
	@$(KERAS)/bin/pip install --progress-bar on -r tests/keras/requirements.txt
	@touch $@

test-keras: $(KERAS)/ready ## random layers against Keras itself (EXAMPLES=100 for each layer)
	@$(KERAS)/bin/python -m pytest -q -s -c tests/keras/pytest.ini tests/keras

bench: $(KERAS)/ready ## convlib against Keras and, if it is installed there, PyTorch
	@$(KERAS)/bin/python tests/bench/bench.py $(ARGS)

lock: $(READY) ## compile requirements.txt from pyproject.toml
	@$(BIN)/python -m venv --clear _build/lock
	@_build/lock/bin/pip install --quiet uv
	@{ echo "# The book's environment on Python 3.11 to 3.13, made from pyproject.toml by \`make lock\`."; \
	  _build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
	    --extra book --extra dev --no-header --annotation-style line pyproject.toml; \
	  echo "-e ."; } > _build/requirements.txt && mv _build/requirements.txt requirements.txt

clean: ## remove what was built, and .venv
	rm -rf _build $(VENV) $(KERAS) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
