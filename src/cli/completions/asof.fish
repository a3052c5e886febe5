# Completion of asof for fish: event ids, paths, voices and sources of the chronicle at hand, besides commands and options.
# In ~/.config/fish/config.fish: asof completions fish | source
# The shell quotes what is inserted.
function __asof_candidates
    set -l words (commandline -opc)
    $words[1] complete fish -- $words (commandline -ct | string unescape) 2>/dev/null
end
complete -c asof -f -a '(__asof_candidates)'
