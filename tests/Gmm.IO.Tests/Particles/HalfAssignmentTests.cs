using System.Globalization;
using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>Half sets of files that have none, and what tomography has in place of particle images.</summary>
public sealed class HalfAssignmentTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public HalfAssignmentTests() => _folder.Stack("s.mrcs", 200, size: 4);

    [Fact]
    public void Whole_micrographs_go_to_one_half_and_the_halves_are_near_equal()
    {
        // 14 micrographs of 1 to 14 particles, 105 in all.
        int[] micrograph = [.. Enumerable.Range(1, 14).SelectMany(m => Enumerable.Repeat(m, m))];
        using var p = Open(micrograph.Length, ("rlnMicrographName", i => $"m{micrograph[i]:D3}.mrc"));
        Assert.Contains("halves are made by rlnMicrographName, 14 in all", Assert.Single(p.Warnings), StringComparison.Ordinal);
        Assert.All(p.Particles.Zip(micrograph).GroupBy(x => x.Second), g => Assert.Single(g.Select(x => x.First.Half).Distinct()));
        Assert.InRange(p.Particles.Count(q => q.Half == 1), 52, 53);

        // The same whatever the order of the rows.
        int[] other = [.. micrograph.Reverse()];
        using var q = Open(other.Length, ("rlnMicrographName", i => $"m{other[i]:D3}.mrc"));
        Assert.Equal(p.Particles.Select(x => x.Half), q.Particles.Select(x => x.Half).Reverse());
        Assert.True(p.HalvesWereAssigned);
    }

    [Fact]
    public void Micrographs_of_one_size_are_not_taken_in_turn()
    {
        using var p = Open(200, ("rlnMicrographName", i => $"m{i:D6}.mrc"));
        int[] halves = [.. p.Particles.Select(x => x.Half)];
        Assert.Equal(100, halves.Count(h => h == 1));
        // 200 fair coins change sides 99.5 times, sd 7.
        Assert.InRange(halves.Zip(halves.Skip(1)).Count(x => x.First != x.Second), 70, 130);
    }

    [Theory]
    [InlineData(5, 40)]
    [InlineData(12, 200)]
    public void Few_or_unequal_micrographs_are_not_used_and_that_is_said(int micrographs, int rows)
    {
        // In the second case one micrograph has 189 of the 200 particles.
        using var p = Open(rows, ("rlnMicrographName", i => rows == 40 ? $"m{i % micrographs}" : $"m{Math.Min(i, micrographs - 1)}"));
        Assert.Contains("odd rows are half 1, even rows half 2, since ", Assert.Single(p.Warnings), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, rows).Select(i => 1 + (i % 2)), p.Particles.Select(x => x.Half));
    }

    [Fact]
    public void Tubes_are_never_split_unless_there_is_one()
    {
        using var p = Open(60, ("rlnMicrographName", i => $"m{i / 20}"), ("rlnHelicalTubeID", i => $"{1 + (i / 5 % 2)}"));
        Assert.Contains(
            "halves are made by rlnHelicalTubeID, 6 in all: 30 particles in half 1, 30 in half 2", Assert.Single(p.Warnings),
            StringComparison.Ordinal);
        Assert.All(
            p.Particles.Select((x, i) => (x.Half, Tube: (i / 20, i / 5 % 2))).GroupBy(x => x.Tube),
            g => Assert.Single(g.Select(x => x.Half).Distinct()));
        using var one = Open(20, ("rlnMicrographName", i => "m"), ("rlnHelicalTubeID", i => "1"));
        Assert.Contains("all are of one tube (rlnHelicalTubeID)", Assert.Single(one.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Tilt_images_of_a_particle_stay_together()
    {
        // 12 particles, 5 tilts each, as Warp and M write them: the group is the particle, every tilt a micrograph.
        using var p = Open(60, ("rlnMicrographName", i => $"tilt{i % 5}"), ("rlnGroupName", i => $"particle{i / 5}"));
        Assert.Contains(
            "halves are made by rlnGroupName, 12 in all: 30 particles in half 1, 30 in half 2", Assert.Single(p.Warnings), StringComparison.Ordinal);
        Assert.All(p.Particles.Select((x, i) => (x.Half, i / 5)).GroupBy(x => x.Item2), g => Assert.Single(g.Select(x => x.Half).Distinct()));

        // Groups of several particles of a micrograph, as RELION makes them, are no tilt series.
        using var spa = Open(60, ("rlnMicrographName", i => $"m{i / 5}"), ("rlnGroupName", i => $"g{i / 10}"));
        Assert.Contains("halves are made by rlnMicrographName", Assert.Single(spa.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_zeros_is_none_and_a_column_of_one_half_is_refused()
    {
        using var zeros = Open(20, ("rlnRandomSubset", i => "0"));
        Assert.Contains("rlnRandomSubset is 0 everywhere; odd rows are half 1", Assert.Single(zeros.Warnings), StringComparison.Ordinal);
        zeros.WriteStar(_folder["out.star"], [.. zeros.Particles.Select(p => p.Pose)]);
        using var again = StarParticles.Open(_folder["out.star"], new StarParticlesOptions { Root = _folder.Root });
        Assert.Equal(zeros.Particles.Select(p => p.Half), again.Particles.Select(p => p.Half));
        Assert.Empty(again.Warnings);
        TestFolder.Fails(
            () => Open(20, ("rlnRandomSubset", i => "2")).Dispose(), "p.star, rlnRandomSubset: half set 1 has no particles: all are in half set 2",
            "take the column out", "--half");
        TestFolder.Fails(() => Open(20, ("rlnRandomSubset", i => i == 4 ? "0" : "1")).Dispose(), "0 is not a half set");
    }

    [Theory]
    [InlineData("_rlnImageDimensionality", "3", "p.star, row 8, rlnImageDimensionality: 3: the images are subtomograms")]
    [InlineData("data_general\n_rlnTomoSubTomosAre2DStacks", "1", "rlnTomoSubTomosAre2DStacks: 1: each image is a stack")]
    public void Subtomograms_and_stacks_of_tilt_images_are_refused(string what, string value, string message)
    {
        var general = what.StartsWith("data_", StringComparison.Ordinal);
        var optics = "data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnImagePixelSize\n_rlnImageSize" + (general ? "\n" : $"\n{what}\n")
            + $"1 2 4{(general ? string.Empty : " " + value)}\n\n";
        var text = (general ? $"{what} {value}\n\n" : string.Empty) + optics
            + "data_particles\n\nloop_\n_rlnImageName\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\na.mrcs 0 0 0\n";
        TestFolder.Fails(() => StarParticles.Open(_folder.Text("p.star", text)).Dispose(), message, "single particles");
    }

    [Fact]
    public void Stacks_of_tilt_images_are_told_by_the_frames_that_are_visible() =>
        TestFolder.Fails(
            () => Open(20, ("rlnTomoVisibleFrames", i => "[1,1,0]")).Dispose(), "rlnTomoVisibleFrames: the column is there", "stack of tilt images");

    public void Dispose() => _folder.Dispose();

    private StarParticles Open(int count, params (string Label, Func<int, string> Value)[] more)
    {
        string[] labels =
        [
            "rlnImageName", "rlnVoltage", "rlnSphericalAberration", "rlnAmplitudeContrast", "rlnImagePixelSize", "rlnDefocusU", "rlnAngleRot",
            "rlnAngleTilt", "rlnAnglePsi", "rlnOriginX", "rlnOriginY", "rlnDefocusV", .. more.Select(m => m.Label),
        ];
        var text = "data_\n\nloop_\n" + string.Concat(labels.Select(l => $"_{l}\n")) + string.Concat(Enumerable.Range(0, count).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{i + 1}@s.mrcs 300 2.7 0.1 2 15000 {i} 60 {100 - i} 0 0 15000 ") + string.Join(
                ' ', more.Select(m => m.Value(i))) + "\n"));
        return StarParticles.Open(_folder.Text("p.star", text), new StarParticlesOptions { Root = _folder.Root });
    }
}
