using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Maps.Tests;

public class FourierReconstructorTests
{
    private static readonly ComputeOptions One = new() { Threads = 1 };
    private static readonly AnalyticModel Model = RandomGaussians.Make(7, 20, 2.0);

    [Theory]
    [InlineData(32, CtfState.None, 1.5)]
    [InlineData(32, CtfState.Unmodified, 1.5)]
    [InlineData(33, CtfState.Unmodified, 1.5)]
    [InlineData(33, CtfState.None, 2.0)]
    [InlineData(32, CtfState.PhaseFlipped, 2.0)]
    [InlineData(32, CtfState.Premultiplied, 1.5)]
    public void Noise_free_projections_give_the_model_and_its_scale(int n, CtfState state, double padding)
    {
        var source = Model.Images([new OpticsGroup { PixelSize = 2, ImageSize = n, CtfState = state }], 900, 3);
        var maps = new FourierReconstructor { PaddingFactor = padding }.ReconstructHalves(new(source), new ReconstructionOptions(), One);
        Assert.Equal((450, 450), (maps.Count1, maps.Count2));
        AssertIsModel(maps.Half1, Model.Map(n, 2), (int)(0.9 * n / 2), 0.01);
        AssertIsModel(maps.Half2, Model.Map(n, 2), (int)(0.9 * n / 2), 0.01);
        Assert.Equal(0.5f * (maps.Half1.Voxels[1000] + maps.Half2.Voxels[1000]), maps.Mean().Voxels[1000]);
    }

    [Fact]
    public void The_projection_of_a_map_along_z_is_the_image_of_the_identity()
    {
        var source = Model.Images([new OpticsGroup { PixelSize = 2, ImageSize = 32, CtfState = CtfState.None }], 900, 5);
        var map = new FourierReconstructor().Reconstruct(new(source), new ReconstructionOptions(), One);
        var identity = Model.Map(32, 2);
        double cross = 0, square = 0, off = 0;
        for (var i = 0; i < 32 * 32; i++)
        {
            double a = 0, b = 0;
            for (var z = 0; z < 32; z++)
            {
                a += map.Voxels[(z * 1024) + i];
                b += identity.Voxels[(z * 1024) + i];
            }

            cross += a * b;
            square += b * b;
            off += (a - b) * (a - b);
        }

        Assert.InRange(cross / square, 0.99, 1.01);
        // Most of it is in shells 0 and 1, where slices cross at steep angles and a kernel cannot follow.
        Assert.True(Math.Sqrt(off / square) < 0.08, $"relative error {Math.Sqrt(off / square)}");
    }

    [Fact]
    public void Bits_do_not_depend_on_threads()
    {
        var source = Model.Images([new OpticsGroup { PixelSize = 2, ImageSize = 24 }], 300, 9);
        var options = new ReconstructionOptions();
        var a = new FourierReconstructor().ReconstructHalves(new(source), options, One);
        var b = new FourierReconstructor().ReconstructHalves(new(source), options, new ComputeOptions { Threads = 2 });
        var c = new FourierReconstructor().ReconstructHalves(new(source), options, new ComputeOptions { Threads = 5 });
        Assert.Equal(a.Half1.Voxels, b.Half1.Voxels);
        Assert.Equal(a.Half2.Voxels, b.Half2.Voxels);
        Assert.Equal(a.Half2.Voxels, c.Half2.Voxels);
    }

    [Fact]
    public void Optics_groups_of_other_pixel_size_and_box_agree_with_the_first()
    {
        OpticsGroup[] groups =
        [
            new() { PixelSize = 2, ImageSize = 32, CtfState = CtfState.Unmodified },
            new() { PixelSize = 1.6, ImageSize = 45, CtfState = CtfState.Premultiplied },
        ];
        var source = Model.Images(groups, 2000, 11);
        var maps = new FourierReconstructor().ReconstructHalves(new(source), new ReconstructionOptions(), One);
        Assert.Equal((32, 2.0), (maps.Half1.Size, maps.Half1.PixelSize));
        AssertIsModel(maps.Half1, Model.Map(32, 2), 14, 0.01);

        // The second group alone, on the first's voxels: its scale must come out right by itself.
        var weights = source.Particles.Select(p => (float)p.OpticsIndex).ToArray();
        var second = new FourierReconstructor().ReconstructHalves(new(source, null, weights), new ReconstructionOptions(), One);
        Assert.Equal(500, second.Count1);
        AssertIsModel(second.Half2, Model.Map(32, 2), 14, 0.01);
    }

    [Fact]
    public void Box_pixel_size_and_resolution_of_the_map_can_be_chosen()
    {
        var source = Model.Images([new OpticsGroup { PixelSize = 2, ImageSize = 40, CtfState = CtfState.None }], 900, 13);
        var options = new ReconstructionOptions { BoxSize = 30, PixelSize = 2.4, MaxResolution = 7 };
        var maps = new FourierReconstructor().ReconstructHalves(new(source), options, One);
        Assert.Equal((30, 2.4), (maps.Half1.Size, maps.Half1.PixelSize));
        AssertIsModel(maps.Half1, Model.Map(30, 2.4), 9, 0.01);
        // 7 A in a box of 72 A is shell 10; beyond it there is nothing, which the half maps' FSC could take for signal.
        var power = RadialProfiles.ShellPower(maps.Half1);
        var model = RadialProfiles.ShellPower(Model.Map(30, 2.4));
        Assert.True(power[12] < 1e-9 * model[12], $"{power[12]} beside {model[12]}");
        var fsc = FourierShellCorrelation.GoldStandard(maps.Half1, maps.Half2, null, One);
        Assert.InRange(fsc.Resolution(), 6.3, 7.3);
    }

