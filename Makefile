# Two commands do all the set-up on a machine with Python (3.11 or newer) and make:
#   make site   the demo warehouse, one night, the site in public/latest
#   make test   everything this machine can test; it lists what it left out and why
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
LPE := $(BIN)/lpe
# Quarto lies apart from all else: beside its package every notebook would start seconds later.
QUARTO_VENV := $(VENV)/quarto
QUARTO_BIN := $(QUARTO_VENV)/$(notdir $(BIN))
JUPYTER := $(VENV)/jupyter
JUPYTER_BIN := $(JUPYTER)/$(notdir $(BIN))
AUDIT := $(VENV)/audit
MUTATION := $(VENV)/mutation
AUDIT_BIN := $(AUDIT)/$(notdir $(BIN))
QUARTO_LOG := $(VENV)/quarto.log
QUARTO_PIP = $(QUARTO_BIN)/python -m pip --disable-pip-version-check install --require-hashes
NIGHTLY = $(if $(QUARTO),if [ -e $(QUARTO_VENV)/.installed ]; then \
	export QUARTO_PATH="$(CURDIR)/$(QUARTO_BIN)/quarto"; fi; )$(LPE) nightly

.PHONY: install site site-postgres quarto test test-quarto torture mutation docs bench references lab check types lint format drivers cluster lock lock-check audit licences sbom wheel deploy clean leave-demo help

install: $(VENV)/.installed ## install what the lock file says, into .venv

site: $(VENV)/.installed $(if $(QUARTO),quarto) ## the demo and one night (QUARTO=1: by Quarto)
	$(LPE) demo --if-missing
	$(NIGHTLY) --source demo

# The URL stands in the environment and on no command line, where other users could read it.
site-postgres: $(VENV)/.installed $(if $(QUARTO),quarto) ## the same on the PostgreSQL database in LPE_WAREHOUSE_URL
	$(LPE) demo --if-missing --postgres
	$(NIGHTLY) --source postgres

# A file's tests stay together, for they share what they have set up; the slow files come first.
test: $(VENV)/.installed-test ## run every test this machine can
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder \
		--trials=build/trials/test.jsonl

test-quarto: $(VENV)/.installed-test quarto ## run the tests that need a Quarto, with the one of `make quarto`
	QUARTO_PATH="$(CURDIR)/$(QUARTO_BIN)/quarto" LPE_REQUIRE=quarto \
		$(BIN)/python -m pytest -m quarto

# What fails stops nothing, and the exit code tells; stopped, it leaves the page as it was.
torture: $(VENV)/.installed-test ## try all that is promised for hours, into docs/reliability.md (PARTS=versions HOURS=5)
	$(BIN)/python -m tests.reliability torture $(PARTS) $(if $(HOURS),--hours $(HOURS))

# mutmut forks, which Windows cannot. A run that was stopped goes on where it was.
mutation: $(MUTATION)/.installed ## see how many small changes of the code of small numbers a test minds (MUTANTS=all)
	$(BIN)/python -m tests.mutation $(if $(MUTANTS),--mutants $(MUTANTS)) $(if $(SEED),--seed $(SEED)) \
		$(if $(MINUTES),--minutes $(MINUTES))

docs: $(VENV)/.installed-test ## make the docs that are made from the code, and the manual of all
	$(BIN)/python -m lpe_reports.cli.manual
	$(BIN)/python tests/known_answers/table.py
	$(BIN)/python -m tests.reliability
	$(LPE) docs

bench: $(VENV)/.installed-test ## measure speed and memory side by side, into docs/benchmarks.md
	$(BIN)/python -m tests.bench

references: $(VENV)/.installed-test ## run what the tests of notebooks compare with anew (PAGES='weekly flow')
	$(BIN)/python -m tests.references $(PAGES)

# Apart from all else: beside Jupyter's server every notebook would start two seconds later. Its
# kernel is the project's own environment.
lab: $(JUPYTER)/.installed ## JupyterLab on the notebooks, as they are and on the newest extract
	$(JUPYTER_BIN)/jupyter lab --config docs/deploy/jupyter_lab_config.py

