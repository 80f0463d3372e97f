using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using static System.FormattableString;

namespace Gmm.Reports;

/// <summary>The four curves of two half maps, with names for a legend that say the resolution of each.</summary>
/// <param name="Corrected">Masked, corrected by phase randomisation.</param>
/// <param name="Unmasked">Of the half maps as they are.</param>
/// <param name="Masked">Of the masked half maps.</param>
/// <param name="Randomised">The same with random phases.</param>
/// <param name="HasResolution">Whether the half maps have anything in common.</param>
internal sealed record HalfMapCurves(FscCurve Corrected, FscCurve Unmasked, FscCurve Masked, FscCurve Randomised, bool HasResolution)
{
    /// <summary>The curves of a comparison.</summary>
    public static HalfMapCurves Of(CorrectedFsc fsc) => new(fsc.Corrected, fsc.Unmasked, fsc.Masked, fsc.Randomised, fsc.Resolution is not null);

    /// <summary>The curves in a file that a job wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="map">A map of the box they are of.</param>
    /// <exception cref="InvalidInputException">The file is of another box, or has not all of them.</exception>
    public static HalfMapCurves Read(string path, DensityMap map)
    {
        var (frequencies, columns) = FscFile.ReadStar(path);
        if (frequencies.Length > (map.Size / 2) + 1 || frequencies.Length < 2)
        {
            throw new InvalidInputException(Invariant($"has {frequencies.Length} shells, a box of {map.Size} has {(map.Size / 2) + 1}"), path);
        }

        FscCurve Curve(string label) => columns.FirstOrDefault(c => c.Label == label) is { } column
            ? FscCurve.InBox(map.Size, map.PixelSize, column.Values)
            : throw new InvalidInputException("has no such column", path, field: label);
        var found = StarFile.Read(path).Find("general")?.GetText("rlnFinalResolution") != FscFile.FinalResolution(null);
        return new(Curve(FscFile.Corrected), Curve(FscFile.Unmasked), Curve(FscFile.Masked), Curve(FscFile.PhaseRandomized), found);
    }

    /// <summary>A curve's name, with the resolution that it gives.</summary>
    /// <param name="name">The name.</param>
    /// <param name="curve">The curve.</param>
    public string Label(string name, FscCurve curve) => HasResolution ? FscChart.Label(name, curve) : name + ": no resolution";

    /// <summary>The chart of the curves.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="name">What they are compared with.</param>
    /// <param name="before">Its curves.</param>
    public LineChart Chart(string title, string name, HalfMapCurves before)
    {
        (string Name, FscCurve Curve)[] curves =
        [
            (Label("masked, corrected", Corrected), Corrected), (Label("unmasked", Unmasked), Unmasked), ("masked", Masked), ("phases random", Randomised),
            (before.Label(name + ", corrected", before.Corrected), before.Corrected),
        ];
        return FscChart.Create(curves.Select(c => (c.Name, c.Curve.Frequencies.ToArray(), c.Curve.Values.ToArray())), title);
    }
}
