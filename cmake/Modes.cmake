# Modes.cmake - builds that watch the program: sanitizers, coverage, fuzzers.
# SPDX-License-Identifier: Apache-2.0

set(ELC_SANITIZE "" CACHE STRING "address,undefined or thread; empty: none")
option(ELC_COVERAGE "count the lines that run (gcov)" OFF)
option(ELC_FUZZ "build the fuzzers (clang), under address,undefined unless told" OFF)

if(ELC_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "ELC_FUZZ needs clang's libFuzzer: set CC=clang in a new folder")
  endif()
  if(NOT ELC_SANITIZE)
    set(ELC_SANITIZE address,undefined)
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(ELC_SANITIZE)
  add_compile_options(-fsanitize=${ELC_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${ELC_SANITIZE})
endif()

if(ELC_COVERAGE)
  add_compile_options(--coverage -O0 -g -fprofile-update=atomic)
  add_link_options(--coverage)
endif()

# What the sanitizers are told when tests run: to be strict, and whose noise is not ours.
set(ELC_TEST_ENVIRONMENT
  "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1"
  "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0"
  "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp:second_deadlock_stack=1"
  "UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1")