check: $(VENV)/.installed-test lint types ## lint, types and the project's own check
	$(LPE) check

lint: $(VENV)/.installed-test ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# What forks, and what runs in forked processes, is for Linux alone; all else is looked at as the
# other systems have it, too.
ELSEWHERE := --follow-imports silent --exclude '(build/forking/|cli/live/inside)'
types: $(VENV)/.installed-test ## mypy, strict: for Linux, Windows and macOS
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 $(ELSEWHERE)
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin $(ELSEWHERE)

format: $(VENV)/.installed-test ## let ruff lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

drivers: $(VENV)/.installed ## install the drivers of SQL Server and of the machine's keyring too
	$(PIP) --require-hashes -r requirements-drivers.lock

cluster: $(VENV)/.installed ## install what `--executor dask:ADDRESS` and its workers need too
	$(PIP) --require-hashes -r requirements-cluster.lock

# Its package fetches the program from elsewhere as it installs, which not every machine may do:
# then it is said, and pages are made without it. Its build tools come first, from the same lock.
quarto: $(VENV)/.installed ## install Quarto apart from all else, where it can be fetched
	@test $(QUARTO_VENV)/.installed -nt requirements-quarto.lock || { \
	echo "Installing Quarto, which takes a minute or more …"; \
	{ $(BIN)/python -m venv $(QUARTO_VENV) && \
	awk '/^[a-z]/ { wanted = /^(packaging|setuptools|wheel)==/ } wanted' requirements-quarto.lock \
		> $(QUARTO_VENV)/build-tools.txt && \
	$(QUARTO_PIP) -r $(QUARTO_VENV)/build-tools.txt && \
	$(QUARTO_PIP) --no-build-isolation -r requirements-quarto.lock && \
	$(QUARTO_BIN)/quarto --version && touch $(QUARTO_VENV)/.installed; } > $(QUARTO_LOG) 2>&1 || \
	echo "Quarto could not be installed here ($(QUARTO_LOG) says why); the pages are made" \
		"without it, with Pandoc and Typst."; }

# Locks hold for every platform and Python from 3.11 on; they name no index, so that they hold
# behind a region's own mirror too. Needs `uv` on PATH. What is locked stays where pyproject.toml
# allows it; newer versions are asked for by name, so that a lock changes by what was meant.
LOCK_AS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	--no-header --quiet \
	$(if $(filter all,$(UPGRADE)),--upgrade,$(addprefix --upgrade-package ,$(UPGRADE)))
LOCK := uv pip compile pyproject.toml $(LOCK_AS) --extra build --extra postgres
lock: ## renew the lock files from pyproject.toml (UPGRADE='rich scipy', or UPGRADE=all)
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra test --extra dask --constraint requirements.lock \
		--output-file requirements-test.lock
	$(LOCK) --extra sqlserver --extra keyring --constraint requirements.lock \
		--output-file requirements-drivers.lock
	$(LOCK) --extra dask --constraint requirements-test.lock \
		--output-file requirements-cluster.lock
	uv pip compile --group jupyter $(LOCK_AS) --output-file requirements-jupyter.lock
	uv pip compile --group quarto $(LOCK_AS) --output-file requirements-quarto.lock
	uv pip compile .ci/audit.in $(LOCK_AS) --output-file .ci/audit.lock
	uv pip compile .ci/mutation.in $(LOCK_AS) --constraint requirements-test.lock \
		--output-file .ci/mutation.lock

