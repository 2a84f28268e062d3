# Everything that people and CI do here. `make` alone explains.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

ISKRA := target/release/iskra
NEXTEST := $(shell command -v cargo-nextest)
# Tests wait more than they work.
TEST_THREADS := $(shell echo $$(($$(nproc) + 1)))

.PHONY: help
help: ## This list
	@echo 'Iskra: make <target>'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: run
run: build ## Build what is needed, start the suite, and open it in a browser
	@scripts/open-when-ready http://127.0.0.1:3001 & \
	exec $(ISKRA) up

.PHONY: run-production
run-production: build ## The same as in production: PostgreSQL, Redis, each service a process of its own
	@scripts/need production
	@exec scripts/run-production $(ISKRA)

.PHONY: build
build: web ## Build the pages and the release binary
	cargo build --release --locked --bin iskra

.PHONY: web
web: web/dist/.built ## Build the pages

# Only when something changed: the programs embed the pages and would be linked anew.
web/dist/.built: web/node_modules/.package-lock.json $(shell find web/src web/pages web/*.json web/*.ts -type f)
	cd web && npm run --silent build
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	@scripts/need run
	cd web && npm ci --no-audit --no-fund

.PHONY: test
test: tools lint boundaries test-web test-python test-rust test-browser ## Install what tests need, and run all of them

.PHONY: tools
tools:
	@scripts/need test

.PHONY: lint
lint: web ## Formatting, clippy, documentation: no warning passes
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --workspace --no-deps --locked --quiet

.PHONY: boundaries
boundaries: ## The ground floor reaches no runtime, web framework or store
	@scripts/check-boundaries

.PHONY: audit
audit: web/node_modules/.package-lock.json ## Known holes, licences and sources of what Iskra is made of, and secrets in what git holds
	@scripts/find-secrets
	@scripts/need audit
	cargo deny --locked check
	cargo deny --locked --manifest-path fuzz/Cargo.toml check
	cd web && npm audit && npm audit signatures

.PHONY: check-kubernetes
check-kubernetes: ## What deploy/kubernetes renders to, against the schema of Kubernetes
	@scripts/check-kubernetes

.PHONY: test-web
test-web: web ## Types, lints and unit tests of the pages
	cd web && npm run --silent check

.PHONY: test-python
test-python: tools ## Types and lints of the Python client; its tests are among the end-to-end tests
	cd clients/python && export PATH="$(CURDIR)/target/python/bin:$$PATH" && \
	  mypy src tests && ruff check . && ruff format --check .

# All of it in one go: built piece by piece, the pieces would ask for other features of the same crates.
.PHONY: build-tests
build-tests: web
	cargo build --workspace --bins --tests --locked --quiet

.PHONY: test-rust
test-rust: build-tests ## Unit, contract and end-to-end tests
	target/debug/iskra test config/tests
ifneq ($(NEXTEST),)
	target/debug/test-servers cargo nextest run --workspace --locked --test-threads $(TEST_THREADS)
else
	target/debug/test-servers cargo test --workspace --locked
endif

.PHONY: test-browser
test-browser: build-tests ## The pages in a real browser, by themselves and against a running suite
	scripts/with-suite target/debug/iskra npm --prefix web run --silent test:browser

.PHONY: screenshots
screenshots: build ## Picture every page, with two eventful minutes behind it, into target/screenshots
	ISKRA_SCREENSHOTS=$(CURDIR)/target/screenshots scripts/with-suite target/release/iskra \
	  npm --prefix web run --silent test:browser -- --project screenshots
	cd target/screenshots && cp $(notdir $(wildcard docs/images/*.png)) $(CURDIR)/docs/images/

.PHONY: bench
bench: build ## Measure what is fast, beside its peers; PARTS="suite pages" measures parts
	@scripts/need bench
	@scripts/bench target/bench $(PARTS)

.PHONY: secrets
secrets: ## Make the secrets of a production in containers, and name those that a person must fill
	@scripts/production secrets

.PHONY: up
up: ## Start production in containers on this machine, and wait until it is ready
	@scripts/production up

.PHONY: down
down: ## Stop it; what it has stored stays
	@scripts/production down

.PHONY: backup
backup: ## Write a dump of its log while it runs: FILE=…, or into backups/
	@scripts/production backup $(FILE)

.PHONY: restore
restore: ## Read a dump into its empty database: FILE=…
	@scripts/production restore $(FILE)

.PHONY: test-containers
test-containers: ## Build the image and bring production up and down, where there is a Docker engine
	@scripts/test-containers

.PHONY: clean
clean: ## Remove what was built; data stays
	cargo clean
	rm -rf web/dist web/node_modules
