# Every target is a thin call of tools/kit.py: without make, run `python tools/kit.py lab` and so on.
# Works with GNU make 3.81, which macOS has.

# The first of these that runs, is new enough and can make environments. A pyenv shim may exist and still not run.
CANDIDATES = .venv/bin/python python3.13 python3.12 python3.11 python3.14 python3 python
IS_FIT = import ensurepip, sys; sys.exit(sys.version_info < (3, 11))
FIND = for candidate in $(CANDIDATES); do "$$candidate" -c "$(1)" >/dev/null 2>&1 && echo "$$candidate" && exit; done
# If none is fit, any that runs at all will do: the kit then says what it found and what it needs.
PYTHON ?= $(or $(shell $(call FIND,$(IS_FIT))),$(shell $(call FIND,pass)),$(error hf-tutorial needs Python 3.11 or newer, and no Python was found. Install one, or name it: make $@ PYTHON=/path/of/python))
# exec: what stops make stops JupyterLab too.
KIT = exec "$(PYTHON)" tools/kit.py
FROM = $(if $(BUNDLE),--bundle "$(BUNDLE)")

.PHONY: help lab test course slides test-colab test-hub test-faults test-oldest test-newest coverage mutation bundle bench env lint refresh lock clean
.DEFAULT_GOAL := help

help:
	@echo "make lab                  set up what is missing and open the course in JupyterLab"
	@echo "make test                 set up what is missing, then run every test and every notebook"
	@echo "make course               execute every notebook and build the browsable HTML course"
	@echo "make slides               build the slides of every lesson (ARGS=notebooks/01_tokenizers.ipynb: of one)"
	@echo "make test-colab           the set-up cell and four lessons on Colab's Python, 3.13 (6 GB of disk)"
	@echo "make test-hub             every notebook against a Hub on this machine: stand-ins, then random models"
	@echo "make test-faults          the cache: 8 processes, 20 kills, full and read-only disks (20 minutes or more)"
	@echo "make test-oldest          tests and lessons on the lower bounds of pyproject.toml (6 GB of disk)"
	@echo "make test-newest          the same on the newest of everything (6 GB of disk)"
	@echo "make coverage             which statements of hf_tutorial the tests run (ARGS=--missing: and which they do not)"
	@echo "make mutation             change the code of truncation and attention, and see whether a test minds: hours"
	@echo "make bundle               write wheels and stand-ins to bundle/, or to BUNDLE_DIR=folder"
	@echo "make lab BUNDLE=folder    set up from such a folder, with no network (any target takes it)"
	@echo "make bench                what is fast, beside its peers: 35 to 60 minutes (ARGS=--quick: a third of that)"
	@echo "make env                  only set up"
	@echo "make lint                 the checks that take seconds"
	@echo "make refresh              execute the notebooks and store their outputs (ARGS=… is passed on)"
	@echo "make lock                 make requirements.txt again (UPGRADE=1: the newest of everything; CHECK=1: only say if it would change)"
	@echo "make clean                delete what was set up in this folder"
	@echo "PYTHON=python3.12 names the Python to use. Without make: python tools/kit.py lab, and so on."

lab test course slides bench env lint refresh clean:
	@$(KIT) $@ $(FROM) $(if $(ARGS),-- $(ARGS))

test-colab test-hub test-faults test-oldest test-newest coverage mutation:
	@$(KIT) $@ $(if $(ARGS),-- $(ARGS))

bundle:
	@$(KIT) bundle $(if $(BUNDLE_DIR),--output "$(BUNDLE_DIR)")

lock:
	@$(KIT) lock $(if $(UPGRADE),-- --upgrade)$(if $(CHECK),-- --check)
