using System.CommandLine;
using System.Globalization;

namespace Gmm.Cli;

/// <summary>The option --gaussians N|auto.</summary>
internal static class GaussianCount
{
    /// <summary>Makes the option; its value is null for auto.</summary>
    public static Option<int?> MakeOption() => new("--gaussians")
    {
        HelpName = "N|auto",
        Description = "Number of Gaussians, or auto: estimated from the map's volume and the resolution (from the atoms with an atomic --model). [auto]",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty;
            if (text == "auto")
            {
                return null;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0)
            {
                return n;
            }

            result.AddError($"'{text}' is not a number of Gaussians: a whole number over 0, or auto, is needed.");
            return null;
        },
    };
}
