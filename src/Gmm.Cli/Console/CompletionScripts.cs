namespace Gmm.Cli;

/// <summary>
/// Scripts by which shells complete gmm's verbs, options and choices: each asks the tool itself ("[suggest:POSITION]" is System.CommandLine's), so that none
/// grows old; where a file's name is wanted, options are left out and the shell completes files.
/// </summary>
internal static class CompletionScripts
{
    private static readonly Dictionary<string, string> s_scripts = new()
    {
        ["bash"] = """
            # gmm completion bash: add to ~/.bashrc:  source <(gmm completion bash)
            _gmm() {
              local IFS=$'\n' word="${COMP_WORDS[COMP_CWORD]}"
              COMPREPLY=($(compgen -W "$(gmm "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word"))
              if [[ $word != -* ]]; then
                local kept=() reply
                for reply in "${COMPREPLY[@]}"; do
                  [[ $reply == -* ]] || kept+=("$reply")
                done
                COMPREPLY=("${kept[@]}")
              fi
            }
            complete -o default -o bashdefault -F _gmm gmm
            """,
        ["zsh"] = """
            #compdef gmm
            # gmm completion zsh: add to ~/.zshrc, after compinit:  source <(gmm completion zsh)
            _gmm() {
              local -a found
              found=("${(@f)$(gmm "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              if [[ $PREFIX != -* ]]; then
                found=(${found:#-*})
              fi
              if (( ${#found} )) && [[ -n $found[1] ]]; then
                compadd -a found || _files
              else
                _files
              fi
            }
            compdef _gmm gmm
            """,
        ["fish"] = """
            # gmm completion fish: write to ~/.config/fish/completions/gmm.fish
            function __gmm_complete
                set -l line (commandline -cp)
                set -l word (commandline -ct)
                set -l found (gmm "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
                if not string match -q -- '-*' "$word"
                    set found (string match -v -- '-*' $found)
                end
                printf '%s\n' $found
            end
            complete -c gmm -a '(__gmm_complete)'
            """,
        ["powershell"] = """
            # gmm completion powershell: add to $PROFILE:  gmm completion powershell | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName gmm -ScriptBlock {
                param($word, $line, $position)
                gmm "[suggest:$position]" "$line" 2>$null |
                    Where-Object { $word -like '-*' -or $_ -notlike '-*' } |
                    Where-Object { $_ -like "$word*" } |
                    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    /// <summary>The shells there are scripts for.</summary>
    public static IReadOnlyCollection<string> Shells => s_scripts.Keys;

    /// <summary>Does "gmm completion SHELL".</summary>
    /// <param name="words">What stands after "completion".</param>
    /// <param name="console">Where to write.</param>
    /// <returns>The exit code.</returns>
    public static int Print(IReadOnlyList<string> words, CliConsole console)
    {
        if (words is [var shell] && s_scripts.TryGetValue(shell, out var script))
        {
            console.Output.WriteLine(script);
            return ExitCodes.Success;
        }

        if (words is ["--help"])
        {
            console.Output.WriteLine($"usage: gmm completion SHELL; SHELL is one of {string.Join(", ", Shells)}");
            return ExitCodes.Success;
        }

        var near = words.Count > 0 ? Spelling.Nearest(words[0], Shells) : null;
        console.Error.WriteLine(
            $"gmm completion: a shell is needed: {string.Join(", ", Shells)}" + (near is null ? string.Empty : $"; did you mean {near}?"));
        return ExitCodes.Usage;
    }
}
