using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// What the phase of a coefficient changes by, for each parameter, over a disc: per angstrom of a particle's defocus, and per unit of a group's terms, which
/// is one radian at the disc's edge, so that all parameters are alike in size.
/// </summary>
internal sealed class OpticsBasis
{
    /// <summary>Computes the tables.</summary>
    /// <param name="disc">The coefficients.</param>
    /// <param name="ctf">Voltage and spherical aberration of the group.</param>
    /// <param name="terms">The group's terms.</param>
    /// <param name="radius">How far from its centre the structure's mass is, angstrom: what a strain moves.</param>
    public OpticsBasis(FourierDisc disc, CtfParameters ctf, IReadOnlyList<OpticsTerm> terms, double radius)
    {
        (Disc, Terms) = (disc, terms);
        Edge = disc.Radius / disc.BoxLength;
        var lambda = ctf.WavelengthAngstrom;
        Defocus =
        [
            disc.Tabulate((kx, ky) => Math.PI * lambda * ((kx * kx) + (ky * ky))), disc.Tabulate((kx, ky) => Math.PI * lambda * ((kx * kx) - (ky * ky))),
            disc.Tabulate((kx, ky) => Math.PI * lambda * 2 * kx * ky), disc.Tabulate((_, _) => 1e-3),
        ];
        Units = [.. terms.Select(t => t.Kind switch
        {
            OpticsTermKind.Magnification => 1 / (2 * Math.PI * Edge * radius),
            OpticsTermKind.Amplitude => 1,
            _ => Math.Pow(Edge, -t.Degree),
        })];
        Phases = [.. terms.Select((t, j) => t.Kind switch
        {
            OpticsTermKind.Magnification => [],
            OpticsTermKind.Amplitude => disc.Tabulate((kx, ky) =>
                Math.Max(0, 1 - Math.Abs((OpticsTerm.Amplitudes.Length * Math.Sqrt((kx * kx) + (ky * ky)) / Edge) - t.Degree))),
            _ => disc.Tabulate((kx, ky) => Units[j] * t.Value(kx, ky)),
        })];
        (Kx, Ky) = (disc.Tabulate((kx, _) => kx), disc.Tabulate((_, ky) => ky));
        Spherical = -2 * Math.PI * ctf.SphericalAberrationMillimetre * 1e7 * lambda * lambda * lambda;
        Defocussing = 2 * Math.PI * lambda;
    }

    /// <summary>The coefficients.</summary>
    public FourierDisc Disc { get; }

    /// <summary>The group's terms.</summary>
    public IReadOnlyList<OpticsTerm> Terms { get; }

    /// <summary>The frequency of the edge, 1/angstrom.</summary>
    public double Edge { get; }

    /// <summary>
    /// Phase per angstrom of a particle's defocus: its mean, and the two parts of its astigmatism; and per milliradian of its phase shift
    /// (<see cref="Gmm.Refinement.Defocus"/>).
    /// </summary>
    public float[][] Defocus { get; }

    /// <summary>One unit of each term: radian angstrom^Degree, or a strain.</summary>
    public double[] Units { get; }

    /// <summary>Phase, or share of the amplitude, per unit of each term; empty of the magnification.</summary>
    public float[][] Phases { get; }

    /// <summary>Frequency along x, 1/angstrom.</summary>
    public float[] Kx { get; }

    /// <summary>Frequency along y, 1/angstrom.</summary>
    public float[] Ky { get; }

    /// <summary>The CTF's phase gradient by the frequency is Defocussing (defocus matrix) k + Spherical |k|^2 k.</summary>
    public double Spherical { get; }

    /// <inheritdoc cref="Spherical"/>
    public double Defocussing { get; }
}
