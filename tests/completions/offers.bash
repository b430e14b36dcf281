#!/usr/bin/env bash
# usage: offers.bash COMPLETIONS LINE [run]
# Prints what bash offers where somebody presses Tab behind LINE; or, with `run`, presses Enter after that, and prints the
# arguments that the tool is given then, as <ONE><TWO>.
export COMPLETIONS=$1 LINE=$2

cat >"$TMPDIR/bashrc" <<'END'
PS1='' PS2=''
bind 'set enable-bracketed-paste off'
. "$COMPLETIONS/sync-manager.bash"
report() { printf '<%s>' "$@"; echo; }
list() {
  local word
  compopt() { compgen -f "${COMP_WORDS[-1]}"; }
  read -ra COMP_WORDS <<<"$LINE"
  [[ $LINE != *' ' ]] || COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _sync_manager "${COMP_WORDS[0]}"
  for word in "${COMPREPLY[@]}"; do eval "printf '%s\n' $word"; done
}
END

if [[ ${3-} == run ]]; then
  # readline reads keys from a pipe, too
  printf '%s() { report "$@"; }\n%s\t\nexit\n' "${LINE%% *}" "$LINE" |
    bash --noprofile --rcfile "$TMPDIR/bashrc" -i 2>/dev/null | grep '^<'
else
  bash --noprofile --rcfile "$TMPDIR/bashrc" -i -c list 2>/dev/null
fi
