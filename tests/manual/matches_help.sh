#!/bin/sh
# usage: matches_help.sh TOOL PAGE
# Succeeds where TOOL --help and PAGE describe the same options: each short and long form in a list item of the page,
# as `.It Fl f , Fl -conf Ar FILE`. Options in the synopsis (`.Op Fl f Ar FILE`) must be among them.
set -eu
tool=$1
page=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The lines of --help that begin with an option: `  -f, --conf FILE   ...`, `      --json   ...`.
"$tool" --help | sed -n 's/^ \{2,6\}\(-[^ ].*\)$/\1/p' |
  awk '{ for (i = 1; i <= NF && $i ~ /^-/; ++i) { sub(/[,=].*/, "", $i); print $i } }' |
  sort -u >"$folder/help"

# options_in PATTERN: the arguments of Fl in the lines that match; `Fl -conf` and `Fl Fl conf` are both --conf,
# `Fl nq` is -n and -q.
options_in() {
  awk -v pattern="$1" '
    $0 ~ pattern {
      gsub(/\\-/, "-")
      for (i = 1; i < NF; ++i) {
        if ($i != "Fl" && $i != ".Fl") continue
        dashes = "-"
        while ($(i + 1) == "Fl") { dashes = dashes "-"; ++i }
        name = $(i + 1)
        sub(/=.*/, "", name)
        letters = dashes name ~ /^--/ ? 0 : length(name)
        if (letters == 0) print dashes name
        for (at = 1; at <= letters; ++at) print "-" substr(name, at, 1)
      }
    }' "$page" | sort -u
}
options_in '^[.]It Fl ' >"$folder/page"
options_in '^[.]Op Fl ' >"$folder/synopsis"

status=0
# differ TEXT FILE OTHER: complains of what only FILE has.
differ() {
  only=$(comm -23 "$2" "$3" | tr '\n' ' ')
  [ -z "$only" ] && return
  echo "$1: $only"
  status=1
}
[ -s "$folder/help" ] || { echo "no options found in $tool --help"; status=1; }
differ "in --help, not in $page" "$folder/help" "$folder/page"
differ "in $page, not in --help" "$folder/page" "$folder/help"
differ "in the synopsis of $page, not among its options" "$folder/synopsis" "$folder/page"
exit $status
