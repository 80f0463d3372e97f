using System.Text.RegularExpressions;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>The script of a job with places for what differs, {{name}}: the user's own, or the one for SLURM.</summary>
/// <param name="text">The script.</param>
/// <param name="path">Its file, for messages.</param>
internal sealed partial class JobTemplate(string text, string path)
{
    /// <summary>The template for SLURM. A line of directives whose value is not given is left out.</summary>
    public const string Slurm = """
        #!/bin/sh
        #SBATCH --job-name={{name}}
        #SBATCH --array=1-{{workers}}
        #SBATCH --partition={{partition}}
        #SBATCH --time={{time}}
        #SBATCH --mem={{memory}}
        #SBATCH --cpus-per-task={{threads}}
        #SBATCH --gpus-per-task={{gpus}}
        #SBATCH --chdir={{folder}}
        #SBATCH --output={{log}}
        #SBATCH --signal=B:TERM@60
        #SBATCH --no-requeue
        exec {{command}}

        """;

    private static readonly string[] s_needed = ["name", "workers", "log", "command"];

    /// <summary>Reads a template.</summary>
    /// <param name="file">The file; null for the one for SLURM.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or lacks a place.</exception>
    public static JobTemplate Read(string? file)
    {
        var template = file is null
            ? new JobTemplate(Slurm, "the template for SLURM")
            : new JobTemplate(InputFile.ReadUtf8(file, 1 << 20), file);
        template.Check();
        return template;
    }

    /// <summary>The script with its values.</summary>
    /// <param name="values">By the names of their places; null leaves a directive out.</param>
    /// <exception cref="InvalidInputException">A place has no value.</exception>
    public string Fill(IReadOnlyDictionary<string, string?> values)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Index().Select(line =>
        {
            var (number, content) = line;
            var isLeftOut = false;
            var filled = Place().Replace(content, match =>
            {
                var name = match.Groups["name"].Value;
                if (!values.TryGetValue(name, out var value))
                {
                    throw NoValue(name, number);
                }

                isLeftOut |= value is null;
                return value ?? string.Empty;
            });
            return !isLeftOut ? filled
                : content.StartsWith('#') ? null
                : throw new InvalidInputException("needs a value that the settings do not have", path, number + 1);
        });
        return string.Join('\n', lines.OfType<string>());
    }

    /// <summary>Requires that every place is among those that have a value.</summary>
    /// <exception cref="InvalidInputException">One is not.</exception>
    public void Require(IReadOnlyCollection<string> places)
    {
        foreach (var (number, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            foreach (var name in Place().Matches(line).Select(m => m.Groups["name"].Value).Where(n => !places.Contains(n)))
            {
                throw NoValue(name, number);
            }
        }
    }

    private InvalidInputException NoValue(string name, int line) =>
        new($"has the place {{{{{name}}}}}, for which the settings have no value", path, line + 1);

    private void Check()
    {
        foreach (var name in s_needed)
        {
            if (!Place().Matches(text).Any(m => m.Groups["name"].Value == name))
            {
                throw new InvalidInputException($"lacks the place {{{{{name}}}}}", path);
            }
        }
    }

    [GeneratedRegex(@"\{\{(?<name>[A-Za-z0-9_]+)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
