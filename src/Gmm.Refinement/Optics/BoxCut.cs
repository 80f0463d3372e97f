using System.Numerics;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// What the image's box cuts off: defocus moves a structure's detail at the frequency k by d = grad chi / (2 pi), the defocus times lambda k and more, to both
/// sides, and what leaves the box is lost. The transfer Im exp(i chi) becomes Im (f + i g) exp(i chi): weaker, and with another phase, which would look like
/// spherical aberration (docs/optics.md, What the box cuts off).
/// </summary>
/// <remarks>
/// f(d) is the share of the structure that is in the box when it is moved by d, and
/// g = -(h (f_xx + f_yy) + grad f . grad log S) / (4 pi), with 2 pi h the curvature of chi and S the structure's power at k.
/// f is taken as E(dx) E(dy), which is exact where one side of the box cuts; Gaussians count by the squares of their amplitudes, each spread over the sphere
/// about the centre that it turns on, whose marginal is uniform.
/// </remarks>
internal sealed class BoxCut
{
    /// <summary>Step of the tables, angstrom.</summary>
    private const double Step = 1;

    /// <summary>Half the width of the triangle over which a Gaussian's distance from the centre is spread, steps.</summary>
    private const int Spread = 4;

    /// <summary>Views of the structure whose power is taken.</summary>
    private const int Views = 16;

    /// <summary>Rings to either side over which the slope of the power's logarithm is taken.</summary>
    private const int Window = 5;

    private readonly float[] _share;
    private readonly float[] _slope;
    private readonly float[] _curvature;
    private readonly float[] _falloffX;
    private readonly float[] _falloffY;
    private readonly OpticsBasis _basis;
    private readonly double _whole;

    /// <summary>Makes the tables.</summary>
    /// <param name="projector">Projects the structure.</param>
    /// <param name="basis">Frequencies of the group.</param>
    public BoxCut(IProjector<float> projector, OpticsBasis basis)
    {
        _basis = basis;
        var shells = Shells(projector.Model);
        double half = 0.5 * basis.Disc.BoxLength, reach = shells.Length * Step;
        _whole = half - reach;
        var shares = new BoxShare(shells, Step, basis.Disc.BoxLength);
        var count = (int)Math.Ceiling((half + reach) / Step) + 2;
        (_share, _slope, _curvature) = (new float[count], new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            // Of a shell the marginal is 1 / 2r to r on either side; its slope is the density at the box's side, half - x.
            double side = half - (i * Step), density = 0;
            for (var s = 0; s < shells.Length; s++)
            {
                var r = (s + 0.5) * Step;
                density += Math.Abs(side) < r ? shells[s] / (2 * r) : 0;
            }

            var at = (int)(Math.Abs(side) / Step);
            (_share[i], _slope[i]) = ((float)shares.Along(i * Step), (float)-density);
            _curvature[i] = at < shells.Length && at > 0 ? (float)(-Math.Sign(side) * shells[at] / (2 * Math.Abs(side) * Step)) : 0;
        }

        var falloff = Falloff(projector);
        (_falloffX, _falloffY) = (Along(basis.Kx), Along(basis.Ky));
        float[] Along(float[] k) => [.. k.Select((c, i) => (float)(0.25 / Math.PI * c * falloff[FourierDisc.RingOf(basis.Disc.Kx[i], basis.Disc.Ky[i])]))];
    }

    /// <summary>Tabulates f and g at a defocus; they change slowly with it.</summary>
    /// <param name="ctf">The particle's CTF.</param>
    /// <param name="share">Receives f.</param>
    /// <param name="turned">Receives g.</param>
    /// <returns>False, with nothing written, where nothing leaves the box.</returns>
    public bool Fill(CtfParameters ctf, Span<float> share, Span<float> turned)
    {
        var defocus = Defocus.Of(ctf);
        var lambda = ctf.WavelengthAngstrom;
        double spherical = ctf.SphericalAberrationMillimetre * 1e7 * lambda * lambda * lambda, edge = _basis.Edge;
        if ((lambda * (Math.Abs(defocus.Mean) + defocus.Astigmatism) * edge) + (spherical * edge * edge * edge) < _whole)
        {
            return false;
        }

        float xx = (float)(lambda * (defocus.Mean + defocus.Cos)), yy = (float)(lambda * (defocus.Mean - defocus.Cos)), xy = (float)(lambda * defocus.Sin);
        float cubic = (float)spherical, mean = (float)(lambda * defocus.Mean);
        ReadOnlySpan<float> kx = _basis.Kx, ky = _basis.Ky;
        for (var i = 0; i < share.Length; i++)
        {
            var round = cubic * ((kx[i] * kx[i]) + (ky[i] * ky[i]));
            var (ex, sx, cx) = At((xx * kx[i]) + (xy * ky[i]) - (round * kx[i]));
            var (ey, sy, cy) = At((xy * kx[i]) + (yy * ky[i]) - (round * ky[i]));
            share[i] = ex * ey;
            turned[i] = -((mean - (2 * round)) * (float)(0.25 / Math.PI) * ((cx * ey) + (ex * cy))) - (_falloffX[i] * sx * ey) - (_falloffY[i] * ex * sy);
        }

        return true;
    }

