using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>An optics group's aberrations as the terms that are estimated have them: to add a step, and to say what they are.</summary>
internal static class GroupOptics
{
    /// <summary>
    /// Squared length, in standard deviations, over which a magnification is taken for one: three parameters reach it once in a thousand times.
    /// </summary>
    private const double LeastStrain = 16;

    /// <summary>The aberrations after a step, as a file will hold them.</summary>
    /// <param name="before">As they are.</param>
    /// <param name="ctf">The group's voltage and spherical aberration.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="step">The step, radian angstrom^Degree or strain.</param>
    public static Aberrations? After(Aberrations? before, CtfParameters ctf, IReadOnlyList<OpticsTerm> terms, ReadOnlySpan<double> step)
    {
        var (odd, even) = Lists(before);
        var m = before?.Magnification ?? Magnification.None;
        double[] strain = new double[3];
        var at = 0;
        for (var j = 0; j < terms.Count; j++)
        {
            if (terms[j].Kind == OpticsTermKind.Magnification)
            {
                strain[at++] = step[j];
            }
            else if (terms[j].Kind != OpticsTermKind.Amplitude)
            {
                terms[j].AddTo(odd, even, step[j]);
            }
        }

        // q = M k becomes (1 + E) M k.
        var (xx, xy, yy) = (1 + strain[0], strain[1], 1 + strain[2]);
        var moved = new Magnification(
            (xx * m.M00) + (xy * m.M10), (xx * m.M01) + (xy * m.M11), (xy * m.M00) + (yy * m.M10), (xy * m.M01) + (yy * m.M11));
        return AberrationTerms.Of(new Aberrations(odd, even, Aberrations.MatrixProblem(moved) is null ? moved : m), ctf).ToAberrations(ctf);
    }

    /// <summary>How far a group's terms are from where they were given, in units of the terms; 0 of amplitudes.</summary>
    public static double[] Moved(Aberrations? now, Aberrations? start, IReadOnlyList<OpticsTerm> terms, double[] units)
    {
        var strain = Strain(now?.Magnification ?? Magnification.None, start?.Magnification ?? Magnification.None);
        double[] moved = [.. Take(now, terms).Zip(Take(start, terms), (x, y) => x - y)];
        var at = 0;
        for (var j = 0; j < moved.Length; j++)
        {
            moved[j] = (terms[j].Kind == OpticsTermKind.Magnification ? strain[at++] : moved[j]) / units[j];
        }

        return moved;
    }

    private static double[] Strain(Magnification found, Magnification start)
    {
        var i = start.Inverse();
        return
        [
            (found.M00 * i.M00) + (found.M01 * i.M10) - 1, 0.5 * ((found.M00 * i.M01) + (found.M01 * i.M11) + (found.M10 * i.M00) + (found.M11 * i.M10)),
            (found.M10 * i.M01) + (found.M11 * i.M11) - 1,
        ];
    }

    /// <summary>Whether a magnification differs from another by more than its uncertainty.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="start">The other.</param>
    /// <param name="covariance">Of the strains, 3 x 3 values.</param>
    public static bool Differs(Magnification found, Magnification start, double[] covariance)
    {
        double[] strain = Strain(found, start), solved = new double[3];
        // The common scale may be held, and the matrix singular then: a small share of itself makes it definite.
        return !Cholesky.TrySolve(covariance, strain, 1e-6, solved) || SmallMatrix.Dot(strain, solved) > LeastStrain;
    }

    /// <summary>The terms' values in the units that people know.</summary>
    /// <param name="aberrations">The group's.</param>
    /// <param name="before">Those that the iteration began with.</param>
    /// <param name="start">Those that were given.</param>
    /// <param name="ctf">Its voltage and spherical aberration.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="sigma">Standard deviation of a term, radian angstrom^Degree or strain; NaN where it is not determined.</param>
    public static IReadOnlyList<OpticsTermRecord> Describe(
        Aberrations? aberrations, Aberrations? before, Aberrations? start, CtfParameters ctf, IReadOnlyList<OpticsTerm> terms, Func<int, double> sigma)
    {
        double[] values = Values(aberrations, terms), earlier = Values(before, terms), given = Values(start, terms);
        var records = new List<OpticsTermRecord>();
        for (var j = 0; j < values.Length; j++)
        {
            var (term, deviation) = (terms[j], sigma(j));
            if (term.Kind != OpticsTermKind.Amplitude)
            {
                var (name, unit) = Unit(term, ctf);
                records.Add(new OpticsTermRecord(
                    term.Name, name, values[j] / unit, given[j] / unit, (values[j] - earlier[j]) / unit,
                    double.IsNaN(deviation) ? null : deviation / Math.Abs(unit), double.IsNaN(deviation), null));
            }
        }

        return records;
    }

    /// <summary>The terms' values: coefficients of polynomials, elements of the magnification.</summary>
    private static double[] Values(Aberrations? aberrations, IReadOnlyList<OpticsTerm> terms)
    {
        var (values, m) = (Take(aberrations, terms), aberrations?.Magnification ?? Magnification.None);
        for (var j = 0; j < values.Length; j++)
        {
            values[j] = terms[j].Kind != OpticsTermKind.Magnification
                ? values[j] : terms[j].Name[^2..] switch { "xx" => m.M00, "yy" => m.M11, _ => 0.5 * (m.M01 + m.M10) };
        }

        return values;
    }

    /// <summary>The coefficients of the terms that are polynomials, radian angstrom^Degree.</summary>
    private static double[] Take(Aberrations? aberrations, IReadOnlyList<OpticsTerm> terms)
    {
        var (odd, even) = Lists(aberrations);
        var values = new double[terms.Count];
        // From the highest degree down, since a term's polynomial has lower Zernike terms in it.
        foreach (var j in Enumerable.Range(0, values.Length).Where(j => terms[j].Shares.Length > 0).OrderByDescending(j => terms[j].Degree))
        {
            var (n, order, share) = terms[j].Shares[0];
            values[j] = (terms[j].Kind == OpticsTermKind.Odd ? odd[Zernike.OddIndex(n, order)] : even[Zernike.EvenIndex(n, order)]) / share;
            terms[j].AddTo(odd, even, -values[j]);
        }

        return values;
    }

    /// <summary>The unit that people know, in radian angstrom^Degree.</summary>
    public static (string Name, double Size) Unit(OpticsTerm term, CtfParameters ctf)
    {
        var (lambda, cs) = (ctf.WavelengthAngstrom, ctf.SphericalAberrationMillimetre);
        return term.Name switch
        {
            "beam_tilt_x" or "beam_tilt_y" when cs > 0 => ("mrad", 3 * Aberrations.BeamTilt(1, 0, cs, lambda)[Zernike.OddIndex(3, 1)]),
            _ when term.Kind == OpticsTermKind.Magnification => (string.Empty, 1),
            "spherical_aberration" => ("mm", 0.5e7 * Math.PI * lambda * lambda * lambda),
            _ => (term.Degree switch { 0 => "rad", 1 => "rad A", var n => $"rad A^{n}" }, 1),
        };
    }

    private static (double[] Odd, double[] Even) Lists(Aberrations? aberrations)
    {
        double[] odd = [.. aberrations?.Odd ?? []], even = [.. aberrations?.Even ?? []];
        Array.Resize(ref odd, Math.Max(odd.Length, Zernike.OddCount(3)));
        Array.Resize(ref even, Math.Max(even.Length, Zernike.EvenCount(4)));
        return (odd, even);
    }
}
