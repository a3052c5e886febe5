# Completion of asof for bash: event ids, paths, voices and sources of the chronicle at hand, besides commands and options.
# In ~/.bashrc: eval "$(asof completions bash)"
# What asof prints is quoted for the shell already, one candidate a line.
_asof() {
    local candidate
    COMPREPLY=()
    while IFS= read -r candidate; do
        COMPREPLY+=("$candidate")
    done < <("$1" complete bash -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
}
complete -o nospace -o nosort -F _asof asof 2>/dev/null || complete -o nospace -F _asof asof
