using System.CommandLine;

namespace Gmm.Cli;

/// <summary>
/// Declares options and arguments of verbs, an entry each: its name, the name of its value in help texts, what it is for, and the value that it has where
/// it is not given. A number or word without one is null then.
/// </summary>
internal static class Declare
{
    /// <summary>The output of a verb, --out or -o, which must be given.</summary>
    public static Option<string> Out(string value, string description) =>
        new("--out", "-o") { HelpName = value, Required = true, Description = description };

    /// <summary>An option without a value.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>A word or a file.</summary>
    public static Option<string?> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    /// <summary>A word or a file, with the one that is meant where none is given.</summary>
    public static Option<string> Text(string name, string value, string description, string otherwise) =>
        Otherwise(new Option<string>(name) { HelpName = value, Description = description }, otherwise);

    /// <summary>A word or a file that must be given.</summary>
    public static Option<string> RequiredText(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, Required = true };

    /// <summary>One of some words, the first of them where none is given.</summary>
    public static Option<string> Choice(string name, string description, params string[] choices) =>
        Among(Otherwise(new Option<string>(name) { HelpName = string.Join('|', choices), Description = description }, choices[0]), choices);

    /// <summary>One of some words, or none.</summary>
    public static Option<string?> ChoiceOrNone(string name, string description, params string[] choices) =>
        Among(new Option<string?>(name) { HelpName = string.Join('|', choices), Description = description }, choices);

    /// <summary>Words or files, as many as there are up to the next option.</summary>
    public static Option<string[]> Words(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, AllowMultipleArgumentsPerToken = true };

    /// <summary>A number.</summary>
    public static Option<double?> Number(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    /// <summary>A number, with the one that is meant where none is given.</summary>
    public static Option<double> Number(string name, string value, string description, double otherwise) =>
        Otherwise(new Option<double>(name) { HelpName = value, Description = description }, otherwise);

    /// <summary>A number that must be given.</summary>
    public static Option<double> RequiredNumber(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, Required = true };

    /// <summary>A whole number.</summary>
    public static Option<int?> Count(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    /// <summary>A whole number, with the one that is meant where none is given.</summary>
    public static Option<int> Count(string name, string value, string description, int otherwise) =>
        Otherwise(new Option<int>(name) { HelpName = value, Description = description }, otherwise);

    /// <summary>A whole number that must be given.</summary>
    public static Option<int> RequiredCount(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, Required = true };

    /// <summary>An argument that must be given.</summary>
    public static Argument<string> Argument(string name, string description) => new(name) { Description = description };

    /// <summary>An argument that can be left out.</summary>
    public static Argument<string?> OptionalArgument(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };

    /// <summary>The soft solvent mask of a map.</summary>
    /// <param name="description">What it is for.</param>
    public static Option<string?> Mask(string description) => Text("--mask", "MASK.mrc", description);

    /// <summary>The option to go on with a run, --resume.</summary>
    /// <param name="run">What a run of the verb is called.</param>
    public static Option<bool> Resume(string run = "a run") =>
        Flag("--resume", $"Goes on with {run} in DIR that was stopped, to the same bits as if it had not been.");

    /// <summary>The parts that a half is summed in, --parts.</summary>
    public static Option<int?> Parts() => Count(
        "--parts", "N", "Parts that each half is summed in, which several processes can share; by default one for every 4000 particles, up to 16. It decides "
            + "the last bits of the maps only.");

    /// <summary>An atomic model, --model.</summary>
    /// <param name="description">What it is for.</param>
    public static Option<string?> Model(string description) => Text("--model", "MODEL", description);

    /// <summary>A point group, --symmetry; C1 where none is given.</summary>
    /// <param name="description">What is done with it.</param>
    public static Option<string> Symmetry(string description) => Text("--symmetry", "GROUP", description, "C1");

    private static Option<T> Otherwise<T>(Option<T> option, T value)
    {
        option.DefaultValueFactory = _ => value;
        return option;
    }

    private static Option<T> Among<T>(Option<T> option, string[] choices)
    {
        option.AcceptOnlyFromAmong(choices);
        return option;
    }
}
