using Gmm.IO;
using Gmm.Maps;
using static System.FormattableString;

namespace Gmm.Refinement;

/// <summary>What the images were asked of the curvature of the Ewald sphere, and what was taken of it.</summary>
/// <param name="Sign">What maps are made and poses are refined with from then on.</param>
/// <param name="Evidence">What each half's own images say; null where curvature cannot matter at any resolution of theirs.</param>
public sealed record EwaldRecord(EwaldMode Sign, HalfPair<EwaldEvidence>? Evidence) : IRecord
{
    /// <summary>What a person should know of it: halves that do not agree.</summary>
    /// <returns>A sentence, or none.</returns>
    public IEnumerable<string> Warnings()
    {
        if (Evidence is not { } evidence || evidence.Half1.Sign == evidence.Half2.Sign)
        {
            return [];
        }

        var contradict = evidence.Half1.Sign * evidence.Half2.Sign < 0;
        return [
            (contradict
                ? "the halves contradict each other about the sign of the Ewald sphere's curvature"
                : $"only the images of half {(evidence.Half1.Sign != 0 ? 1 : 2)} ask for the curvature of the Ewald sphere")
                + ", so it was left out: " + Text(evidence) + "; give --ewald positive or negative if you know which it is",
        ];
    }

    /// <summary>What was asked and found, in one line.</summary>
    /// <returns>The line.</returns>
    internal string Line() => "Ewald sphere: " + (Evidence is { } evidence
        ? $"log-likelihood over the flat one {Text(evidence)}; {(Sign == EwaldMode.Off ? "off" : Sign == EwaldMode.Positive ? "positive" : "negative")}"
        : "its curvature does not matter at the resolution of these images");

    void IRecord.Validate(RecordCheck check)
    {
        check["sign"].Require(Sign != EwaldMode.Auto, "is no sign");
        foreach (var (half, name) in new[] { (Evidence?.Half1, "half1"), (Evidence?.Half2, "half2") })
        {
            check["evidence"][name]["positive"].Finite(half?.Positive ?? 0);
            check["evidence"][name]["negative"].Finite(half?.Negative ?? 0);
        }
    }

    /// <summary>1, -1 or 0.</summary>
    internal static int SignOf(EwaldMode mode) => mode switch { EwaldMode.Positive => 1, EwaldMode.Negative => -1, _ => 0 };

    private static string Text(HalfPair<EwaldEvidence> evidence) =>
        Invariant($"half 1 {evidence.Half1.Positive:+0.0;-0.0} with the positive sign, {evidence.Half1.Negative:+0.0;-0.0} with the negative, ")
            + Invariant($"half 2 {evidence.Half2.Positive:+0.0;-0.0} and {evidence.Half2.Negative:+0.0;-0.0}");
}
