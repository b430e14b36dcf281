# Completion of one sync-manager tool for fish, which is named as this file is installed: sync-pull.fish. Which options
# there are is what the tool's --help says when it is first completed. Names of projects and branches may be anything:
# fish quotes what a command prints as candidates, and never evaluates it.
set -l tool (string replace --regex '.*/(.*)\.fish$' '$1' -- (status filename))

# The names in the usual conf files: [git "NAME"], where \" and \\ stand for a quote and a backslash.
function __sync_manager_projects
    set -l own $HOME/.config
    set -q XDG_CONFIG_HOME; and set own $XDG_CONFIG_HOME
    set -l files $HOME/.sync-conf/**.conf $own/syncmanager/*.conf
    set files (string match --invert --regex /unison-templates/ -- $files)
    test -n "$files"
    and sed -n '/^[[:space:]]*\[[a-z]*[[:space:]]*"\(.*\)"[[:space:]]*\].*/ { s//\1/; s/\\\\\(["\\\\]\)/\1/g; p; }' \
        $files 2>/dev/null
    echo .
end

function __sync_manager_branches
    git for-each-ref --format='%(refname:lstrip=2)' refs/heads 2>/dev/null
end

complete --command $tool --erase
for line in (command $tool --help 2>/dev/null)
    #   -f, --conf FILE             read this, not the usual conf files; repeatable
    set -l parts (string match --regex '^ {2,6}(-[^ ](?:[^ ]| [^ ])*)  +(.*)$' -- $line)
    or continue
    set -l arguments
    for word in (string split ' ' -- $parts[2])
        switch $word
            case '--*'
                set --append arguments --long-option (string trim --chars='-,' -- $word)
            case '-*'
                set --append arguments --short-option (string trim --chars='-,' -- $word)
            case FILE
                set --append arguments --require-parameter --force-files
            case DIR PATH
                set --append arguments --exclusive --arguments '(__fish_complete_directories)'
            case PROJECT
                set --append arguments --exclusive --arguments '(__sync_manager_projects)'
            case CLIENT
                set --append arguments --exclusive --arguments 'git unison rsync'
            case WHEN
                set --append arguments --exclusive --arguments 'auto always never'
            case '*'
                set --append arguments --exclusive
        end
    end
    complete --command $tool $arguments --description $parts[3]
end

switch $tool
    case sync-delete
        complete --command $tool --no-files --arguments '(__sync_manager_branches)' --description branch
    case sync-hooks
        set -l actions install uninstall status
        complete --command $tool --no-files --condition "not __fish_seen_subcommand_from $actions" --arguments "$actions"
        complete --command $tool --no-files --condition "__fish_seen_subcommand_from $actions" \
            --arguments '(__sync_manager_projects)' --description project
    case '*'
        complete --command $tool --no-files --arguments '(__sync_manager_projects)' --description project
end
