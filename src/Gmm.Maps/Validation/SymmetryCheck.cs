using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>How well a map agrees with itself turned by the operators of a point group.</summary>
/// <param name="Group">Name of the group.</param>
/// <param name="Correlation">
/// Mean over Fourier shells of the correlation of the signal with its turned copies, the identity left out: near 1 if the structure has the symmetry,
/// near 0 if it has not. NaN, null in JSON, if no shell was good enough to tell.
/// </param>
/// <param name="Resolution">The finest shell used, angstrom; NaN, null in JSON, if there is none.</param>
public sealed record SymmetryCheck(
    string Group,
    [property: JsonPropertyName("correlation"), JsonConverter(typeof(UnmeasuredNumber))] double Correlation,
    [property: JsonPropertyName("resolution_A"), JsonConverter(typeof(UnmeasuredNumber))] double Resolution) : IRecord
{
    /// <summary>A correlation below this is no symmetry that should be imposed.</summary>
    public const double Least = 0.5;

    /// <summary>A half-map FSC over this makes a shell good enough to tell.</summary>
    private const double UsableFsc = 0.3;

    /// <summary>Shell 1 is the overall shape, which many structures have in common with their turned copies.</summary>
    private const int FirstShell = 2;

    /// <summary>Whether the symmetry should not be imposed; false where nothing could be measured.</summary>
    [JsonIgnore]
    public bool IsDoubtful => Correlation < Least;

    /// <summary>Measures it.</summary>
    /// <remarks>
    /// With V the map and M its mean over the |G| operators, &lt;V, M&gt; / &lt;V, V&gt; = (1 + (|G| - 1) c) / |G|, where c is the mean correlation of V with
    /// its turned copies. Products are taken between halves, &lt;V1, M2&gt; and &lt;V1, V2&gt;, so that noise, which always agrees with itself, adds
    /// nothing. Each
    /// shell counts the same, because the coarsest hold nearly all the power and tell the least.
    /// </remarks>
    /// <param name="plain">Half maps without symmetry.</param>
    /// <param name="symmetrised">Half maps of the same particles with the symmetry.</param>
    /// <param name="symmetry">The group.</param>
    /// <param name="mask">Where to compare; null for the whole box.</param>
    /// <param name="compute">Threads; default options if null.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidInputException">Maps of different grids.</exception>
    /// <exception cref="ArgumentException">A group of one operator, which any map has.</exception>
    public static SymmetryCheck Measure(
        HalfMapPair plain, HalfMapPair symmetrised, SymmetryGroup symmetry, SolventMask? mask = null, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(plain);
        ArgumentNullException.ThrowIfNull(symmetrised);
        ArgumentNullException.ThrowIfNull(symmetry);
        if (symmetry.Order == 1)
        {
            throw new ArgumentException("Every map has the symmetry C1.", nameof(symmetry));
        }

        MapChecks.SameGrid(plain.Half1, symmetrised.Half1, "The maps");
        compute ??= new ComputeOptions();
        MapSpectrum Of(DensityMap map) => MapSpectrum.Of(map.Voxels, map.Size, mask is null ? [] : mask.Voxels, compute);
        MapSpectrum v1 = Of(plain.Half1), v2 = Of(plain.Half2), m1 = Of(symmetrised.Half1), m2 = Of(symmetrised.Half2);
        var shells = v1.Shells;
        var sums = v1.ShellSums(4, (i, s, times, t) =>
        {
            double Dot(MapSpectrum a, MapSpectrum b) => times * (((double)a.Re[i] * b.Re[i]) + ((double)a.Im[i] * b.Im[i]));
            t[s] += Dot(v1, v2);
            t[shells + s] += 0.5 * (Dot(v1, m2) + Dot(v2, m1));
            t[(2 * shells) + s] += Dot(v1, v1);
            t[(3 * shells) + s] += Dot(v2, v2);
        });
        double total = 0;
        int used = 0, last = 0;
        for (var s = FirstShell; s < shells; s++)
        {
            if (!(sums[s] > UsableFsc * Math.Sqrt(sums[(2 * shells) + s] * sums[(3 * shells) + s])))
            {
                break;
            }

            var share = sums[shells + s] / sums[s];
            total += Math.Clamp(((symmetry.Order * share) - 1) / (symmetry.Order - 1), -1, 1);
            (used, last) = (used + 1, s);
        }

        return new SymmetryCheck(symmetry.Name, used == 0 ? double.NaN : total / used, used == 0 ? double.NaN : plain.Half1.BoxLength / last);
    }

    void IRecord.Validate(RecordCheck check)
    {
        check["correlation"].Require(double.IsNaN(Correlation) ? double.IsNaN(Resolution) : Math.Abs(Correlation) <= 1.001, "is no correlation");
        check["resolution_A"].Require(Resolution > 0 || (double.IsNaN(Resolution) && double.IsNaN(Correlation)), "is not a positive resolution");
    }

    /// <summary>The warning for people; null if there is none.</summary>
    /// <returns>One sentence.</returns>
    public string? Warning() => double.IsNaN(Correlation)
        ? $"the half maps are too poor to tell whether the structure has the symmetry {Group}"
        : IsDoubtful
            ? string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"the map does not have the symmetry {Group}: its correlation with its turned copies is {Correlation:F2} to {Resolution:F1} A (1 for "
                    + $"a symmetric structure, 0 for none)")
            : null;
}
