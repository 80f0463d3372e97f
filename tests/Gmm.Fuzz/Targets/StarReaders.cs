using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;

namespace Gmm.Fuzz;

/// <summary>What readers of STAR files are asked to do.</summary>
internal static class StarReaders
{
    /// <summary>
    /// Writing waits for the disk, so only some of what was read is written and read again: that of files whose length is a multiple of this.
    /// </summary>
    public const int WriteEvery = 8;

    /// <summary>What was read and is written is read again as the same.</summary>
    public static void RoundTrip(string path, Numbers numbers)
    {
        var file = StarFile.Read(path);
        var again = StarFile.Parse(file.ToText(), path);
        numbers.Require(file.Blocks.Count == again.Blocks.Count, "another number of blocks after writing");
        foreach (var (a, b) in file.Blocks.Zip(again.Blocks))
        {
            numbers.Require(a.Pairs.Select(p => (p.Label, p.Value)).SequenceEqual(b.Pairs.Select(p => (p.Label, p.Value))), "other pairs after writing");
            foreach (var pair in a.Pairs)
            {
                numbers.Require(a.GetText(pair.Label) == pair.Value, "a pair that is not found");
            }

            if (a.Table is { } table)
            {
                var other = b.Table;
                numbers.Require(other is not null && table.Labels.SequenceEqual(other.Labels), "other columns after writing");
                foreach (var label in table.Labels.Take(30))
                {
                    numbers.Require(table.GetColumn(label).SequenceEqual(other!.GetColumn(label)), "other cells after writing");
                }
            }
        }
    }

    /// <summary>Particles that take their CTFs from a pickle.</summary>
    public static void Transfer(string star, string pickle, Numbers numbers)
    {
        var transfer = new ParticleTransfer([star], new StarParticlesOptions { RequireImages = false });
        transfer.TakeCtfs(pickle);
        numbers.Add("particles", transfer.Count);
    }

    /// <summary>Particles with their poses, optics and first images; written, they are the same again.</summary>
    public static void Particles(string path, StarParticlesOptions options, Numbers numbers)
    {
        using var particles = StarParticles.Open(path, options);
        foreach (var p in particles.Particles)
        {
            var (r, c) = (p.Pose.Rotation, p.Ctf);
            numbers.Add("pose", r.M00, r.M01, r.M02, r.M10, r.M11, r.M12, r.M20, r.M21, r.M22, p.Pose.ShiftX, p.Pose.ShiftY);
            numbers.Add(
                "CTF", c.DefocusU, c.DefocusV, c.DefocusAngleDegrees, c.VoltageKilovolt, c.SphericalAberrationMillimetre, c.AmplitudeContrast,
                c.PhaseShiftDegrees, c.BFactor, c.ScaleFactor, c.WavelengthAngstrom);
            numbers.Require(p.Half is 1 or 2 && p.OpticsIndex >= 0 && p.OpticsIndex < particles.OpticsGroups.Count, "a half or group that is none");
        }

        foreach (var group in particles.OpticsGroups)
        {
            numbers.Add("pixel size", group.PixelSize);
            numbers.Require(group.PixelSize > 0 && group.ImageSize > 0, "an optics group without a size");
        }

        for (var i = 0; options.RequireImages && i < Math.Min(3, particles.Particles.Count); i++)
        {
            var n = particles.OpticsGroups[particles.Particles[i].OpticsIndex].ImageSize;
            var pixels = new float[n * n];
            particles.ReadImage(i, pixels);
            numbers.Add("image", pixels);
        }

        if (new FileInfo(path).Length % WriteEvery != 0)
        {
            return;
        }

        var written = Path.Combine(Path.GetDirectoryName(path)!, "written.star");
        particles.WriteStar(written, [.. particles.Particles.Select(p => p.Pose)], overwrite: true);
        using var again = StarParticles.Open(written, options with { Root = options.RequireImages ? Path.GetDirectoryName(path) : null });
        numbers.Require(again.Particles.SequenceEqual(particles.Particles), "other particles after writing");
    }

    public static void Model(GaussianModel model, Numbers numbers)
    {
        numbers.Add("x", model.X);
        numbers.Add("y", model.Y);
        numbers.Add("z", model.Z);
        numbers.Add("amplitude", model.Amplitudes);
        numbers.Add("width", model.Widths);
        numbers.Add("pixel size", model.PixelSize);
        numbers.Require(model.BoxSize > 0 && model.Count > 0, "an empty model");
    }

    /// <summary>Tomograms: the turns of their stages.</summary>
    public static void Tomograms(string path, Numbers numbers)
    {
        var set = TomogramSet.Read(path, null);
        var particles = new StarTable("rlnTomoName");
        particles.AddRow("T");
        foreach (var r in set.Of(particles, 0).Projections)
        {
            numbers.Add("projection", r.M00, r.M01, r.M02, r.M10, r.M11, r.M12, r.M20, r.M21, r.M22);
        }
    }

    public static void Latents(string path, Numbers numbers)
    {
        var table = LatentTable.Read(path);
        for (var i = 0; i < table.Count; i++)
        {
            numbers.Add("point", table.Points[i]);
            numbers.Add("deviation", table.Sigmas[i]);
            numbers.Require(table.Halves[i] is 1 or 2, "a half that is none");
        }
    }
}
