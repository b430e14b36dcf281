#!/usr/bin/env -S fish --no-config
# usage: offers.fish COMPLETIONS LINE
# Prints what fish offers where somebody presses Tab behind LINE.
set --global fish_complete_path $TMPDIR/fish
mkdir -p $fish_complete_path
for tool in pull push now setconf delete undo status hooks
    cp $argv[1]/sync-manager.fish $fish_complete_path/sync-$tool.fish
end
complete --do-complete $argv[2] | string replace --regex '\t.*' ''
