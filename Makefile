# Makefile - a short front for daily work; CMake builds. A fresh machine: scripts/setup.
# SPDX-License-Identifier: Apache-2.0
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
MAKEFLAGS += --no-print-directory
FUZZ_SECONDS ?= 60
CTEST = ctest --output-on-failure --no-tests=error -j $(JOBS)

.PHONY: setup build demo spark test test-all bench coverage fuzz install clean

build:
	@cmake -S . -B build -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	@cmake --build build -j $(JOBS)

# The jar of Spark's connector, with its tests: spark/target/elcano-spark-*.jar
spark:
	@cmake -S . -B build -DELC_SPARK=ON
	@cmake --build build -j $(JOBS)
	@mvn -q -B -f spark/pom.xml package

setup:
	@scripts/setup

demo:
	@scripts/demo

test: build
	@$(CTEST) --test-dir build -LE 'slow|spark'

test-all: build
	@$(CTEST) --test-dir build

bench: build
	@python3 bench/run.py build $(ARGS)

# Lines of src/ that the tests run, by file and by room; fails under 90 of 100.
coverage:
	@cmake -S . -B build-coverage -DELC_COVERAGE=ON
	@cmake --build build-coverage -j $(JOBS)
	@find build-coverage -name '*.gcda' -delete
	@$(CTEST) --test-dir build-coverage -LE slow
	@gcovr --root . --filter src/ --object-directory build-coverage \
	    --txt --csv build-coverage/lines.csv
	@awk -F, -v least=90 -f cmake/coverage.awk build-coverage/lines.csv

# Each fuzzer for a while, or those of FUZZERS: what it finds stays in build-fuzz.
fuzz:
	@CC=clang cmake -S . -B build-fuzz -DELC_FUZZ=ON
	@cmake --build build-fuzz -j $(JOBS) --target fuzzers
	@fuzz/run build-fuzz $(FUZZ_SECONDS) $(FUZZERS)

# As root for a system folder; DESTDIR is put before every path.
install: build
	@DESTDIR=$(DESTDIR) cmake --install build
	@test -n "$(DESTDIR)" -o "$$(id -u)" -ne 0 || ldconfig

# All but what setup fetched.
clean:
	@rm -rf build-clang build-asan build-tsan build-coverage build-fuzz
	@test ! -d build || find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} +
