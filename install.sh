#!/bin/sh
# Makes the virtual environment and installs everything the project needs: `install.sh PYTHON VENV`.
# `install.sh PYTHON VENV test-tools` instead installs what only the slow tests need.
# System packages are installed where this user may (root, or sudo without a password); otherwise
# the script names what to ask for. Without tesseract the service runs and flags more scans.
set -eu
python=$1
venv=$2

say() { printf '%s\n' "$*"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo "$@"
    else
        return 1
    fi
}

apt_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    as_root true || return 1
    say "Installing system packages: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >/dev/null 2>&1 && return 0
    as_root apt-get update -q >/dev/null 2>&1 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >/dev/null
}

if [ "${3:-}" = test-tools ]; then
    missing=""
    command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
    command -v node >/dev/null 2>&1 || missing="$missing nodejs"
    command -v npm >/dev/null 2>&1 || missing="$missing npm"
    # shellcheck disable=SC2086 - a list of packages
    [ -z "$missing" ] || apt_install $missing || {
        say "The slow tests need these packages. Ask for them, then run this again:$missing"
        exit 1
    }
    exit 0
fi
if ! command -v "$python" >/dev/null 2>&1; then
    apt_install python3 python3-venv || {
        say "Python 3.11 or newer is missing. Ask for the packages python3 and python3-venv, then run this again."
        exit 1
    }
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "Python 3.11 or newer is needed; $("$python" --version 2>&1) was found. Install a newer one, or name it: make run PYTHON=/path/to/python3."
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    apt_install python3-venv || {
        say "Python's venv module is missing. Ask for the package python3-venv, then run this again."
        exit 1
    }
fi
if ! command -v tesseract >/dev/null 2>&1; then
    apt_install tesseract-ocr || say "Note: tesseract is not installed, so scans will need more review. Ask for the package tesseract-ocr."
fi

if [ ! -x "$venv/bin/python" ]; then
    say "Making the virtual environment in $venv"
    "$python" -m venv "$venv"
fi
say "Installing the Python packages (a minute or two the first time)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]' 2>install.log || {
    say "Installing failed. The last lines of install.log:"
    tail -n 15 install.log
    exit 1
}
rm -f install.log
say "Installed."
