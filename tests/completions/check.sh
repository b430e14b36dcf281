#!/usr/bin/env bash
# usage: check.sh SHELL BIN COMPLETIONS
# Asks a real shell what it offers for the tools in BIN: each option of their --help, projects and branches whatever their
# names. Status 77 where there is no such shell.
# shellcheck disable=SC2016 # what looks like a command is a name here
set -euo pipefail
shell=$1 tools=$2 completions=$3
command -v "$shell" >/dev/null || { echo "skipped: there is no $shell here"; exit 77; }
here=$(cd "$(dirname "$0")" && pwd)
world=$(mktemp -d)
trap 'rm -rf "$world"' EXIT
export HOME=$world/home XDG_CONFIG_HOME=$world/config TMPDIR=$world/tmp PATH=$tools:$PATH TERM=xterm LC_ALL=C.UTF-8
export GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME/.sync-conf/work" "$HOME/.sync-conf/unison-templates" "$XDG_CONFIG_HOME/syncmanager" "$TMPDIR" "$world/repository"
cd "$world/repository"
problems=0

# offers LINE [run]
offers() {
  timeout 30 "$here/offers.$shell" "$completions" "$@" </dev/null
}

# expect WHAT LINE CANDIDATE...: that these are offered, perhaps among others.
expect() {
  local -r what=$1 line=$2
  shift 2
  local missing
  missing=$(comm -23 <(printf '%s\n' "$@" | sort) <(offers "$line" | sort))
  [[ -z $missing ]] || complain "$what: not offered behind '$line': $(tr '\n' ' ' <<<"$missing")"
}

# expect_all WHAT LINE CANDIDATE...: that these are offered, and nothing else.
expect_all() {
  expect "$@"
  local more
  more=$(comm -13 <(printf '%s\n' "${@:3}" | sort) <(offers "$2" | sort))
  [[ -z $more ]] || complain "$1: offered behind '$2', too: $(tr '\n' ' ' <<<"$more")"
}

# expect_run LINE ARGUMENT...: what the tool is given where Tab finishes the line. fish has no such test: it quotes what it
# inserts by itself.
expect_run() {
  [[ $shell != fish ]] || return 0
  local -r line=$1
  shift
  local -r wanted=$(printf '<%s>' "$@")
  local given
  given=$(offers "$line" run) || given='nothing'
  [[ $given == "$wanted" ]] || complain "'$line' became $given, not $wanted"
}

complain() {
  echo "$shell: $*"
  problems=$((problems + 1))
}

# The options that --help lists, as in tests/manual/matches_help.sh.
options_of() {
  "$1" --help | sed -n 's/^ \{2,6\}\(-[^ ].*\)$/\1/p' |
    awk '{ for (i = 1; i <= NF && $i ~ /^-/; ++i) { sub(/[,=].*/, "", $i); print $i } }' | sort -u
}

each_option_is_offered() {
  local tool options
  for tool in "$tools"/sync-*; do
    mapfile -t options < <(options_of "$tool")
    ((${#options[@]} > 5)) || complain "found no options in ${tool##*/} --help"
    expect "options" "${tool##*/} -" "${options[@]}"
  done
}

values_are_those_that_help_names() {
  local value
  expect_all "clients" "sync-pull --client " git unison rsync
  expect_all "colours" "sync-pull --color " auto always never
  for value in git unison rsync; do sync-pull --client "$value" --help >/dev/null || complain "no client $value"; done
  for value in auto always never; do sync-pull --color "$value" --help >/dev/null || complain "no colour $value"; done
  expect_run "sync-pull --color=al" --color=always
  touch a-file
  expect "files" "sync-pull -f a-f" a-file
  expect_run "sync-pull --conf=a-f" --conf=a-file
}

projects_are_offered() {
  cat >"$HOME/.sync-conf/a.conf" <<'END'
[defaults]
[git "notes"]
path = ~/notes
[git "x$(touch harm)s"]
[git  "it's \"q\" `touch harm` \\ & a\b"]   ; a comment
END
  echo '[rsync "pictures"]' >"$HOME/.sync-conf/work/b.conf"
  echo '[rsync "no.1"]' >"$HOME/.sync-conf/unison-templates/c.conf"
  echo '[rsync "no.2"]' >"$HOME/.sync-conf/.d.conf"
  echo '[unison "letters"]' >"$XDG_CONFIG_HOME/syncmanager/e.conf"
  local names=(notes 'x$(touch harm)s' "it's \"q\" \`touch harm\` \\ & a\\b" pictures letters)
  expect "this folder" "sync-pull ." .
  [[ $shell == fish ]] || names+=(.) # which shows such names only behind a dot
  expect_all "projects" "sync-pull " "${names[@]}"
  expect_all "projects" "sync-delete --project " "${names[@]}"
  expect_run "sync-pull pic" pictures
  expect_run "sync-pull notes x" notes 'x$(touch harm)s'
  expect_run "sync-pull 'x$" 'x$(touch harm)s'
  expect_run 'sync-pull "it' "${names[2]}"
  expect_run "sync-pull it" "${names[2]}"
}

branches_are_offered() {
  git init -q -b main .
  git -c user.name=x -c user.email=x@x commit -q --allow-empty -m x
  local branches=('a$(touch${IFS}harm)' 'b`touch${IFS}harm`' "c'q" 'd"q' 'f;x' 'g=h' 'topic/one' 'topic/two')
  local branch first
  for branch in "${branches[@]}" 'e!x'; do git update-ref "refs/heads/$branch" HEAD; done
  expect_all "branches" "sync-delete " main 'e!x' "${branches[@]}"
  expect_run "sync-delete topic/o" topic/one
  expect_run "sync-delete e" 'e!x'
  for branch in "${branches[@]:0:6}"; do
    first=${branch:0:1}
    expect_run "sync-delete $first" "$branch"
    expect_run "sync-delete '$first" "$branch"
    expect_run "sync-delete \"$first" "$branch"
  done
}

actions_come_first() {
  [[ -x $tools/sync-hooks ]] || return 0
  expect_all "actions" "sync-hooks " install uninstall status
  expect "projects" "sync-hooks install " notes
}

each_option_is_offered
values_are_those_that_help_names
projects_are_offered
branches_are_offered
actions_come_first
[[ -z $(find "$world" -name 'harm*') ]] || complain "a name was evaluated"
((problems == 0)) || exit 1
echo "$shell offers what it should"
