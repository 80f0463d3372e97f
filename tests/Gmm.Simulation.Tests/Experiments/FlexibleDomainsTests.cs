using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Simulation.Tests;

public sealed class FlexibleDomainsTests : IDisposable
{
    private static readonly FlexibleDomainsOptions Options =
        new() { RigidResolution = 6.5, FlexibleResolutions = [20, 10], BoxSize = 56, PixelSize = 2.5, Copies = 4 };

    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-flexible-").FullName;

    [Fact]
    public void Regions_are_blurred_as_asked_and_measured_apart()
    {
        var result = FlexibleDomains.Run(Model(), Options, new ComputeOptions { Threads = 2 });
        FlexibleStructure worse = result.Structures[0], better = result.Structures[1];
        Assert.All(result.Structures, s => Assert.InRange(s.Rigid.Reached, 6, 7));
        Assert.InRange(worse.Flexible.Reached, 17, 23);
        Assert.InRange(better.Flexible.Reached, 9, 11);

        // The better half has more variance, and noise in proportion.
        Assert.True(better.NoiseSd > worse.NoiseSd);
        Assert.Equal(worse.Global.Values, worse.SameNoise.Values);
        Assert.NotEqual(better.Global.Values, better.SameNoise.Values);

        // Noise costs correlation everywhere on average; the regions differ by what was done to them, the rigid ones hardly at all.
        Assert.All(result.Structures, s => Assert.True(s.Global.Mean(6) < s.NoiseFree.Mean(6)));
        Assert.Equal(worse.Rigid.Truth.Mean(7), better.Rigid.Truth.Mean(7), 0.05);
        Assert.All(result.Structures, s => Assert.True(s.Flexible.Truth.Resolution(0.5) > s.Rigid.Truth.Resolution(0.5) + 1));
        Assert.True(worse.Flexible.Truth.Resolution(0.5) > better.Flexible.Truth.Resolution(0.5) + 2);
    }

    [Fact]
    public void Noise_has_the_power_asked_for_and_threads_change_nothing()
    {
        var options = Options with { FlexibleResolutions = [12], Snr = 2, Displacement = AtomDisplacement.Fixed };
        FlexibleDomainsResult one = FlexibleDomains.Run(Model(), options, new ComputeOptions { Threads = 1 }),
            two = FlexibleDomains.Run(Model(), options, new ComputeOptions { Threads = 2 });
        Assert.Equal(one.Structures[0].Half1.Voxels, two.Structures[0].Half1.Voxels);
        Assert.Equal(one.Structures[0].Flexible.QScore, two.Structures[0].Flexible.QScore);

        // Far from the model there is noise alone: its variance is the whole's less the signal's, which is twice that.
        var corner = one.Structures[0].Half1.Voxels.AsSpan(0, 56 * 56 * 4).ToArray();
        Assert.Equal(one.Structures[0].NoiseSd, Math.Sqrt(corner.Average(v => (double)v * v)), 0.03 * one.Structures[0].NoiseSd);
        var all = one.Structures[0].Half1.Voxels;
        var mean = all.Average(v => (double)v);
        Assert.Equal(3, all.Average(v => (v - mean) * (v - mean)) / Math.Pow(one.Structures[0].NoiseSd, 2), 0.15);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        Assert.Contains(
            "no chain X", Assert.Throws<InvalidInputException>(() => FlexibleDomains.Run(Model(), Options with { FlexibleChains = ["X"] })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "FlexibleChains",
            Assert.Throws<InvalidInputException>(() => FlexibleDomains.Run(Model(), Options with { FlexibleChains = ["A"] })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Snr", Assert.Throws<InvalidInputException>(() => FlexibleDomains.Run(Model(), Options with { Snr = 0 })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "FlexibleResolutions",
            Assert.Throws<InvalidInputException>(() => FlexibleDomains.Run(Model(), Options with { FlexibleResolutions = [4] })).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Four balls of 250 carbon atoms, side by side.</summary>
    private AtomicModel Model()
    {
        var random = new Random(8);
        var lines = new List<string>();
        for (var i = 0; i < 1000;)
        {
            double x = (2 * random.NextDouble()) - 1, y = (2 * random.NextDouble()) - 1, z = (2 * random.NextDouble()) - 1;
            if ((x * x) + (y * y) + (z * z) < 1)
            {
                var chain = i % 4;
                double dx = chain is 0 or 1 ? -22 : 22, dy = chain is 0 or 2 ? -16 : 16;
                lines.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"ATOM  {i + 1,5}  CA  ALA {"ABCD"[chain]}{(i / 4) + 1,4}    "
                    + $"{(14 * x) + dx,8:F3}{(14 * y) + dy,8:F3}{14 * z,8:F3}  1.00 20.00           C"));
                i++;
            }
        }

        var path = Path.Combine(_folder, "model.pdb");
        File.WriteAllLines(path, [.. lines, "END"]);
        return AtomicModelFile.Read(path);
    }
}
