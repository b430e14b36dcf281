#!/bin/sh
# usage: lint.sh PAGE
# Succeeds where mandoc has no warning about the page.
set -eu
exec mandoc -T lint -W warning "$1"
