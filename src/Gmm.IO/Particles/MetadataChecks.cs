using Gmm.Core;
using static System.FormattableString;

namespace Gmm.IO;

/// <summary>Looks at all particles together for values in another unit than the column's, or of another program's meaning.</summary>
/// <remarks>
/// What cannot be right is an error, what can hardly be right is a warning; both name the likely cause and what mends it. Limits are far from what microscopes
/// and molecules have: defoci of 0.25 to 10 micrometres, pixels of 0.2 to 25 angstrom.
/// </remarks>
internal sealed class MetadataChecks(StarTable table, IReadOnlyList<OpticsGroup> groups, Particle[] particles)
{
    private const double MicrometresBelow = 100;
    private const double NanometresBelow = 2500;
    private const double LargeDefocus = 1e5;
    private const double LeastPixel = 0.2;
    private const double MostPixel = 25;
    private const double PixelTolerance = 0.05;
    private const double LargeContrast = 0.5;
    private const double LargeAberration = 10;
    private const double NegativeAberration = -0.1;
    private const double LargeTilt = 10;
    private const double LeastFar = 5000;
    private const double FarSpreads = 10;

    /// <summary>Fewer particles say nothing about their distribution.</summary>
    private const int FewParticles = 10;

    private readonly List<string> _warnings = [];

    /// <summary>Checks the CTFs.</summary>
    /// <returns>Warnings, without the file's name.</returns>
    /// <exception cref="InvalidInputException">Defoci that cannot be; the message names file, row and column.</exception>
    public IReadOnlyList<string> Ctfs()
    {
        var defoci = Array.ConvertAll(particles, p => (p.Ctf.DefocusU + p.Ctf.DefocusV) / 2);
        var median = Medians.Of(defoci);
        RequireDefocus(median);
        WarnOfDefoci(median, defoci);
        WarnOfFarDefoci(median, defoci);
        WarnOfCount(p => p.Ctf.ScaleFactor <= 0, Labels.Scale, "is 0 or less, which leaves nothing of the signal or inverts it");
        WarnOfCount(p => p.Ctf.AmplitudeContrast > LargeContrast, Labels.AmplitudeContrast, "is over 0.5; 0.07 to 0.15 is usual");
        WarnOfCount(p => Math.Abs(p.Ctf.SphericalAberrationMillimetre) > LargeAberration, Labels.Aberration, "is over 10 mm; 0 to 3 is usual");
        // Correctors are set to a few hundredths of a millimetre under zero at most.
        WarnOfCount(
            p => p.Ctf.SphericalAberrationMillimetre < NegativeAberration, Labels.Aberration,
            "is negative, which no lens has (0.5 to 5 mm) and no corrector leaves: change its sign");
        WarnOfMetres();
        return _warnings;
    }

    /// <summary>Checks pixel sizes against what microscopes have and what the stacks' headers say.</summary>
    /// <param name="inHeaders">The pixel size in the header of a stack of each group, angstrom; 0 where it says nothing.</param>
    public IReadOnlyList<string> Pixels(IReadOnlyList<double> inHeaders)
    {
        for (var g = 0; g < groups.Count; g++)
        {
            var a = groups[g].PixelSize;
            if (a is < LeastPixel or > MostPixel)
            {
                Add(
                    $"the pixel size of optics group {groups[g].Id} is {a:G6} A, which is hardly that of a particle ",
                    $"image{(a < LeastPixel ? Invariant($"; if it is in nanometres, give --pixel-size {a * 10:G6}") : string.Empty)}");
            }

            // A power of ten is a unit or a slip. Of other factors a header of 1 says nothing: many programs write that where they know no pixel size.
            var ratio = inHeaders[g] > 0 ? Math.Log10(a / inHeaders[g]) : 0;
            if (Math.Abs(ratio) > 0.5 && Math.Abs(ratio - Math.Round(ratio)) < 0.01)
            {
                Add(
                    $"the pixel size of optics group {groups[g].Id} is {a:G6} A, but the header of its stack says {inHeaders[g]:G6}: one of them is ",
                    $"wrong by a power of ten (nanometres?); --pixel-size overrides the file");
            }
            else if (inHeaders[g] is >= LeastPixel and <= MostPixel && Math.Abs(inHeaders[g] - 1) > 1e-3
                && Math.Abs(a - inHeaders[g]) > PixelTolerance * inHeaders[g])
            {
                Add(
                    $"the pixel size of optics group {groups[g].Id} is {a:G6} A, but the header of its stack says {inHeaders[g]:G6}: one of them is ",
                    $"of images before binning, or wrong. {a:G6} is used; if the header is right, give --pixel-size {inHeaders[g]:G6}, else ",
                    $"--pixel-size {a:G6} to be rid of this warning");
            }
        }

        return _warnings;
    }

