using System.Globalization;
using static System.FormattableString;

namespace Gmm.IO.Tests;

/// <summary>
/// Two tomograms of five tilts with three particles, as RELION 5 or RELION 4 writes them, and where a point of each particle is seen: worked out here from
/// elementary rotations, without the library.
/// </summary>
internal sealed class TiltSet
{
    public const double Pixel = 1.5;
    public const double Hand = -1;
    public const int Frames = 5;
    public const int Box = 8;

    private static readonly string[] s_names = ["TS_01", "TS_01", "TS_02"];
    private readonly TestFolder _folder;
    private readonly Random _random = new(11);

    /// <summary>Writes the set.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="isRelion5">With tables of their own, angles and centred places; else with matrices in one file and places in pixels.</param>
    /// <param name="allFrames">Whether stacks have all frames, as WarpTools writes them, or the visible ones.</param>
    public TiltSet(TestFolder folder, bool isRelion5, bool allFrames)
    {
        _folder = folder;
        foreach (var name in s_names.Distinct())
        {
            Tilts[name] = [.. Enumerable.Range(0, Frames).Select(f => (X: Draw(3), Y: (20 * (f - 2)) + Draw(2), Z: 85 + Draw(4)))];
        }

        Particles = [.. s_names.Select(_ => (
            Angles: Draws(180, 3), Subtomogram: Draws(90, 3), Offset: Draws(6, 3), Place: Draws(300, 3)))];
        for (var p = 0; p < s_names.Length; p++)
        {
            int[] frames = allFrames ? [.. Enumerable.Range(0, Frames)] : VisibleFrames(p);
            folder.Stack(
                Invariant($"sub_{p}.mrcs"), frames.Length, Box,
                change: (k, image) =>
                {
                    for (var i = 0; i < image.Length; i++)
                    {
                        image[i] = (100 * p) + (10 * frames[k]) + (i % 2);
                    }
                });
        }

        TomogramFile = isRelion5 ? WriteRelion5() : WriteRelion4();
        ParticleFile = WriteParticles(isRelion5);
    }

    public Dictionary<string, (double X, double Y, double Z)[]> Tilts { get; } = [];

    public (double[] Angles, double[] Subtomogram, double[] Offset, double[] Place)[] Particles { get; }

    public string TomogramFile { get; }

    public string ParticleFile { get; }

    public static string TomogramOf(int particle) => s_names[particle];

    /// <summary>The frames that a particle is seen in: one of them is out of sight in each.</summary>
    public static int[] VisibleFrames(int particle) => [.. Enumerable.Range(0, Frames).Where(f => f != particle)];

    /// <summary>Where a point of a particle is seen in a frame, from the place where the image was cut out: x, y, and how deep the particle is.</summary>
    /// <param name="particle">The particle.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="point">The point in the frame of the reference, angstrom.</param>
    public (double X, double Y, double Depth) See(int particle, int frame, double[] point)
    {
        var p = Particles[particle];

        // The particle turned into the subtomogram, that into the tomogram, at its place less its offset; then the stage, about x, y and z.
        var moved = Turned(p.Subtomogram, p.Offset);
        var inTomogram = Turned(p.Subtomogram, Turned(p.Angles, point));
        var centre = p.Place.Zip(moved, (c, o) => c - o).ToArray();
        var at = centre.Zip(inTomogram, (c, x) => c + x).ToArray();
        var seen = Staged(TomogramOf(particle), frame, at);
        var cut = Staged(TomogramOf(particle), frame, p.Place);
        return (seen[0] - cut[0], seen[1] - cut[1], Staged(TomogramOf(particle), frame, centre)[2]);
    }

    /// <summary>Defocus U of a frame at the centre of its tomogram.</summary>
    public static double Defocus(int frame) => 30000 + (100 * frame);

    private double Draw(double range) => Math.Round(range * ((2 * _random.NextDouble()) - 1), 3);

    private double[] Draws(double range, int count) => [.. Enumerable.Range(0, count).Select(_ => Draw(range))];

    /// <summary>RELION's Euler angles: about z by -rot, about the new y by -tilt, about the new z by -psi.</summary>
    private static double[] Turned(double[] angles, double[] v) => About(2, -angles[2], About(1, -angles[1], About(2, -angles[0], v)));

    private double[] Staged(string tomogram, int frame, double[] v)
    {
        var (x, y, z) = Tilts[tomogram][frame];
        return About(2, z, About(1, y, About(0, x, v)));
    }

    /// <summary>A vector turned about an axis, counter-clockwise as seen from its end.</summary>
    private static double[] About(int axis, double degrees, double[] v)
    {
        var (s, c) = Math.SinCos(degrees * Math.PI / 180);
        var (a, b) = ((axis + 1) % 3, (axis + 2) % 3);
        var turned = (double[])v.Clone();
        turned[a] = (c * v[a]) - (s * v[b]);
        turned[b] = (s * v[a]) + (c * v[b]);
        return turned;
    }

