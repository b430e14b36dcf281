# shellcheck shell=bash
# Completion of the sync-manager tools for bash, with readline alone. Which options there are is what a tool's --help says
# at that moment. Names of projects and branches may be anything: they are compared, quoted and inserted, never evaluated.

# Which options a tool takes, one a line, with what stands for their value: "-f FILE", "--conf FILE", "--json".
_sync_manager_options() {
  local line words word value names
  while IFS= read -r line; do
    [[ $line =~ ^\ {2,6}(-[^ ].*)$ ]] || continue
    read -ra words <<<"${BASH_REMATCH[1]%%  *}"
    names=() value=''
    for word in "${words[@]}"; do
      if [[ $word == -* ]]; then names+=("${word%,}"); else value=$word; fi
    done
    for word in "${names[@]}"; do echo "$word $value"; done
  done < <(command "$1" --help 2>/dev/null)
}

# The names in the usual conf files: [git "NAME"], where \" and \\ stand for a quote and a backslash.
_sync_manager_projects() {
  local -r own=${XDG_CONFIG_HOME:-$HOME/.config}/syncmanager
  {
    find ~/.sync-conf/ -mindepth 1 \( -name '.*' -o -name unison-templates \) -prune -o -name '*.conf' -xtype f -print0
    find "$own/" -mindepth 1 -maxdepth 1 ! -name '.*' -name '*.conf' -xtype f -print0
  } 2>/dev/null |
    xargs -0 -r sed -n '/^[[:space:]]*\[[a-z]*[[:space:]]*"\(.*\)"[[:space:]]*\].*/ { s//\1/; s/\\\(["\\]\)/\1/g; p; }' 2>/dev/null
  echo .
}

_sync_manager_branches() {
  git for-each-ref --format='%(refname:lstrip=2)' refs/heads 2>/dev/null
}

# The candidates for what a placeholder of --help stands for. Status 1: files, which readline completes itself.
_sync_manager_values() {
  case $1 in
    PROJECT) _sync_manager_projects ;;
    BRANCH) _sync_manager_branches ;;
    ACTION) printf '%s\n' install uninstall status ;;
    CLIENT) printf '%s\n' git unison rsync ;;
    WHEN) printf '%s\n' auto always never ;;
    FILE | DIR | PATH) return 1 ;;
  esac
}

# What the operand is that comes behind these words: "PROJECT", "BRANCH", "ACTION".
_sync_manager_operand() {
  local word
  case $1 in
    sync-delete) echo BRANCH ;;
    sync-hooks)
      for word in "${@:2}"; do
        case $word in install | uninstall | status) echo PROJECT && return ;; esac
      done
      echo ACTION
      ;;
    *) echo PROJECT ;;
  esac
}

# _sync_manager_quoted TYPED CANDIDATE: as it goes on where the word begins as typed. Status 1 where it can't.
_sync_manager_quoted() {
  local word=$2
  case $1 in
    \'*) word=${word//\'/\'\\\'\'} ;;
    \"*)
      [[ $word != *'!'* ]] || return # no escape keeps the history out of double quotes
      word=${word//\\/\\\\} word=${word//\"/\\\"} word=${word//\$/\\\$} word=${word//\`/\\\`}
      ;;
    *) # readline would take what stands behind `:` and `=` for another word
      printf -v word %q "$word"
      [[ $word == "\$'"* ]] || word=${word//:/\\:} word=${word//=/\\=}
      ;;
  esac
  printf '%s\n' "$word"
}

# The word that a person means who has begun to type it: without an opening quote and backslashes.
_sync_manager_meant() {
  local word=$1
  case $word in
    \'*) word=${word#\'} ;;
    *) word=${word#\"} && word=$(sed 's/\\\(.\)/\1/g; s/\\$//' <<<"$word") ;;
  esac
  printf '%s\n' "$word"
}

_sync_manager() {
  local -r tool=${1##*/} # only what PATH has is started: never a program whose path stands on an unfinished line
  local -a before=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
  local typed=${COMP_WORDS[COMP_CWORD]} placeholder='' joint='' option value candidate meant options candidates quoted
  COMPREPLY=()
  # readline has made three words of --color=al, and two of --color=
  if [[ $typed == [:=] ]]; then
    joint=$typed typed=''
  elif [[ ${before[-1]-} == [:=] ]]; then
    joint=${before[-1]} && unset 'before[-1]'
  fi

  mapfile -t options < <(_sync_manager_options "$tool")
  for option in "${options[@]}"; do
    if [[ ${before[-1]-} == "${option%% *}" ]]; then placeholder=${option#* }; fi
  done
  [[ -z $joint || -n $placeholder ]] || return

  if [[ -z $placeholder && $typed == -* ]]; then
    candidates=("${options[@]%% *}")
  else
    : "${placeholder:=$(_sync_manager_operand "$tool" "${before[@]}")}"
    if ! value=$(_sync_manager_values "$placeholder"); then
      compopt -o default
      return
    fi
    mapfile -t candidates <<<"$value"
  fi
  meant=$(_sync_manager_meant "$typed")
  for candidate in "${candidates[@]}"; do
    [[ -n $candidate && $candidate == "$meant"* ]] || continue
    quoted=$(_sync_manager_quoted "$typed" "$candidate") && COMPREPLY+=("$quoted")
  done
}

complete -F _sync_manager sync-pull sync-push sync-now sync-setconf sync-delete sync-undo sync-status sync-hooks
