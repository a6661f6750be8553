# SPDX-License-Identifier: Apache-2.0
# Sourced by server/run.sh and tests/run.sh: installs what a bare Debian 12 lacks. Asks nothing, says
# what it does, skips what is there, uses sudo when not root.

say() { printf '== %s\n' "$*"; }

# What the program needs to be built and run.
PROGRAM_PACKAGES="ca-certificates cmake ninja-build gcc libc6-dev pkg-config
    libglib2.0-dev libglib2.0-dev-bin libwebsockets-dev libwebsockets-evlib-glib libssl-dev
    libnice-dev libsrtp2-dev libopus-dev libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
    libsqlite3-dev libjansson-dev libargon2-dev libqrencode-dev libpango1.0-dev
    libcairo2-dev fonts-dejavu-core tzdata"

install_packages() {
    local missing="" name
    for name in "$@"; do
        if ! dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed; then
            missing="$missing $name"
        fi
    done
    # Node may have come from elsewhere than Debian's own package.
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        missing="$missing nodejs npm"
    fi
    [ -n "$missing" ] || return 0
    local as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "These packages are missing and need root or sudo to install:$missing" >&2
            return 1
        }
        as_root="sudo"
    fi
    say "installing packages:$missing"
    # shellcheck disable=SC2086
    $as_root apt-get -o Acquire::Retries=3 update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 install -y -qq \
        --no-install-recommends $missing </dev/null >/dev/null
}

# npm_install DIR: npm ci when the lock file is newer than what was installed from it.
npm_install() {
    local stamp="$1/node_modules/.installed"
    if [ ! -e "$stamp" ] || [ "$1/package-lock.json" -nt "$stamp" ]; then
        say "installing the browser side's packages in ${1##*/}"
        (cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
        touch "$stamp"
    fi
}