    private string WriteRelion5()
    {
        const string tilts = "data_{0}\n\nloop_\n_rlnTomoXTilt\n_rlnTomoYTilt\n_rlnTomoZRot\n_rlnTomoXShiftAngst\n_rlnTomoYShiftAngst\n_rlnDefocusU\n"
            + "_rlnDefocusV\n_rlnDefocusAngle\n_rlnCtfScalefactor\n_rlnMicrographPreExposure\n";
        var global = "data_global\n\nloop_\n_rlnTomoName\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnTomoHand\n"
            + "_rlnTomoTiltSeriesPixelSize\n_rlnTomoTiltSeriesStarFile\n";
        Directory.CreateDirectory(_folder["tilt_series"]);
        foreach (var (name, series) in Tilts)
        {
            global += Invariant($"{name} 300 2.7 0.07 {Hand} {Pixel} tilt_series/{name}.star\n");
            _folder.Text($"tilt_series/{name}.star", string.Format(CultureInfo.InvariantCulture, tilts, name) + string.Concat(series.Select(
                (t, f) => Invariant($"{t.X} {t.Y} {t.Z} 3 4 {Defocus(f)} {Defocus(f) - 500} 40 {Math.Cos(t.Y * Math.PI / 180):F4} {3 * f}\n"))));
        }

        return _folder.Text("tomograms.star", global);
    }

    private string WriteRelion4()
    {
        var text = "data_global\n\nloop_\n_rlnTomoName\n_rlnTomoSizeX\n_rlnTomoSizeY\n_rlnTomoSizeZ\n_rlnVoltage\n_rlnSphericalAberration\n"
            + "_rlnAmplitudeContrast\n_rlnTomoHand\n_rlnTomoTiltSeriesPixelSize\n"
            + string.Concat(Tilts.Keys.Select(n => Invariant($"{n} 4000 3000 1000 300 2.7 0.07 {Hand} {Pixel}\n")));
        foreach (var (name, _) in Tilts)
        {
            text += $"\ndata_{name}\n\nloop_\n_rlnTomoProjX\n_rlnTomoProjY\n_rlnTomoProjZ\n_rlnTomoProjW\n_rlnDefocusU\n_rlnDefocusV\n_rlnDefocusAngle\n"
                + "_rlnCtfScalefactor\n_rlnMicrographPreExposure\n";
            for (var f = 0; f < Frames; f++)
            {
                double[][] columns = [.. Enumerable.Range(0, 3).Select(k => Staged(name, f, [k == 0 ? 1 : 0, k == 1 ? 1 : 0, k == 2 ? 1 : 0]))];
                text += string.Concat(Enumerable.Range(0, 3).Select(r => Invariant($"[{columns[0][r]:R},{columns[1][r]:R},{columns[2][r]:R},77] ")))
                    + Invariant($"[0,0,0,1] {Defocus(f)} {Defocus(f) - 500} 40 0.9 {3 * f}\n");
            }
        }

        return _folder.Text("tomograms.star", text);
    }

    private string WriteParticles(bool isRelion5)
    {
        string[] place = isRelion5
            ? ["rlnCenteredCoordinateXAngst", "rlnCenteredCoordinateYAngst", "rlnCenteredCoordinateZAngst"]
            : ["rlnCoordinateX", "rlnCoordinateY", "rlnCoordinateZ"];
        string[] labels =
        [
            "rlnTomoName", "rlnTomoParticleName", "rlnImageName", "rlnOpticsGroup", .. place, "rlnTomoSubtomogramRot", "rlnTomoSubtomogramTilt",
            "rlnTomoSubtomogramPsi", "rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi", "rlnOriginXAngst", "rlnOriginYAngst", "rlnOriginZAngst",
            "rlnTomoVisibleFrames", "rlnRandomSubset", "rlnOther",
        ];
        var text = "data_general\n\n_rlnTomoSubTomosAre2DStacks 1\n\ndata_optics\n\nloop_\n_rlnOpticsGroup\n_rlnOpticsGroupName\n"
            + "_rlnSphericalAberration\n_rlnVoltage\n_rlnAmplitudeContrast\n_rlnTomoTiltSeriesPixelSize\n_rlnImagePixelSize\n_rlnImageSize\n"
            + "_rlnImageDimensionality\n_rlnTomoSubtomogramBinning\n"
            + Invariant($"1 og1 2.7 300 0.07 {Pixel} 6 {Box} 2 4\n\ndata_particles\n\nloop_\n")
            + string.Concat(labels.Select(l => $"_{l}\n"));
        double[] centre = [2000, 1500, 500];
        for (var p = 0; p < Particles.Length; p++)
        {
            var q = Particles[p];
            var at = q.Place.Select((c, k) => isRelion5 ? c : (c / Pixel) + centre[k]);
            var visible = string.Join(',', Enumerable.Range(0, Frames).Select(f => VisibleFrames(p).Contains(f) ? 1 : 0));
            text += Invariant($"{s_names[p]} {s_names[p]}/{p} sub_{p}.mrcs 1 ")
                + string.Join(' ', at.Concat(q.Subtomogram).Concat(q.Angles).Concat(q.Offset).Select(v => v.ToString("R", CultureInfo.InvariantCulture)))
                + Invariant($" [{visible}] {1 + (p % 2)} \"two words\"\n");
        }

        return _folder.Text("particles.star", text);
    }
}
