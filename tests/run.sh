#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Set-up, build, tests through ctest. Without labels: unit, fuzz replay, sim and system under ASan and
# UBSan, the queue, engine and worker tests under TSan, browser and release on the
# release build. What only root can do is left out for others, and said; as root, or where CI is set, that is a failure.
# netlab prints tables and takes hours, bench prints tables; they and quiet want a machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=server/packages.sh
. server/packages.sh

usage() {
    cat <<'TEXT'
usage: tests/run.sh [LABEL...]

Installs what the tests need (Debian 12, root or sudo), builds and runs them.
What needs root and is left out for want of it is named at the end; where CI is set that is a failure.
Labels: unit fuzz sim system tsan release browser (all of them by default);
only by name: soak bench netlab quiet
TEXT
}
case "${1:-}" in --help | -h) usage; exit 0 ;; esac
for label in "$@"; do
    case "$label" in
    unit | fuzz | sim | system | tsan | release | browser | quiet | soak | bench | netlab) ;;
    *) echo "tests/run.sh: '$label' is not a label" >&2; usage >&2; exit 2 ;;
    esac
done
[ $# -gt 0 ] || set -- unit fuzz sim system tsan release browser

TEST_PACKAGES="libcmocka-dev clang-format clang-tidy chromium firefox-esr fonts-dejavu-core
    gstreamer1.0-nice gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
    libgstreamer-plugins-bad1.0-dev libcurl4-openssl-dev iproute2 curl git procps
    espeak-ng sox openssl janus coturn poppler-utils zbar-tools sqlite3"
# shellcheck disable=SC2086
install_packages $PROGRAM_PACKAGES $TEST_PACKAGES
npm_install web
case " $* " in *" browser "* | *" netlab "* | *" quiet "*) npm_install tests/browser ;; esac

build() { # PRESET TARGET
    # Every time: server/run.sh configures without tests, for machines that lack their packages.
    say "configuring $1"
    cmake --preset "$1" -DHUYULA_TESTS=ON >/dev/null
    say "building $1"
    cmake --build "build/$1" --target "$2" -- --quiet
}

failed=0
left_out=""
behind="" # the process group of what is done behind the browsers
log=$(mktemp)
behind_log=$(mktemp)
trap '[ -z "$behind" ] || kill -- "-$behind" 2>/dev/null || true; rm -f "$log" "$behind_log"' EXIT
run() { # PRESET LABELS [JOBS]
    local output=--output-on-failure
    case "$2" in netlab | bench) output=--verbose ;; esac # their tables are the result
    say "ctest $1: $2"
    ctest --test-dir "build/$1" "$output" --no-tests=error -L "^($2)\$" ${3:+-j "$3"} | tee "$log" || failed=1
    left_out="$left_out $(sed -n 's/^.*Test *#[0-9]*: \([^ ]*\) .*\*\*\*Skipped.*$/\1/p' "$log" | tr '\n' ' ')"
}

AT_ONCE=8 # quarters of a processor, see tests/CMakeLists.txt
asan="" tsan="" other="" tables=""
for label in "$@"; do
    case "$label" in
    unit | fuzz | sim | system) asan="${asan:+$asan|}$label" ;;
    tsan) tsan=tsan ;;
    netlab | bench) tables="$tables $label" ;;
    *) other="${other:+$other|}$label" ;;
    esac
done

build_sanitized() {
    [ -z "$asan" ] || build asan all
    [ -z "$tsan" ] || build tsan tsan_tests
}

# What no other clock than its own is in: the compilers and the virtual calls.
start_behind() {
    set -m # a process group of its own
    (
        chrt --idle --pid 0 "$BASHPID" || renice -n 19 -p "$BASHPID" >/dev/null
        log=/dev/null # the other one's; none of sim is left out
        build_sanitized
        case "$asan" in *sim*) run asan sim "$AT_ONCE" ;; esac
        [ "$failed" -eq 0 ] || exit "$TESTS_FAILED"
    ) >"$behind_log" 2>&1 &
    behind=$!
    set +m
}

TESTS_FAILED=3
finish_behind() {
    local code=0
    wait "$behind" || code=$?
    behind=""
    cat "$behind_log"
    case "$code" in 0) ;; "$TESTS_FAILED") failed=1 ;; *) exit 1 ;; esac
}

# Calls leave about one processor of two to others. So the browsers' tests go first, and what has no clock but its
# own runs behind them, where the scheduler gives it only what they leave.
if [ -n "$other" ]; then
    case "$other" in *soak*) build release all ;; *) build release release_tests ;; esac
    case "$other" in *quiet*) ;; *browser*) [ -z "$asan$tsan" ] || start_behind ;; esac
    run release "$other" 3 # pages wait for each other's half; what must be alone says so (RUN_SERIAL)
fi
if [ -n "$behind" ]; then
    finish_behind
    asan="|$asan|" asan="${asan/|sim|/|}" # done
    asan="${asan#|}" asan="${asan%|}"
else
    build_sanitized
fi
[ -z "$asan" ] || run asan "$asan" "$AT_ONCE"
[ -z "$tsan" ] || run tsan tsan "$AT_ONCE"
for label in $tables; do
    build release all
    run release "$label"
done
if [ -n "${left_out// /}" ]; then
    echo "tests/run.sh: left out, and so not passed: $left_out" >&2
    if [ "$(id -u)" -eq 0 ] || [ -n "${CI:-}" ]; then
        echo "tests/run.sh: as root, and where CI is set, that is a failure" >&2
        failed=1
    fi
fi
exit "$failed"
