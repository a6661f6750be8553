#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Set-up, release build, demo clinic, serve. From a bare Debian 12 to a serving clinic.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=server/packages.sh
. server/packages.sh

usage() {
    cat <<'TEXT'
usage: server/run.sh [--lan] [--empty] [--port N] [--media-port N] [--data DIR] [--build-only]

Installs what is missing (Debian 12, root or sudo), builds build/huyula, makes a demo clinic in DIR
(build/demo) and serves it on https://localhost:8443 until Ctrl-C.

  --lan           serve the local network too: certificate for this machine's addresses, QR code
  --empty         no demo clinic: the first start of a new installation, set up in the browser
  --port N        HTTPS port (8443)
  --media-port N  first port for media (UDP, TCP), one per core from there on (8500)
  --data DIR      where the demo clinic lives; removing it starts afresh
  --build-only    set up and build, do not serve
TEXT
}

data=build/demo build_only=0 options=()
while [ $# -gt 0 ]; do
    case "$1" in
    --help | -h) usage; exit 0 ;;
    --lan | --empty) options+=("$1"); shift ;;
    --port | --media-port)
        [ $# -ge 2 ] || { usage >&2; exit 2; }
        options+=("$1" "$2"); shift 2 ;;
    --data)
        [ $# -ge 2 ] || { usage >&2; exit 2; }
        data=$2; shift 2 ;;
    --build-only) build_only=1; shift ;;
    *) echo "server/run.sh: '$1' is not an option" >&2; usage >&2; exit 2 ;;
    esac
done

# shellcheck disable=SC2086
install_packages $PROGRAM_PACKAGES
npm_install web
[ -e build/release/build.ninja ] || { say "configuring"; cmake --preset release -DHUYULA_TESTS=OFF >/dev/null; }
say "building build/huyula"
cmake --build build/release --target huyula -- --quiet
[ "$build_only" -eq 0 ] || exit 0
exec build/huyula serve --demo "$data" "${options[@]}"
