#compdef asof
# Completion of asof for zsh: event ids, paths, voices and sources of the chronicle at hand, besides commands and options.
# In ~/.zshrc, after compinit: eval "$(asof completions zsh)"; or save it as _asof in a folder of $fpath.
# The shell quotes what is inserted. A candidate that ends in a blank is whole.
_asof() {
    local candidate
    local -a whole begun
    for candidate in "${(@f)$("${words[1]}" complete zsh -- "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}"; do
        case "$candidate" in
            '') ;;
            *' ') whole+=("${candidate% }") ;;
            *) begun+=("$candidate") ;;
        esac
    done
    compadd -a whole
    compadd -S '' -a begun
}
if [[ "${funcstack[1]}" = _asof ]]; then
    _asof "$@"
else
    compdef _asof asof
fi
