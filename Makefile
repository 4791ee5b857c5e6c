PYTHON ?= python3
VENV := .venv/bin/python
SERVICES := $(VENV) -m clair_portal.local_services
PREPARE := $(PYTHON) clair_portal/local_services/environment.py

.DEFAULT_GOAL := help
.PHONY: help demo test bench chaos a11y restore-drill upgrade-check format clean

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1|/' | while IFS='|' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

demo: ## Run the portal with sample data at http://localhost:8000/ (PORT=..., STATE=...); Ctrl-C stops it
	@$(PREPARE)
	@$(SERVICES) demo

test: ## Run every check and every test (PYTEST_ARGS='-k word' narrows the tests)
	@$(PREPARE) --dev
	@$(SERVICES) run --test -- $(VENV) -m tests.check

bench: ## Measure speed and compare with the limits we promise (half an hour; CASES=10000 for a short look)
	@$(PREPARE) --dev
	@$(SERVICES) run --test -- $(VENV) -m tests.bench

chaos: ## Kill the servers and workers at random and count what was lost or doubled
	@$(PREPARE) --dev
	@$(SERVICES) run --test -- $(VENV) -m tests.chaos

a11y: ## Check the pages for accessibility in a browser
	@$(PREPARE) --dev
	@$(SERVICES) run --test -- $(VENV) -m tests.a11y

restore-drill: ## Back up, destroy, restore and compare
	@$(PREPARE) --dev
	@$(SERVICES) run --test -- $(VENV) -m tests.restore_drill

upgrade-check: ## Run the tests on the next release of Django
	@$(PREPARE) --dev
	@$(SERVICES) run --test -- $(VENV) -m tests.upgrade_check

format: ## Put the code into its one layout and sort the imports
	@$(PREPARE) --dev
	@$(VENV) -m ruff format .
	@$(VENV) -m ruff check --fix .

clean: ## Remove what make made: the data of demo and tests, the Python environment, caches
	@if [ -e .venv/installed ]; then $(SERVICES) clean; fi
	@rm -rf .venv build staticfiles .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis
	@find . -path ./.git -prune -o \( -name '*.mo' -path './locale/*' -o -name '*.pyc' \) -type f -exec rm -f {} +