    /// <summary>Checks the beam tilts.</summary>
    /// <param name="tilts">That of each group, milliradian.</param>
    public IReadOnlyList<string> Tilts(IReadOnlyList<(double X, double Y)> tilts)
    {
        for (var g = 0; g < tilts.Count; g++)
        {
            var (x, y) = tilts[g];
            if (Math.Max(Math.Abs(x), Math.Abs(y)) > LargeTilt)
            {
                Add(
                    $"the beam tilt of optics group {groups[g].Id} is {x:G6}, {y:G6} mrad ({Labels.BeamTiltX}, {Labels.BeamTiltY}), and under 5 is usual: ",
                    $"it may be in another unit; the columns are in milliradian (17.4533 for a degree, 0.001 for a microradian)");
            }
        }

        return _warnings;
    }

    /// <summary>Checks that images of one stack have one pixel size.</summary>
    /// <param name="images">The stack of each particle, and its place there.</param>
    /// <param name="stacks">The stacks' files.</param>
    public IReadOnlyList<string> SharedStacks((int Stack, int Index)[] images, IReadOnlyList<string> stacks)
    {
        var first = new int?[stacks.Count];
        for (var i = 0; i < images.Length; i++)
        {
            var (one, two) = (first[images[i].Stack] ??= particles[i].OpticsIndex, particles[i].OpticsIndex);
            double a = groups[one].PixelSize, b = groups[two].PixelSize;
            if (one != two && Math.Abs(a - b) > 1e-3 * a)
            {
                Add(
                    $"optics groups {groups[one].Id} and {groups[two].Id} have images in one stack, {stacks[images[i].Stack]}, but pixels of {a:G6} and ",
                    $"{b:G6} A ({Labels.ImagePixelSize}): one of them is hardly right; --pixel-size gives one to all");
                return _warnings;
            }
        }

        return _warnings;
    }

    /// <summary>Checks the poses.</summary>
    /// <param name="angles">Least and greatest rot, tilt and psi, degrees.</param>
    /// <param name="originLabel">The column of the origins along x.</param>
    public IReadOnlyList<string> Poses((double Least, double Most)[] angles, string originLabel)
    {
        WarnOfCount(
            p => Math.Max(Math.Abs(p.Pose.ShiftX), Math.Abs(p.Pose.ShiftY)) > groups[p.OpticsIndex].BoxLength / 2,
            originLabel,
            "puts the particle outside its image; angstrom and pixels (rlnOriginXAngst, rlnOriginX) may be mixed up, or the pixel size is wrong");
        if (particles.Length < FewParticles)
        {
            return _warnings;
        }

        if (angles[0].Least == angles[0].Most && angles[1].Least == angles[1].Most)
        {
            Add(
                $"all particles have one {PoseText.Rot} and one {PoseText.Tilt}, as before any 3-D refinement or after a 2-D classification: ",
                $"refinement starts from poses that are near the truth");
        }
        else if (angles.All(a => a.Least >= -2 * Math.PI - 0.01 && a.Most <= (2 * Math.PI) + 0.01) && angles.Any(a => a.Most - a.Least > 1))
        {
            Add($"all angles lie between -6.3 and 6.3: if they are radians, {PoseText.Rot}, {PoseText.Tilt} and {PoseText.Psi} must be multiplied by 57.29578");
        }

        if (originLabel == PoseText.OriginXAngstrom && table.Contains(PoseText.OriginXPixels))
        {
            CompareOrigins();
        }

        return _warnings;
    }

    /// <summary>Lenses have 0.5 to 5 mm; those with a corrector, often 0.001, less than the least of them in metres.</summary>
    private void WarnOfMetres()
    {
        static bool InMetres(Particle p) => Math.Abs(p.Ctf.SphericalAberrationMillimetre) is > 1.05e-3 and < 5.5e-3;
        if (Array.FindIndex(particles, InMetres) is >= 0 and var first)
        {
            var value = particles[first].Ctf.SphericalAberrationMillimetre;
            WarnOfCount(
                InMetres, Labels.Aberration,
                Invariant($"is in metres, it seems: {value:G4} would be a lens of {1000 * value:G4} mm, and the column is in millimetres"));
        }
    }

