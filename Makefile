# What a person or a machine does with this repository, one word each. All of it needs npm and nothing else: Node 24
# comes from the `node` package in node_modules, which the npm scripts find first, whatever the system has.

.DEFAULT_GOAL := help
.PHONY: help demo image test test-proof test-install test-gitops test-release test-packets test-image test-all release check format bench mutants clean

installed := node_modules/.installed
# A path for the test runner's JSON report, beside what it prints.
REPORT ?=
reporters = $(if $(REPORT),--reporter=default --reporter=json --outputFile.json='$(REPORT)')

help:
	@echo 'make demo      shows what Tierwall does, on a real API server; DEMO_ONCE=1 make demo ends by itself'
	@echo 'make test      formatting, lint, types, and every test that takes seconds: no root, no Docker, enough on a fresh machine'
	@echo '               with npm. The first run builds a Kubernetes control plane with Go (about 4 minutes), which stays in the cache'
	@echo 'make test-proof'
	@echo '               judges every revision of long histories with the real operator, and that a steady cluster stays as it is'
	@echo 'make test-install'
	@echo '               installs it with kubectl and with Helm, plays the demo, runs what the docs say in a cluster, probes and uninstalls'
	@echo 'make test-gitops'
	@echo '               applies Git repositories with the real Flux, and runs the health check for Argo CD in its own Lua.'
	@echo '               The first run builds both (about 6 minutes)'
	@echo 'make test-release'
	@echo '               builds a release and uses it, and runs action, hook and function as GitHub, pre-commit and kustomize do'
	@echo 'make test-packets'
	@echo '               sends real packets past the policies, with Cilium: needs root on Linux, and changes nothing of'
	@echo '               its network. The first run installs Debian packages and builds Cilium (about 4 minutes)'
	@echo 'make test-image'
	@echo '               builds the image and runs it as the operator: needs Docker, or root on Debian, where it installs and'
	@echo '               starts a Docker of its own that is gone afterwards'
	@echo 'make test-all  all of them'
	@echo 'make image     builds the image, also where nothing can be pulled; without Docker it ends up in .cache/'
	@echo 'make release   builds all that a release has into dist/release; DRAFT=1 also from what is not committed, SKIP_IMAGE=1'
	@echo '               without the image'
	@echo 'make check     formatting, lint and types only'
	@echo 'make format    formats, and mends what the linter can mend'
	@echo 'make bench     measures how fast policies are rendered, and the operator against a bare loop'
	@echo 'make mutants   breaks the code on purpose and counts what the tests notice'
	@echo 'make clean     takes away everything that was installed or built'

demo: $(installed)
	@npm run --silent demo

# The tests run also where the check fails: one run shows all there is to mend.
test: $(installed)
	@status=0; \
	npm run --silent check || status=1; \
	npm run --silent test -- $(reporters) || status=1; \
	exit $$status

test-proof: $(installed)
	@npm run --silent test:proof -- $(reporters)

test-install: $(installed)
	@npm run --silent test:install -- $(reporters)

test-gitops: $(installed)
	@npm run --silent test:gitops -- $(reporters)

test-release: $(installed)
	@npm run --silent test:release -- $(reporters)

# ONLY='fixture' runs the files whose paths say so.
test-packets: $(installed)
	@npm run --silent test:packets -- $(ONLY) $(reporters)

# ONLY='operator' runs the files whose paths say so.
test-image: $(installed)
	@npm run --silent test:image -- $(ONLY) $(reporters)

test-all: test test-proof test-install test-gitops test-release test-packets test-image

# BASE and PACKAGES name other images to start from, BASE=own one that is made here; TAG names what comes out.
image: $(installed)
	@npm run --silent image

release: $(installed)
	@npm run --silent release

check: $(installed)
	@npm run --silent check

format: $(installed)
	@npm run --silent format

bench: $(installed)
	@npm run --silent bench

mutants: $(installed)
	@npm run --silent mutants

clean:
	rm -rf node_modules dist coverage .cache .stryker-tmp

$(installed): package-lock.json
	@command -v npm > /dev/null || { echo 'npm is missing: install Node.js 20 or newer with npm (on Debian: apt-get install npm)' >&2; exit 1; }
	@echo 'Installing the packages of package-lock.json into node_modules (npm ci)'
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@