    [Fact]
    public void Given_poses_and_weights_replace_those_of_the_source()
    {
        var good = Model.Images([new OpticsGroup { PixelSize = 2, ImageSize = 24, CtfState = CtfState.None }], 200, 17);
        var wrong = new MemorySource(good.OpticsGroups);
        for (var i = 0; i < 200; i++)
        {
            wrong.Add(good.Particles[i] with { Pose = Pose.Identity }, good.Images[i]);
        }

        var expected = new FourierReconstructor().ReconstructHalves(new(good), new ReconstructionOptions(), One);
        var poses = good.Particles.Select(p => p.Pose).ToArray();
        var actual = new FourierReconstructor().ReconstructHalves(new(wrong, poses, Enumerable.Repeat(1f, 200).ToArray()), new ReconstructionOptions(), One);
        Assert.Equal(expected.Half1.Voxels, actual.Half1.Voxels);

        // Junk at weight 0 is as if it were not there.
        var junk = new MemorySource(good.OpticsGroups);
        var weights = new List<float>();
        for (var i = 0; i < 200; i++)
        {
            junk.Add(good.Particles[i], good.Images[i]);
            junk.Add(good.Particles[i], new float[24 * 24]);
            weights.AddRange([1, 0]);
        }

        var left = new FourierReconstructor().ReconstructHalves(new(junk, null, weights), new ReconstructionOptions(), One);
        Assert.Equal(expected.Half2.Voxels, left.Half2.Voxels);
        Assert.Equal(100, left.Count2);
    }

    [Fact]
    public void A_wiener_filter_damps_each_shell_by_its_ssnr()
    {
        var source = Model.Images([new OpticsGroup { PixelSize = 2, ImageSize = 32, CtfState = CtfState.None }], 1200, 19);
        var options = new ReconstructionOptions();
        var reconstructor = new FourierReconstructor { MaskCorners = false };
        var plain = RadialProfiles.ShellPower(reconstructor.Reconstruct(new(source), options, One));
        var ssnr = Enumerable.Range(0, 17).Select(s => s < 8 ? 1e9 : 1.0).ToArray();
        var damped = RadialProfiles.ShellPower(reconstructor.Reconstruct(new(source), options, One, ssnr));
        // SSNR / (SSNR + 1) in amplitude where sampling is even; the weights of random views are even to some per cent.
        Assert.InRange(Math.Sqrt(damped[5] / plain[5]), 0.99, 1.01);
        Assert.InRange(Math.Sqrt(damped[11] / plain[11]), 0.45, 0.55);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        OpticsGroup[] groups = [new() { PixelSize = 2, ImageSize = 16 }];
        var options = new ReconstructionOptions();
        var source = Model.Images(groups, 6, 1);
        source.Images[3][7] = float.NaN;
        var e = Assert.Throws<InvalidInputException>(
            () => new FourierReconstructor().ReconstructHalves(new(source), options, new ComputeOptions { Threads = 2 }));
        Assert.StartsWith("memory, row 4:", e.Message, StringComparison.Ordinal);

        var oneHalf = new MemorySource(groups);
        oneHalf.Add(source.Particles[0], source.Images[0]);
        e = Assert.Throws<InvalidInputException>(() => new FourierReconstructor().ReconstructHalves(new(oneHalf), options, One));
        Assert.Contains("Half set 2", e.Message, StringComparison.Ordinal);

        var weights = Enumerable.Repeat(1f, 6).ToArray();
        weights[2] = -1;
        e = Assert.Throws<InvalidInputException>(() => new FourierReconstructor().ReconstructHalves(new(source, null, weights), options, One));
        Assert.StartsWith("memory, row 3:", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new FourierReconstructor().ReconstructHalves(new(source, null, [1f]), options, One));
        source.Images[3][7] = 0;
        var poses = source.Particles.Select(p => p.Pose).ToArray();
        poses[5] = poses[5] with { ShiftX = double.NaN };
        e = Assert.Throws<InvalidInputException>(() => new FourierReconstructor().ReconstructHalves(new(source, poses), options, One));
        Assert.StartsWith("memory, row 6:", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_reconstruction_stops()
    {
        var source = Model.Images([new OpticsGroup { PixelSize = 2, ImageSize = 16 }], 6, 1);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new FourierReconstructor().ReconstructHalves(new(source), new ReconstructionOptions(), One, null, new CancellationToken(true)));
    }

    private static void AssertIsModel(DensityMap map, DensityMap model, int lastShell, double scaleTolerance)
    {
        var fsc = FourierShellCorrelation.Between(map, model, null, One);
        var a = MapSpectrum.Of(map.Voxels, map.Size, [], new ComputeOptions { Threads = 1 });
        var b = MapSpectrum.Of(model.Voxels, model.Size, [], new ComputeOptions { Threads = 1 });
        var sums = a.ShellSums(2, (i, s, times, t) =>
        {
            if (s <= lastShell)
            {
                t[0] += times * (((double)a.Re[i] * b.Re[i]) + ((double)a.Im[i] * b.Im[i]));
                t[a.Shells] += times * (((double)b.Re[i] * b.Re[i]) + ((double)b.Im[i] * b.Im[i]));
            }
        });
        for (var s = 1; s <= lastShell; s++)
        {
            Assert.True(fsc[s] > 0.99, $"shell {s} of {map.Size / 2}: FSC {fsc[s]}");
        }

        Assert.InRange(sums[0] / sums[a.Shells], 1 - scaleTolerance, 1 + scaleTolerance);
    }
}
