#!/usr/bin/env -S zsh -f
# usage: offers.zsh COMPLETIONS LINE [run]
# Prints what zsh offers where somebody presses Tab behind LINE; or, with `run`, presses Enter after that, and prints the
# arguments that the tool is given then, as <ONE><TWO>.
zmodload zsh/zpty

cat >$TMPDIR/.zshrc <<'END'
PROMPT= PS2=
fpath=($COMPLETIONS $fpath)
autoload -Uz compinit && compinit -u -D
LISTMAX=10000
report() { print; printf '<%s>' "$@"; print; print -n "end of "report; }
for tool in $_comps[(I)sync-*]; do functions[$tool]='report "$@"'; done

# Looks at what is added to the candidates, and adds it.
compadd() {
  local -a seen
  if [[ ${@[1,(i)(-|--)]} != *-[a-zA-Z]#[OAD]\ * ]]; then
    builtin compadd -A seen "$@"
    print -rl -- ${(Q)seen} >>$TMPDIR/candidates
  fi
  builtin compadd "$@"
}
shown() { print -n "end of "report; }
tab() {
  local -a comppostfuncs=(shown)
  zle complete-word
}
zle -N tab
bindkey '^I' tab
print -n "end of "report
END

export COMPLETIONS=$1 ZDOTDIR=$TMPDIR
: >$TMPDIR/candidates
zpty shell zsh -o NO_GLOBAL_RCS -o EXTENDED_GLOB -o NO_BEEP -i
zpty -r shell text '*end of report*'
zpty -w -n shell $2$'\t'
zpty -r shell text '*end of report*'
if [[ $3 == run ]]; then
  zpty -w -n shell $'\n'
  zpty -r shell text '*end of report*'
  print -r -- ${(M)${(f)"${text//$'\r'}"}:#\<*}
else
  sort -u $TMPDIR/candidates | grep .
fi
zpty -d shell
