# `make` lists what there is. The work is in tests/run, tests/lint and deploy/demo.
.PHONY: list test lint format simulate fuzz bench demo asan tsan

list:
	@echo "make test       all tests (tests/run)"
	@echo "make lint       buf, clang-format, clang-tidy (tests/lint)"
	@echo "make format     let clang-format rewrite our sources"
	@echo "make simulate   two nodes from many seeds; SEED=n replays one"
	@echo "make fuzz       each fuzzer for SECONDS_EACH (default 60) seconds, with clang"
	@echo "make bench      ratios to a limit measured in the same run, as JSON"
	@echo "make demo       two nodes on this machine (deploy/demo)"
	@echo "make asan       unit and contract tests with address and undefined behaviour sanitizers"
	@echo "make tsan       tests of what links no gRPC, with the thread sanitizer"

test:
	tests/run

lint:
	tests/lint

format:
	git ls-files -co --exclude-standard -- '*.h' '*.cc' | xargs clang-format-14 -i

simulate:
	tests/run simulation $(SEED)

SECONDS_EACH ?= 60
fuzz:
	deploy/install-dependencies --build --fuzz
	cmake --preset fuzz
	cmake --build --preset fuzz
	@set -e; for source in tests/fuzz/*_fuzz.cc; do \
	  name=$$(basename $$source .cc); corpus=tests/fuzz/corpus/$${name%_fuzz}; \
	  mkdir -p build/fuzz/found/$$name; \
	  echo "== $$name"; \
	  build/fuzz/$$name -max_total_time=$(SECONDS_EACH) -rss_limit_mb=2048 \
	    -artifact_prefix=build/fuzz/found/$$name/crash- build/fuzz/found/$$name $$corpus; \
	done

bench:
	deploy/install-dependencies --build
	cmake --preset release
	cmake --build --preset release --target lintas-bench
	build/release/lintas-bench sync --output json
	build/release/lintas-bench lookup --output json

demo:
	deploy/demo

asan:
	deploy/install-dependencies --build --test
	cmake --preset asan
	cmake --build --preset asan
	ctest --test-dir build/asan -j2 --output-on-failure -R '^(unit|contract|golden|simulation|fuzz)'

# gRPC and Abseil of Debian are not instrumented: tests above the store give false reports.
tsan:
	deploy/install-dependencies --build --test
	cmake --preset tsan
	cmake --build --preset tsan
	ctest --test-dir build/tsan -j2 --output-on-failure \
	  -R '^unit_server_(base|crypto|call|matching|ledger_merkle|ledger_note)'
