using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Where a term of a group stands.</summary>
internal enum OpticsTermKind
{
    /// <summary>In the odd phase.</summary>
    Odd,

    /// <summary>In the even phase.</summary>
    Even,

    /// <summary>In the magnification.</summary>
    Magnification,

    /// <summary>
    /// In none, but in the reference: what its amplitudes in some rings could be off by. Where all CTFs are alike that looks like a phase, so it counts as
    /// unknown.
    /// </summary>
    Amplitude,
}

/// <summary>
/// A term of an optics group that is estimated: a homogeneous polynomial of the frequency, radian angstrom^Degree, written in RELION's Zernike terms, or a
/// symmetric strain of the frequencies.
/// </summary>
/// <remarks>
/// Homogeneous, since Zernike's own polynomials are not scaled to the disc, where the fourth order is a small remainder of the second: beam tilt is
/// (kx, ky) |k|^2, the spherical aberration |k|^4. What is left out is what something else says: a shift of the image where poses are refined, defocus and
/// astigmatism where particles have their own.
/// </remarks>
/// <param name="Name">What it is called in records.</param>
/// <param name="Kind">Where it stands.</param>
/// <param name="Degree">Of the polynomial; of an amplitude its node.</param>
/// <param name="Shares">The Zernike terms (n, m) and their shares; of the magnification none.</param>
internal sealed record OpticsTerm(string Name, OpticsTermKind Kind, int Degree, params (int N, int M, double Share)[] Shares)
{
    /// <summary>
    /// What microscopes have, as the standard deviation from what was given, radian angstrom^Degree or a strain: 1.5 mrad of beam tilt, 0.25 mm of spherical
    /// aberration at 300 kV, one per cent of magnification. Where images say less, a term stays.
    /// </summary>
    public double Spread => (Kind, Degree) switch
    {
        (OpticsTermKind.Magnification, _) => 0.01,
        (OpticsTermKind.Amplitude, _) => 0.5,
        (OpticsTermKind.Odd, 1) => 6,
        (OpticsTermKind.Odd, _) => Shares.Length > 1 ? 100 : 30,
        (OpticsTermKind.Even, 0) => 0.05,
        (OpticsTermKind.Even, 2) => 20,
        _ => Shares.Length > 2 ? 30 : 60,
    };

    /// <summary>Strain along x, of (xy), and along y: the matrix 1 + E, E symmetric, in front of the magnification.</summary>
    public static OpticsTerm[] Strain { get; } =
    [
        new("magnification_xx", OpticsTermKind.Magnification, 0), new("magnification_xy", OpticsTermKind.Magnification, 0),
        new("magnification_yy", OpticsTermKind.Magnification, 0),
    ];

    /// <summary>
    /// Amplitudes of the reference: so many nodes over its rings, linear between them; the first is the scale that each image has of its own.
    /// </summary>
    public static OpticsTerm[] Amplitudes { get; } =
        [.. Enumerable.Range(1, 7).Select(n => new OpticsTerm($"amplitude_{n}", OpticsTermKind.Amplitude, n))];

    /// <summary>The terms that are estimated.</summary>
    /// <param name="options">Which.</param>
    /// <param name="hasCtf">Whether the images have the CTF as the microscope made it; a CTF that was applied is not taken off again.</param>
    /// <param name="keepPoses">Whether poses are given and a shift common to all images shows in these terms.</param>
    public static OpticsTerm[] Of(OpticsOptions options, bool hasCtf, bool keepPoses)
    {
        var terms = new List<OpticsTerm>();
        if (options.Odd)
        {
            terms.AddRange(
            [
                new("beam_tilt_x", OpticsTermKind.Odd, 3, (3, 1, 1.0 / 3), (1, 1, 2.0 / 3)),
                new("beam_tilt_y", OpticsTermKind.Odd, 3, (3, -1, 1.0 / 3), (1, -1, 2.0 / 3)),
                new("trefoil_cos", OpticsTermKind.Odd, 3, (3, 3, 1)), new("trefoil_sin", OpticsTermKind.Odd, 3, (3, -3, 1)),
            ]);
            if (keepPoses)
            {
                terms.AddRange([new("shift_x", OpticsTermKind.Odd, 1, (1, 1, 1)), new("shift_y", OpticsTermKind.Odd, 1, (1, -1, 1))]);
            }
        }

        if (options.Even && hasCtf)
        {
            terms.AddRange(
            [
                new("phase", OpticsTermKind.Even, 0, (0, 0, 1)),
                new("spherical_aberration", OpticsTermKind.Even, 4, (4, 0, 1.0 / 6), (2, 0, 0.5), (0, 0, 1.0 / 3)),
                new("fourth_two_cos", OpticsTermKind.Even, 4, (4, 2, 0.25), (2, 2, 0.75)),
                new("fourth_two_sin", OpticsTermKind.Even, 4, (4, -2, 0.25), (2, -2, 0.75)),
                new("tetrafoil_cos", OpticsTermKind.Even, 4, (4, 4, 1)), new("tetrafoil_sin", OpticsTermKind.Even, 4, (4, -4, 1)),
            ]);
            if (!options.Defocus)
            {
                terms.Add(new("defocus", OpticsTermKind.Even, 2, (2, 0, 0.5), (0, 0, 0.5)));
            }

            if (!options.Astigmatism)
            {
                terms.AddRange([new("astigmatism_cos", OpticsTermKind.Even, 2, (2, 2, 1)), new("astigmatism_sin", OpticsTermKind.Even, 2, (2, -2, 1))]);
            }
        }

        if (options.Magnification)
        {
            terms.AddRange(Strain);
        }

        if (hasCtf && (options.Even || options.Defocus))
        {
            terms.AddRange(Amplitudes);
        }

        return [.. terms];
    }

    /// <summary>The polynomial at a frequency in 1/angstrom.</summary>
    public double Value(double kx, double ky) => Shares.Sum(z => z.Share * Zernike.Value(z.N, z.M, kx, ky));

    /// <summary>Adds the term to a group's aberrations.</summary>
    /// <param name="odd">Coefficients of odd terms up to order 3 at least.</param>
    /// <param name="even">Coefficients of even terms up to order 4 at least.</param>
    /// <param name="coefficient">Radian angstrom^Degree.</param>
    public void AddTo(double[] odd, double[] even, double coefficient)
    {
        foreach (var (n, m, share) in Shares)
        {
            if (Kind == OpticsTermKind.Odd)
            {
                odd[Zernike.OddIndex(n, m)] += share * coefficient;
            }
            else
            {
                even[Zernike.EvenIndex(n, m)] += share * coefficient;
            }
        }
    }
}
