using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;

namespace Gmm.IO.Tests;

public sealed class SymmetryExpansionTests
{
    private static readonly SymmetryGroup C3 = SymmetryGroup.Parse("C3");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Copies_follow_their_particle_and_are_read_back_to_the_bit(bool pixels)
    {
        using var folder = new TestFolder();
        using var source = StarParticles.Open(Write(folder, [1, 2, 2, 1, 2], pixels));
        using var expanded = source.ExpandSymmetry(C3);
        Assert.Equal(15, expanded.Particles.Count);
        expanded.WriteStar(
            folder["out.star"], [.. expanded.Particles.Select(p => p.Pose)],
            [new StarColumn("mine", [.. Enumerable.Range(0, 15).Select(i => $"v{i}")])]);
        using var again = StarParticles.Open(folder["out.star"]);
        Assert.DoesNotContain(again.Warnings, w => w.Contains("earlier row", StringComparison.Ordinal));
        var image = new float[64];
        for (var i = 0; i < 15; i++)
        {
            Assert.Equal(expanded.Particles[i], again.Particles[i]);
            Assert.Equal((i / 3) + 1, again.Table.GetInteger(i, "gmmSourceRow"));
            Assert.Equal((i % 3) + 1, again.Table.GetInteger(i, "gmmSymmetryCopy"));
            Assert.Equal(source.Table.GetText(i / 3, "rlnImageName"), again.Table.GetText(i, "rlnImageName"));
            Assert.Equal($"v{i}", again.Table.GetText(i, "mine"));
            var original = source.Particles[i / 3];
            Assert.Equal((original.Pose.ShiftX, original.Pose.ShiftY), (expanded.Particles[i].Pose.ShiftX, expanded.Particles[i].Pose.ShiftY));
            Assert.InRange((original.Pose.Rotation * C3.Operators[i % 3]).AngleTo(expanded.Particles[i].Pose.Rotation), 0, 1e-7);
            again.ReadImage(i, image);
            Assert.Equal((i / 3 * 1000) + 5, image[5]);
            expanded.ReadImage(i, image);
            Assert.Equal((i / 3 * 1000) + 5, image[5]);
            Assert.Equal(source.Describe(i / 3), expanded.Describe(i));
        }

        // The text of the particle itself is kept.
        Assert.Equal(source.Table.GetText(2, "rlnAngleRot"), again.Table.GetText(6, "rlnAngleRot"));
    }

    [Property(MaxTest = 30)]
    public Property Copies_never_cross_halves() => Prop.ForAll(
        Gen.Choose(1, 2).ListOf(6).Where(h => h.Contains(1) && h.Contains(2)).ToArbitrary(),
        Gen.Elements("C2", "C3", "D2", "T").ToArbitrary(),
        (halves, name) =>
        {
            using var folder = new TestFolder();
            using var source = StarParticles.Open(Write(folder, [.. halves], false), new StarParticlesOptions { RequireImages = false });
            using var expanded = source.ExpandSymmetry(SymmetryGroup.Parse(name));
            expanded.WriteStar(folder["out.star"], [.. expanded.Particles.Select(p => p.Pose)], overwrite: true);
            using var again = StarParticles.Open(folder["out.star"], new StarParticlesOptions { RequireImages = false });
            for (var i = 0; i < again.Particles.Count; i++)
            {
                Assert.Equal(halves[again.Table.GetInteger(i, "gmmSourceRow") - 1], again.Particles[i].Half);
                Assert.Equal(again.Particles[i].Half, expanded.Particles[i].Half);
            }
        });

    [Fact]
    public void Halves_given_by_row_are_those_of_the_rows_before_expansion()
    {
        using var folder = new TestFolder();
        var path = Write(folder, [1, 2, 1, 2, 1], false);
        var file = StarFile.Read(path);
        var text = File.ReadAllText(path).Replace("rlnRandomSubset", "rlnOther", StringComparison.Ordinal);
        Assert.NotNull(file.Find("particles"));
        using var source = StarParticles.Open(folder.Text("nohalf.star", text));
        Assert.True(source.HalvesWereAssigned);
        using var expanded = source.ExpandSymmetry(C3);
        expanded.WriteStar(folder["out.star"], [.. expanded.Particles.Select(p => p.Pose)]);
        using var again = StarParticles.Open(folder["out.star"]);
        Assert.Equal([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 1, 1, 1], again.Particles.Select(p => p.Half));
    }

    [Fact]
    public void What_is_expanded_is_not_expanded_again()
    {
        using var folder = new TestFolder();
        using var source = StarParticles.Open(Write(folder, [1, 2], false));
        using var once = source.ExpandSymmetry(C3);
        var e = Assert.Throws<InvalidInputException>(() => once.ExpandSymmetry(C3));
        Assert.Contains("p.star, gmmSourceRow: the particles are symmetry copies already", e.Message, StringComparison.Ordinal);
    }

    private static string Write(TestFolder folder, int[] halves, bool pixels)
    {
        using (var stack = new MrcStackWriter(folder["s.mrcs"], 8, 8, 2))
        {
            for (var i = 0; i < halves.Length; i++)
            {
                stack.Write([.. Enumerable.Range(0, 64).Select(p => (float)((1000 * i) + p))]);
            }

            stack.Complete();
        }

        var rows = halves.Select((h, i) => FormattableString.Invariant($"{i + 1}@s.mrcs 1 15000 14000 {10 + i} {20 + (i * 7)}.5 {-30 - i} 1.5 {i} {h}"));
        var origin = pixels ? "_rlnOriginX\n_rlnOriginY\n" : "_rlnOriginXAngst\n_rlnOriginYAngst\n";
        return folder.Text(
            "p.star",
            "data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnImagePixelSize\n_rlnImageSize\n"
            + "1 300 2.7 0.1 2.0 8\n\n"
            + "data_particles\n\nloop_\n_rlnImageName\n_rlnOpticsGroup\n_rlnDefocusU\n_rlnDefocusV\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n"
            + origin + "_rlnRandomSubset\n"
            + string.Join("\n", rows) + "\n");
    }
}