lock-check: ## see that the lock files are what pyproject.toml asks for (needs `uv`)
	@before=$$(sha256sum requirements*.lock .ci/*.lock) && $(MAKE) --no-print-directory --silent lock && \
	if [ "$$before" != "$$(sha256sum requirements*.lock .ci/*.lock)" ]; then \
	echo "the lock files were behind pyproject.toml; they are renewed now, commit them" >&2; exit 1; fi

# Known weaknesses are asked of the package index, so this needs a network, or OSV_URL: a copy of
# the OSV database. The two others need none.
audit: $(AUDIT)/.installed $(VENV)/.installed-test ## look for known weaknesses, in what is locked and in the workflows
	$(AUDIT_BIN)/python .ci/supply/audit.py $(if $(OSV_URL),--osv-url "$(OSV_URL)")
	$(BIN)/python .ci/supply/licences.py --check
	$(AUDIT_BIN)/zizmor --quiet --offline --persona pedantic --strict-collection .

licences: $(VENV)/.installed-test ## write docs/licences.md, and fail on one that is not accepted
	$(BIN)/python .ci/supply/licences.py

sbom: $(AUDIT)/.installed $(VENV)/.installed ## write what each wheel in build/wheel needs beside it (CycloneDX)
	$(AUDIT_BIN)/python .ci/supply/sbom.py build/wheel/*.whl --site-packages \
		"$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

wheel: $(VENV)/.installed-test $(AUDIT)/.installed ## build the wheel, and make a page with it where there is no source
	rm -rf build/wheel
	$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation \
		--wheel-dir build/wheel .
	$(MAKE) --no-print-directory sbom
	PYTHON=$(BIN)/python .ci/try-wheel build/wheel/*.whl

# In this order, so that `latest` never leads to a version that is not there yet; what was pruned
# goes last.
deploy: ## copy the site to a web server: make deploy TO=account@server:/srv/lpe/public
	@[ -n "$(TO)" ] || { echo "say where: make deploy TO=account@server:/srv/lpe/public" >&2; exit 2; }
	rsync -aH public/assets public/v "$(TO)/"
	rsync -aH public/latest public/versions.json public/feed.xml public/index.html "$(TO)/"
	rsync -aH --delete public/assets public/v "$(TO)/"

clean: ## remove build/, which the next build makes again
	rm -rf build

# Moved and not removed: waiting lists of past days cannot be made again, and the workbook in
# data/office may be the office's own by now.
leave-demo: ## set the demo's data aside, before the first extract of your own
	@aside=data/set-aside-$$(date +%Y%m%dT%H%M%S) && mkdir $$aside && \
	for part in demo extracts office snapshots; do \
		if [ -e data/$$part ]; then mv data/$$part $$aside/; fi; \
	done && echo "data/ was set aside in $$aside; remove it when nothing of it is missed"

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it: make site PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

# The project itself is installed without asking any index: its build tool is in the lock.
$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/pyvenv.cfg
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: requirements-test.lock pyproject.toml | $(VENV)/pyvenv.cfg
	$(PIP) --require-hashes -r requirements-test.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.installed

$(JUPYTER)/.installed: requirements-jupyter.lock $(VENV)/.installed
	$(BIN)/python -m venv $(JUPYTER)
	$(JUPYTER_BIN)/python -m pip --disable-pip-version-check install --quiet \
		--require-hashes -r requirements-jupyter.lock
	$(BIN)/python -m ipykernel install --prefix $(JUPYTER) --name python3 \
		--display-name "Python 3 (lpe-reports)"
	@touch $@

$(AUDIT)/.installed: .ci/audit.lock | $(VENV)/pyvenv.cfg
	$(BIN)/python -m venv $(AUDIT)
	$(AUDIT_BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes \
		-r .ci/audit.lock
	@touch $@

# Its tests are the project's, which it finds in the project's own environment.
$(MUTATION)/.installed: .ci/mutation.lock $(VENV)/.installed-test
	$(BIN)/python -m venv $(MUTATION)
	$(MUTATION)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes \
		-r .ci/mutation.lock
	purelib='import sysconfig; print(sysconfig.get_path("purelib"))'; \
		$(BIN)/python -c "$$purelib" > "$$($(MUTATION)/bin/python -c "$$purelib")/project.pth"
	@touch $@
