# make run · make demo · make lake · make lake-demo · make test · make torture · make torture-long · make check · make data · make docs · make bench · make bench-peers; needs Python 3.11 or newer, pip and make
PYTHON ?= python3
BIN := .venv/bin
LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate
# no telemetry from any of the libraries, at home or in CI
export PREFECT_SERVER_ANALYTICS_ENABLED ?= false
export DO_NOT_TRACK ?= 1
export GX_ANALYTICS_ENABLED ?= false
# a machine that is busy needs longer to start the temporary server
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS ?= 120

DEMO := warehouse/demo

.PHONY: help run demo lake lake-demo test torture torture-long check data docs bench bench-peers lock clean
help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ \t/'

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch .venv/installed

.venv/developed: .venv/installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock -r requirements-dev.lock
	touch .venv/developed

run: .venv/installed ## everything in raw/ into warehouse/jibao.duckdb, and the headline figures
	$(BIN)/jibao run

demo: .venv/installed ## the same on made-up submissions with planted errors, in warehouse/demo
	rm -rf $(DEMO)
	$(BIN)/jibao synthesize $(DEMO)/raw --zones 2 --quarters 5 --enterprises 60 --errors 2%
	$(BIN)/jibao run --raw $(DEMO)/raw --warehouse $(DEMO)/warehouse
	$(BIN)/jibao status --warehouse $(DEMO)/warehouse
	$(BIN)/jibao score $(DEMO)/raw --warehouse $(DEMO)/warehouse || true
	@echo "all of it is made up. Look at: $(DEMO)/raw/errors.csv (the answer key), $(DEMO)/warehouse/replies/ (return workbooks), $(DEMO)/warehouse/published/site/index.html"

test: .venv/developed ## the test suite, in a few minutes
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

.venv/laked: .venv/installed requirements-lake.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-lake.lock
	touch .venv/laked

lake: .venv/laked ## what the warehouse on DuckLake needs besides: the extra jibao[lake]

lake-demo: .venv/laked ## raw/ and the demo set on DuckLake, with a PostgreSQL of the demo's own: two runs at once, queried, torn down
	$(BIN)/python benchmarks/lake_demo.py

torture: .venv/developed .venv/laked ## what takes longer: servers, workers, killed runs, whole sets
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m torture

torture-long: .venv/developed ## 200 kills, ten sizes of a disk, a million mutated inputs: hours
	JIBAO_FAULTS_LONG=1 JIBAO_FUZZ_LONG=1 JIBAO_DISCLOSURE_LONG=1 JIBAO_ANSWERS_LONG=1 $(BIN)/python -m pytest -s -m torture tests/faults tests/fuzz tests/hostile tests/sql/test_disclosure_over_time.py tests/sql/test_disclosure_over_vintages.py tests/sql/test_same_answer.py tests/orchestration/test_operation.py

check: .venv/developed ## lint, format, types, SQL style, who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint sql
	$(BIN)/lint-imports

data: .venv/installed ## rebuild the warehouse from raw/ alone
	$(BIN)/jibao run --rebuild

docs: .venv/developed ## what is generated of docs/: the dictionary, the list of modules, the results in the cookbook
	$(BIN)/jibao dictionary
	$(BIN)/python -m pytest -q -m 'torture or not torture' tests/test_cookbook.py tests/test_modules.py --update

bench: .venv/developed ## time the pipeline beside a bare DuckDB script
	$(BIN)/python benchmarks/bench.py

bench-peers: .venv/developed ## time other tools on the same register, each in an environment of its own
	$(BIN)/python benchmarks/peers/run.py

lock: ## pin every dependency anew (needs uv)
	$(LOCK) --group pyproject.toml:build pyproject.toml -o requirements.lock
	$(LOCK) --group pyproject.toml:dev -c requirements.lock -o requirements-dev.lock
	$(LOCK) --extra lake pyproject.toml -c requirements.lock -o requirements-lake.lock

clean: ## remove what is derived
	rm -rf warehouse/* .venv
