"""The scripts by which shells ask for completions.

Each runs the program that is typed (`.venv/bin/tracker`), once its tilde, quotes and variables are expanded, if that
can run no command; and exports the variables that the line names, so that `--db $FILE` can be read.
"""

BASH = r"""_tracker_completion() {
    local program="$1" line
    COMPREPLY=()
    [[ $1 == *[\`\(\{\[\;\&\|\<\>]* ]] || eval "program=$1"
    while IFS= read -r line; do
        case $line in
            dir,*) compopt -o dirnames ;;
            file,*) compopt -o default ;;
            plain,*) COMPREPLY+=("${line#plain,}") ;;
        esac
    done < <(
        line="${COMP_LINE:0:COMP_POINT}"
        export COMP_LINE="$line" COMP_WORD="$2" _TRACKER_COMPLETE=bash_complete
        while [[ $line =~ \$\{?([A-Za-z_][A-Za-z_0-9]*) ]]; do
            line="${line#*"${BASH_REMATCH[0]}"}"
            export "${BASH_REMATCH[1]}"
        done
        "$program" 2>/dev/null </dev/null
    )
}
complete -o nosort -F _tracker_completion tracker
"""

ZSH = r"""#compdef tracker

_tracker_completion() {
    local program="$words[1]" kind key help
    local -a response plain described
    [[ $program == *[\`\(\{\[\;\&\|\<\>]* ]] || eval "program=$program"
    response=("${(@f)$(
        line="${(j: :)words[1,CURRENT]}"
        export COMP_WORDS="$line" _TRACKER_COMPLETE=zsh_complete
        while [[ $line =~ '\$\{?([A-Za-z_][A-Za-z_0-9]*)' ]]; do
            line="${line#*"$MATCH"}"
            export "$match[1]"
        done
        "$program" 2>/dev/null </dev/null
    )}")
    for kind key help in $response; do
        case $kind in
            plain) if [[ $help == _ ]]; then plain+=("$key"); else described+=("$key:$help"); fi ;;
            keep) [[ $compstate[insert] != *unambiguous ]] || compstate[insert]= compstate[list]='list force' ;;
            dir | file)
                [[ $PREFIX != -*=* ]] || compset -P 1 '*='
                if [[ $kind == dir ]]; then _path_files -/; else _path_files -f; fi
                ;;
        esac
    done
    (( ! $#described )) || _describe -V unsorted described -U
    (( ! $#plain )) || compadd -U -V unsorted -a plain
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _tracker_completion "$@"
else
    compdef _tracker_completion tracker
fi
"""

FISH = r"""function _tracker_completion
    set -l typed (commandline -cp | string collect)
    set -l word (commandline -ct | string collect)
    set -l option (string match -r -- '^--?[a-z-]+=' $word)
    set -l program (commandline -opc | string match -r -- '^(?:.*/)?tracker$')[1]
    set program (string replace -r -- '^(?:~|\$HOME)(?=/)' $HOME $program)
    set -l exported COMP_WORDS="$typed" _TRACKER_COMPLETE=fish_complete
    for name in (string match -arg -- '\$\{?([A-Za-z_][A-Za-z_0-9]*)' "$typed")
        set -a exported $name="$$name"
    end
    for line in (env $exported $program 2>/dev/null </dev/null)
        set -l parts (string split -m 1 \t -- $line)
        switch $parts[1]
            case dir
                string replace -r -- '^' "$option" (__fish_complete_directories (string replace -- "$option" '' $word))
            case file
                string replace -r -- '^' "$option" (__fish_complete_path (string replace -- "$option" '' $word))
            case plain
                printf '%s\n' $parts[2]
        end
    end
end
complete --no-files --keep-order --command tracker --arguments "(_tracker_completion)"
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}
"""The completion script of each shell."""