    /// <summary>Takes off what is lost.</summary>
    /// <param name="share">f.</param>
    /// <param name="turned">g.</param>
    /// <param name="transfer">The sine; overwritten.</param>
    /// <param name="slope">The cosine; overwritten.</param>
    public static void Apply(ReadOnlySpan<float> share, ReadOnlySpan<float> turned, Span<float> transfer, Span<float> slope)
    {
        int lanes = Vector<float>.Count, i = 0;
        for (; i + lanes <= transfer.Length; i += lanes)
        {
            Vector<float> f = new(share[i..]), g = new(turned[i..]), sine = new(transfer[i..]), cosine = new(slope[i..]);
            ((f * sine) + (g * cosine)).CopyTo(transfer[i..]);
            ((f * cosine) - (g * sine)).CopyTo(slope[i..]);
        }

        for (; i < transfer.Length; i++)
        {
            (transfer[i], slope[i]) = ((share[i] * transfer[i]) + (turned[i] * slope[i]), (share[i] * slope[i]) - (turned[i] * transfer[i]));
        }
    }

    /// <summary>E at a distance along one axis, with its derivatives.</summary>
    private (float Share, float Slope, float Curvature) At(float distance)
    {
        var place = MathF.Abs(distance) * (float)(1 / Step);
        var i = Math.Min((int)place, _share.Length - 2);
        var part = Math.Min(place - i, 1);
        float Between(float[] table) => table[i] + (part * (table[i + 1] - table[i]));
        return (Between(_share), MathF.Sign(distance) * Between(_slope), Between(_curvature));
    }

    /// <summary>Of each ring d log S / dk over k, square angstrom, from even views of the structure.</summary>
    private static double[] Falloff(IProjector<float> projector)
    {
        var disc = projector.Disc;
        float[] re = new float[disc.Count], im = new float[disc.Count];
        double[] power = new double[disc.Radius + 1], falloff = new double[disc.Radius + 1];
        var scratch = projector.CreateScratch();
        for (var v = 0; v < Views; v++)
        {
            // Directions of a Fibonacci lattice.
            var tilt = Math.Acos(1 - (((2 * v) + 1.0) / Views)) * (180 / Math.PI);
            projector.Project(new Pose(Rotation.FromEuler(new EulerAngles(222.5 * v, tilt, 0)), 0, 0), re, im, scratch);
            for (var q = 0; q <= disc.Radius; q++)
            {
                var (start, length) = (disc.RingStart(q), disc.RingStart(q + 1) - disc.RingStart(q));
                power[q] += InnerProducts.Dot(
                    re.AsSpan(start, length), im.AsSpan(start, length), re.AsSpan(start, length), im.AsSpan(start, length)) / length;
            }
        }

        for (var q = 1; q <= disc.Radius; q++)
        {
            int first = Math.Max(1, q - Window), last = Math.Min(disc.Radius, q + Window);
            double middle = 0.5 * (first + last), sum = 0, squares = 0;
            for (var p = first; p <= last; p++)
            {
                sum += (p - middle) * Math.Log(Math.Max(power[p], double.Epsilon));
                squares += (p - middle) * (p - middle);
            }

            falloff[q] = squares > 0 ? sum / squares * disc.BoxLength * disc.BoxLength / q : 0;
        }

        return falloff;
    }

    /// <summary>The structure's share by distance from the centre.</summary>
    private static double[] Shells(GaussianModel model)
    {
        double[] distances = [.. Enumerable.Range(0, model.Count).Select(j => Math.Sqrt(
            (model.X[j] * model.X[j]) + (model.Y[j] * model.Y[j]) + (model.Z[j] * model.Z[j])) / Step)];
        var shells = new double[(int)distances.Max() + Spread + 1];
        for (var j = 0; j < model.Count; j++)
        {
            for (var s = Math.Max(0, (int)distances[j] - Spread); s < Math.Min(shells.Length, distances[j] + Spread); s++)
            {
                shells[s] += (double)model.Amplitudes[j] * model.Amplitudes[j] * Math.Max(0, 1 - (Math.Abs(s + 0.5 - distances[j]) / Spread));
            }
        }

        var sum = shells.Sum();
        return Array.ConvertAll(shells, s => s / sum);
    }
}
