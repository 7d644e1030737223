# Needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint types imports gate browser build bench model clean

.venv/done: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "communique needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

demo: .venv/done
	$(BIN)/communique read examples/items

test: .venv/done
	$(BIN)/python -m pytest -m "not browser and not slow"

lint: .venv/done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests tools training evaluation benchmarks
	$(BIN)/python tools/build_lexicon.py --check
	$(BIN)/python tools/build_knowledge.py --check
	$(BIN)/python tools/build_concepts.py --check
	$(BIN)/python tools/build_promises.py --check

types: .venv/done
	$(BIN)/mypy

imports: .venv/done
	$(BIN)/lint-imports

gate: .venv/done
	$(BIN)/python -m evaluation.gate

browser: .venv/done
	$(BIN)/python -m pytest -m browser tests

build: .venv/done
	$(BIN)/python tools/build_lexicon.py
	$(BIN)/python tools/build_knowledge.py

# The shipped model, from data at DATA (see training/README.md); about 90 minutes on two cores.
model: .training/done
	.training/bin/python -m training.reader $(DATA) --own training/corpus --leave-out 10 --minutes 48 --out first.pt
	.training/bin/python -m training.reader $(DATA) --own training/corpus --leave-out 10 --minutes 42 --start first.pt \
	  --rate 1.5e-4 --seed 2 --out reader.pt
	.training/bin/python -m training.export reader.pt src/communique/data/model --version 1
	.training/bin/python -m training.calibrate src/communique/data/model $(DATA)/corpus.jsonl --every 10

.training/done: training/requirements.txt
	$(PYTHON) -m venv .training
	.training/bin/python -m pip install --quiet --disable-pip-version-check -r training/requirements.txt -e .
	touch $@

bench: .venv/done
	$(BIN)/python benchmarks/reading.py

clean:
	rm -rf .venv .training .mypy_cache .pytest_cache .ruff_cache
