using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Weights of coefficients by frequency that make the weighted sampling of Fourier space even along the radius.
/// </summary>
/// <remarks>
/// Central slices crowd towards zero frequency as 1/|k|, and the mean CTF^2 of a data set climbs steeply there. A kernel average over samples so
/// uneven is drawn to the denser side, which distorts the coarsest shells. Weighing every coefficient by |k| / mean CTF^2(|k|) in both
/// sums removes this; the division of the sums leaves the scale as it is, and particles at one frequency keep their weights relative to each
/// other. RELION reaches the same end by iterating (Pipe and Menon 1999).
/// </remarks>
internal sealed class SamplingDensity
{
    /// <summary>Particles the mean is taken over at most; it needs to be smooth, not exact.</summary>
    private const int Sample = 2000;

    /// <summary>A mean CTF^2 below this counts as this.</summary>
    private const double Least = 1e-4;

    /// <summary>Mean distance of a unit square from its centre: the radius of the zero-frequency sample.</summary>
    private const double CentreRadius = 0.3826;

    private readonly double[] _power;
    private readonly double _boxLength;

    /// <summary>Averages CTF^2 over a particle set, at the shells of a map.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="grid">The grid of the map.</param>
    /// <param name="ewald">The curved surface that coefficients are put on; null for the plane.</param>
    public SamplingDensity(IParticleSource source, ReconstructionGrid grid, EwaldSphere? ewald = null)
    {
        _boxLength = grid.BoxLength;
        _power = new double[grid.LastShell + 3];
        var particles = source.Particles;
        var step = Math.Max(1, particles.Count / Sample);
        var count = 0;
        for (var i = 0; i < particles.Count; i += step, count++)
        {
            var ctf = particles[i].Ctf;
            var state = source.OpticsGroups[particles[i].OpticsIndex].CtfState;
            var mean = 0.5 * (ctf.DefocusU + ctf.DefocusV);
            var round = ctf with { DefocusU = mean, DefocusV = mean };
            for (var s = 0; s < _power.Length; s++)
            {
                var c = state == CtfState.None ? 1 : Ctf.Evaluate(round, s / _boxLength, 0);
                var power = c * c;
                if (ewald is not null)
                {
                    var u = Ctf.Evaluate(round.Quadrature, s / _boxLength, 0);
                    var g = ewald.Coherence(round.WavelengthAngstrom, s / _boxLength);
                    power = 0.5 * (((1 - g) * u * u) + ((1 + g) * power));
                }

                _power[s] += double.IsFinite(power) ? power : 0;
            }
        }

        for (var s = 0; s < _power.Length; s++)
        {
            _power[s] = Math.Max(_power[s] / Math.Max(1, count), Least);
        }
    }

    /// <summary>The weight of each coefficient of a disc.</summary>
    /// <param name="disc">The disc.</param>
    /// <returns>Disc.Count weights.</returns>
    public float[] Weights(FourierDisc disc)
    {
        var weights = new float[disc.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            double kx = disc.Kx[i], ky = disc.Ky[i];
            var r = Math.Sqrt((kx * kx) + (ky * ky));
            var shell = r * _boxLength / disc.BoxLength;
            var s = Math.Min((int)shell, _power.Length - 2);
            var power = _power[s] + (Math.Min(1, shell - s) * (_power[s + 1] - _power[s]));
            weights[i] = (float)(Math.Max(r, CentreRadius) / disc.Radius / power);
        }

        return weights;
    }
}
