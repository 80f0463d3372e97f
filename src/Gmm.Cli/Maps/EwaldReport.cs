using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>The curvature of the Ewald sphere in a reconstruction.</summary>
/// <param name="Sign">off, positive or negative: what the maps were made with.</param>
/// <param name="Evidence">What the images said; null where they were not asked.</param>
internal sealed record EwaldReport(string Sign, EwaldEvidence? Evidence = null)
{
    /// <summary>No curvature.</summary>
    public const string Off = "off";

    /// <summary>An atom at height z has the defocus less z.</summary>
    public const string Positive = "positive";

    /// <summary>An atom at height z has the defocus plus z.</summary>
    public const string Negative = "negative";

    /// <summary>The sign of a word; 0 where it is none.</summary>
    public static int SignOf(string word) => EwaldRecord.SignOf(ModeOf(word));

    /// <summary>The mode of a word of --ewald.</summary>
    public static EwaldMode ModeOf(string word) => word switch
    {
        Positive => EwaldMode.Positive,
        Negative => EwaldMode.Negative,
        EwaldRun.Auto => EwaldMode.Auto,
        _ => EwaldMode.Off,
    };

    /// <summary>The word for a sign.</summary>
    public static string Of(int sign) => sign switch { 1 => Positive, -1 => Negative, _ => Off };
}