    /// <summary>
    /// A few rows whose defocus is far from all others', by ten times their spread and half a micrometre at least: a lost digit, or a fit that failed.
    /// </summary>
    private void WarnOfFarDefoci(double median, double[] defoci)
    {
        var limit = Math.Max(LeastFar, FarSpreads * Medians.Spread(defoci));
        double Distance(Particle p) => Math.Max(Math.Abs(p.Ctf.DefocusU - median), Math.Abs(p.Ctf.DefocusV - median));
        int[] far = [.. Enumerable.Range(0, particles.Length).Where(i => Distance(particles[i]) > limit && defoci[i] >= MicrometresBelow)];
        if (particles.Length >= FewParticles && far.Length > 0 && far.Length <= Math.Max(1, particles.Length / 100))
        {
            var rows = string.Join(", ", far.Take(3).Select(i => Invariant(
                $"{table.LineOf(i)} ({particles[i].Ctf.DefocusU:G6} and {particles[i].Ctf.DefocusV:G6} A)")));
            Add(
                $"the defocus of {far.Length} of {particles.Length} particles is far from that of all others (median {median:G6} A): row ",
                $"{rows}{(far.Length > 3 ? ", ..." : string.Empty)}, {Labels.DefocusU}, {Labels.DefocusV}: such a CTF is wrong, or of another data set; ",
                $"mend the rows, or leave them out (gmm convert --where)");
        }
    }

    private void RequireDefocus(double median)
    {
        var problem = median switch
        {
            0 => "the median defocus is 0; images without a CTF are read with --ctf-state none",
            < 0 =>
                Invariant($"the median defocus is {median:G6} A, which is overfocus in RELION's sign; where underfocus was meant, change the sign of ")
                    + Invariant($"{Labels.DefocusU} and {Labels.DefocusV}"),
            < MicrometresBelow =>
                Invariant($"the median defocus is {median:G6} A, which cannot be; if it is in micrometres, multiply {Labels.DefocusU} and ")
                    + Invariant($"{Labels.DefocusV} by 10000"),
            _ => null,
        };
        if (problem is not null)
        {
            throw table.Error(problem, null, Labels.DefocusU);
        }
    }

    private void WarnOfDefoci(double median, double[] defoci)
    {
        if (median < NanometresBelow)
        {
            Add(
                $"the median defocus is {median:G6} A, which is unusually small; if it is in nanometres, multiply {Labels.DefocusU} and ",
                $"{Labels.DefocusV} by 10");
        }
        else if (median > LargeDefocus)
        {
            Add($"the median defocus is {median:G6} A, over 10 micrometres; the columns are in angstrom");
        }

        var odd = defoci.Count(d => d < MicrometresBelow);
        if (odd > 0)
        {
            Add(
                $"the defocus of {odd} particles is under {MicrometresBelow} A, the first at row ",
                $"{table.LineOf(Array.FindIndex(defoci, d => d < MicrometresBelow))}, {Labels.DefocusU}: it may be missing there");
        }

        var astigmatic = particles.Count(p => Math.Abs(p.Ctf.DefocusU - p.Ctf.DefocusV) > Math.Abs(p.Ctf.DefocusU + p.Ctf.DefocusV) / 4);
        if (2 * astigmatic > particles.Length)
        {
            Add(
                $"{Labels.DefocusU} and {Labels.DefocusV} differ by more than half of their mean in {astigmatic} of {particles.Length} particles: ",
                $"they may be in different units, or one of them is the astigmatism");
        }
    }

    private void WarnOfCount(Func<Particle, bool> isOdd, string label, string problem)
    {
        var count = particles.Count(isOdd);
        if (count > 0)
        {
            Add($"{label} of {count} of {particles.Length} particles {problem}; the first is at row {table.LineOf(Array.FindIndex(particles, p => isOdd(p)))}");
        }
    }

    /// <summary>A file with both kinds of origins must have them in the ratio of the pixel size.</summary>
    private void CompareOrigins()
    {
        var (equal, moved) = (0, 0);
        for (var i = 0; i < particles.Length; i++)
        {
            var (inAngstrom, inPixels) = (table.GetDouble(i, PoseText.OriginXAngstrom), table.GetDouble(i, PoseText.OriginXPixels));
            moved += inAngstrom != 0 ? 1 : 0;
            equal += inAngstrom != 0 && Math.Abs(inAngstrom - inPixels) < 1e-3 * Math.Abs(inAngstrom) ? 1 : 0;
        }

        if (moved > 0 && 2 * equal > moved && groups.Any(g => Math.Abs(g.PixelSize - 1) > 0.01))
        {
            Add(
                $"{PoseText.OriginXAngstrom} holds the same numbers as {PoseText.OriginXPixels}: one of them is in the wrong unit; ",
                $"{PoseText.OriginXAngstrom} is used, as angstrom");
        }
    }

    /// <summary>Adds a warning, given in one part or in several.</summary>
    private void Add(params FormattableString[] text) => _warnings.Add(string.Concat(text.Select(Invariant)));
}
