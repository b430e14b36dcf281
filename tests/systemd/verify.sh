#!/bin/sh
# usage: verify.sh UNIT...
# Succeeds where systemd has nothing to say about the units; it looks for the programs that they start, too. Status 77
# where there is no systemd-analyze.
set -eu
command -v systemd-analyze >/dev/null || { echo "skipped: there is no systemd-analyze here"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" XDG_RUNTIME_DIR="$folder" # it makes folders there

words=$(systemd-analyze verify --user --man=no "$@" 2>&1) || { echo "$words"; exit 1; }
[ -z "$words" ] || { echo "$words"; exit 1; }
