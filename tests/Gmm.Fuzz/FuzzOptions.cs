using System.Globalization;

namespace Gmm.Fuzz;

/// <summary>What the command line says.</summary>
internal sealed record FuzzOptions
{
    public double Minutes { get; private set; } = 1;

    public long Inputs { get; private set; } = long.MaxValue;

    public int Seed { get; private set; } = 1;

    public List<string> Targets { get; } = [];

    public int? Input { get; private set; }

    public string Keep { get; private set; } = "fuzz-findings";

    public bool List { get; private set; }

    public string? Real { get; private set; }

    public static bool TryParse(string[] args, out FuzzOptions options)
    {
        options = new FuzzOptions();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--list")
            {
                options.List = true;
            }
            else if (i + 1 == args.Length || !options.Set(args[i], args[++i]))
            {
                return false;
            }
        }

        return options.Input is null || options.Targets.Count == 1;
    }

    private bool Set(string name, string value)
    {
        var number = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && n >= 0;
        switch (name)
        {
            case "--minutes" when number:
                Minutes = n;
                return true;
            case "--inputs" when number:
                (Inputs, Minutes) = ((long)n, 0);
                return true;
            case "--seed" when number:
                Seed = (int)n;
                return true;
            case "--input" when number:
                Input = (int)n;
                return true;
            case "--target":
                Targets.Add(value);
                return true;
            case "--real":
                Real = value;
                return Directory.Exists(value);
            case "--keep":
                Keep = value;
                return true;
            default:
                return false;
        }
    }
}
