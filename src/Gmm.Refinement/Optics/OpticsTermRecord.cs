using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>One term of the optics in one half of a group.</summary>
/// <param name="Name">
/// What it is: beam_tilt_x and _y, trefoil, tetrafoil and fourth_two by cosine and sine, spherical_aberration, phase, magnification_xx, _xy and _yy, ...
/// </param>
/// <param name="Unit">Its unit: mrad, rad, rad A^n, mm; empty for a pure number.</param>
/// <param name="Value">Its value, that of the file it started from included.</param>
/// <param name="Given">Its value in the file it started from.</param>
/// <param name="Change">How far it moved in this iteration.</param>
/// <param name="Sigma">Standard deviation; null where the data do not determine it.</param>
/// <param name="IsKept">Whether it stayed where it was, since the data do not determine it, the group has too few particles, or it is none at all.</param>
/// <param name="Gain">
/// By what the step was multiplied in this iteration: with poses, learnt from the one before; else what the images say; null where it was not determined.
/// </param>
public sealed record OpticsTermRecord(
    string Name, string Unit, double Value, double Given, double Change, [property: JsonPropertyName("sigma")] double? Sigma, bool IsKept,
    [property: JsonPropertyName("gain")] double? Gain) : IRecord
{
    /// <summary>Standard deviation of a term that was found; null of one that stayed where it was.</summary>
    internal double? FoundSigma => IsKept ? null : Sigma;

    /// <summary>How far a term that was found moved in this iteration, in its standard deviations; null of one that stayed.</summary>
    internal double? RelativeChange => Math.Abs(Change) / FoundSigma;

    /// <summary>The whole step of a term that was found, in its standard deviations; null of one that stayed.</summary>
    internal double? RelativeStep => Change / (Gain * FoundSigma);

    void IRecord.Validate(RecordCheck check)
    {
        check["name"].Some(Name);
        check["unit"].Some(Unit);
        check["value"].Finite(Value);
        check["given"].Finite(Given);
        check["change"].Finite(Change);
        check["sigma"].PositiveOrNull(Sigma);
        check["gain"].PositiveOrNull(Gain);
    }
}
