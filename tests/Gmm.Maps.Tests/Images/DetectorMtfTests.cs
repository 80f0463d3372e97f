using Gmm.Core;
using Gmm.IO;
using Gmm.TestData;

namespace Gmm.Maps.Tests;

public sealed class DetectorMtfTests : IDisposable
{
    private const int Side = 16;
    private const double PixelSize = 2;
    private readonly WorkFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.05, 0.9)]
    [InlineData(0.1, 0.8)]
    [InlineData(0.2, 0.5)]
    [InlineData(0.9, 0.2)]
    public void Between_its_points_it_is_linear(double frequency, double value) =>
        Assert.Equal(value, new DetectorMtf([0, 0.1, 0.3], [1, 0.8, 0.2]).At(frequency), 12);

    [Theory]
    [InlineData(new double[0], new double[0])]
    [InlineData(new[] { 0, 0.1 }, new[] { 1.0 })]
    [InlineData(new[] { 0.1, 0.1 }, new[] { 1, 0.5 })]
    [InlineData(new[] { 0, double.NaN }, new[] { 1, 0.5 })]
    [InlineData(new[] { 0, 0.1 }, new[] { 1, 0.0 })]
    [InlineData(new[] { 0, 0.1 }, new[] { 1, double.PositiveInfinity })]
    public void A_curve_that_is_none_is_refused(double[] frequencies, double[] values) =>
        Assert.ThrowsAny<ArgumentException>(() => new DetectorMtf(frequencies, values));

    [Fact]
    public void Coefficients_are_brought_to_the_mean_of_the_detectors()
    {
        using var plain = StarParticles.Open(Write(null, null));
        using var two = StarParticles.Open(Write("a.star", "b.star"));
        Assert.DoesNotContain(two.Warnings, w => w.Contains("MTF", StringComparison.Ordinal));
        ParticleImages before = new(plain, 2 * PixelSize), after = new(two, 2 * PixelSize);
        var disc = before.Disc(0);
        float[] re = new float[disc.Count], im = new float[disc.Count], transfer = new float[disc.Count];
        float[] re2 = new float[disc.Count], im2 = new float[disc.Count];
        for (var i = 0; i < 4; i++)
        {
            before.Read(i, re, im, transfer);
            after.Read(i, re2, im2, transfer);
            for (var c = 0; c < disc.Count; c++)
            {
                // The file's frequencies are by the pixels of the micrograph, of 1 angstrom; a falls to 0.5 at Nyquist, b to 0.25.
                var k = Math.Sqrt((disc.Kx[c] * disc.Kx[c]) + (disc.Ky[c] * disc.Ky[c])) / (Side * PixelSize);
                double a = 1 - k, b = 1 - (1.5 * k), factor = 0.5 * (a + b) / (plain.Particles[i].OpticsIndex == 0 ? a : b);
                Assert.Equal(factor * re[c], re2[c], (1e-4 * Math.Abs(re[c])) + 1e-5);
                Assert.Equal(factor * im[c], im2[c], (1e-4 * Math.Abs(im[c])) + 1e-5);
            }
        }
    }

    [Fact]
    public void One_detector_needs_nothing_and_a_missing_file_is_told_where_there_are_two()
    {
        using (var one = StarParticles.Open(Write("nowhere.star", "nowhere.star")))
        {
            Assert.DoesNotContain(one.Warnings, w => w.Contains("MTF", StringComparison.Ordinal));
            Assert.All(one.OpticsGroups, g => Assert.Null(g.Mtf));
        }

        using var two = StarParticles.Open(Write("a.star", "nowhere.star"));
        Assert.Contains(two.Warnings, w => w.Contains("nowhere.star does not exist", StringComparison.Ordinal));
        Assert.All(two.OpticsGroups, g => Assert.Null(g.Mtf));
    }

    [Theory]
    [InlineData("0 1\n0.5 0\n", "rlnMtfValue")]
    [InlineData("0 1\n0.5 0.5\n0.4 0.4\n", "rlnResolutionInversePixel")]
    [InlineData("0 1\n0.5 nan\n", "rlnMtfValue")]
    public void A_file_that_is_no_MTF_is_told_with_its_row_and_field(string rows, string field)
    {
        var star = Write("a.star", "b.star");
        WriteCurve("b.star", rows);
        var error = Assert.Throws<InvalidInputException>(() => StarParticles.Open(star));
        Assert.Equal((_folder["b.star"], field), (error.File, error.Field));
        Assert.NotNull(error.Row);
    }

    /// <summary>Four particles of two optics groups.</summary>
    private string Write(string? first, string? second)
    {
        WriteCurve("a.star", "0 1\n0.5 0.5\n");
        WriteCurve("b.star", "0 1\n0.5 0.25\n");
        var random = new Random(5);
        var pixels = new float[Side * Side];
        File.Delete(_folder["p.mrcs"]);
        using (var stack = new MrcStackWriter(_folder["p.mrcs"], Side, Side, PixelSize))
        {
            for (var i = 0; i < 4; i++)
            {
                for (var p = 0; p < pixels.Length; p++)
                {
                    pixels[p] = random.NextSingle();
                }

                stack.Write(pixels);
            }

            stack.Complete();
        }

        var columns = first is null ? "" : "_rlnMtfFileName #8\n_rlnMicrographOriginalPixelSize #9\n";
        string Optics(int id, string? mtf) => $"{id} og{id} 2.0 16 300 2.7 0.1" + (mtf is null ? "\n" : $" {mtf} 1.0\n");
        var text = "data_optics\nloop_\n_rlnOpticsGroup #1\n_rlnOpticsGroupName #2\n_rlnImagePixelSize #3\n_rlnImageSize #4\n_rlnVoltage #5\n"
            + $"_rlnSphericalAberration #6\n_rlnAmplitudeContrast #7\n{columns}{Optics(1, first)}{Optics(2, second)}\n"
            + "data_particles\nloop_\n_rlnImageName #1\n_rlnOpticsGroup #2\n_rlnDefocusU #3\n_rlnDefocusV #4\n_rlnDefocusAngle #5\n_rlnAngleRot #6\n"
            + "_rlnAngleTilt #7\n_rlnAnglePsi #8\n_rlnOriginXAngst #9\n_rlnOriginYAngst #10\n_rlnRandomSubset #11\n"
            + string.Concat(Enumerable.Range(0, 4).Select(i => $"{i + 1}@p.mrcs {1 + (i / 2)} 10000 10000 0 0 0 0 0 0 {1 + (i % 2)}\n"));
        File.WriteAllText(_folder["p.star"], text);
        return _folder["p.star"];
    }

    private void WriteCurve(string name, string rows) =>
        File.WriteAllText(_folder[name], $"data_\nloop_\n_rlnResolutionInversePixel #1\n_rlnMtfValue #2\n{rows}");
}
