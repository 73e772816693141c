# xiaobao (消保): `make up` takes a fresh machine to a running system.
# `make help` lists the rest.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-print-directory

GO     ?= go
BIN    := $(CURDIR)/bin
VENDOR := web/console/assets/vendor
# A checkout that git does not trust for this user cannot be stamped.
STAMP  := $(shell git rev-parse HEAD >/dev/null 2>&1 || echo -buildvcs=false)
# The Temporal Server is built once; what it is made of says when again.
DEVSTACK_SOURCES := $(filter-out %_test.go,$(wildcard devstack/*.go)) devstack/go.mod devstack/go.sum
# A home that began with our own Temporal stays with it; else a `temporal` on
# the PATH or a server elsewhere saves the build.
HOME_DIR := $(or $(XIAOBAO_HOME),var)
NEED_DEVSTACK := $(if $(wildcard $(HOME_DIR)/temporal/devstack.db),yes,$(if $(or $(TEMPORAL_ADDRESS),$(shell command -v temporal)),,yes))

.PHONY: help
help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: up down status reset
up: bootstrap build $(if $(NEED_DEVSTACK),build-devstack) ## Start the whole system; again: start what is down (PORTS=auto: take free ports)
	@$(BIN)/xiaobao up --sample $(if $(filter auto,$(PORTS)),--free-ports)

down: $(BIN)/xiaobao ## Stop it; nothing is lost
	@$(BIN)/xiaobao down

status: $(BIN)/xiaobao ## Which parts are up
	@$(BIN)/xiaobao status

reset: $(BIN)/xiaobao ## Stop it and delete all its data (YES=1 confirms)
	@$(BIN)/xiaobao reset $(if $(YES),--yes)

.PHONY: bootstrap
bootstrap:
	@ASSETS=$(ASSETS) ./scripts/bootstrap.sh up

.PHONY: build build-devstack assets
build: assets ## Build bin/xiaobao
	@mkdir -p $(BIN)
	@$(GO) build $(STAMP) -trimpath -o $(BIN)/xiaobao ./cmd/xiaobao

# What stops the system must work while the sources do not build.
$(BIN)/xiaobao:
	@$(MAKE) build

build-devstack: $(BIN)/devstack ## Build the local Temporal Server and its UI

$(BIN)/devstack: $(DEVSTACK_SOURCES)
	@echo "building the local Temporal Server: about five minutes the first time, then only when devstack/ changes …"
	@mkdir -p $(BIN)
	@cd devstack && $(GO) build -buildvcs=false -trimpath -ldflags '-s -w' -o $@ .
	@touch $@

assets: $(if $(filter no,$(ASSETS)),,$(if $(wildcard web/console/package.json),$(VENDOR)/.done)) ## Fetch the console's styles and scripts from npm (ASSETS=no: go without)

$(VENDOR)/.done: web/console/package.json web/console/package-lock.json web/console/build.mjs
	@./scripts/bootstrap.sh assets
	@echo "fetching the console's styles and scripts …"
	@(cd web/console && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build) || \
		{ echo "they could not be fetched from npm; \`make up ASSETS=no\` goes without them: the console works, and looks plain" >&2; exit 1; }
	@touch $@

.PHONY: test lint test-go test-devstack test-e2e
test: bootstrap-test assets lint test-go test-devstack test-e2e ## Everything CI runs

.PHONY: bootstrap-test
bootstrap-test:
	@./scripts/bootstrap.sh test

test-go:
	$(GO) test -race -timeout 20m ./...

test-devstack: build-devstack
	cd devstack && $(GO) test -timeout 10m ./...

test-e2e: build-devstack
	cd e2e && $(GO) test -timeout 30m ./...

lint: $(BIN)/tools/staticcheck ## gofmt, vet, staticcheck, workflowcheck, shell syntax
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
		if [ -n "$$unformatted" ]; then echo "gofmt these: $$unformatted" >&2; exit 1; fi
	$(GO) vet ./...
	$(BIN)/tools/staticcheck ./...
	cd devstack && $(GO) vet ./... && $(BIN)/tools/staticcheck ./...
	$(BIN)/tools/workflowcheck ./workflows/...
	@for script in scripts/*.sh .ci/run deploy/*.sh; do bash -n $$script; done

$(BIN)/tools/staticcheck: tools/go.mod tools/go.sum
	@echo "building staticcheck and workflowcheck …"
	@mkdir -p $(BIN)/tools
	@cd tools && $(GO) build -buildvcs=false -o $(BIN)/tools/ tool
	@touch $@

.PHONY: bench
bench: build ## Measure what this machine does
	@$(BIN)/xiaobao bench screen
	@$(BIN)/xiaobao bench inspect

.PHONY: clean
clean: ## Remove what was built, not what is stored
	rm -rf $(BIN) $(VENDOR) web/console/node_modules
