using Gmm.Core;
using Gmm.IO;

namespace Gmm.Simulation.Tests;

public class ModelMapTests
{
    private static readonly SimulatedAtom[] Atoms =
    [
        new(0.3, -1.2, 0.7, "C", 15, 1), new(3.1, 2.2, -4.6, "N", 30, 0.5), new(-5.4, 1.9, 2.3, "O", 0, 1), new(-1.0, -4.4, -3.1, "Fe", 60, 1),
        new(2.7, -0.3, 4.9, "S", 20, 1),
    ];

    private static readonly ModelMapOptions Options = new() { Resolution = 5, Size = (44, 48, 41), PixelSize = 0.75, Origin = (-17.1, -18.3, -14.9) };

    [Fact]
    public void Voxels_are_the_sum_of_gaussians_where_they_are_sampled_finely()
    {
        var map = ModelMap.Render(Atoms, Options);
        Assert.Equal((Options.Size, Options.Origin, (0.75, 0.75, 0.75)), (map.Size, map.Origin, map.PixelSize));
        var expected = Naive(Options, useB: true);
        var top = expected.Max();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - map.Voxels[i]) < 1e-4 * top, $"{i}: {expected[i]} {map.Voxels[i]}");
        }

        // The sum is that of the scattering factors at 0.
        var integral = map.Voxels.Sum(v => (double)v) * 0.75 * 0.75 * 0.75;
        Assert.Equal(Atoms.Sum(a => a.Occupancy * ElectronScattering.Find(a.Element)!.Factor(0)), integral, 2e-3 * integral);
        Assert.InRange(Largest(Naive(Options, useB: false), ModelMap.Render(Atoms, Options with { UseBFactors = false }).Voxels), 0, 1e-4);
    }

    [Fact]
    public void Every_frequency_is_the_closed_form_up_to_nyquist_at_two_voxels()
    {
        // One atom anywhere: its transform is f(k) exp(-B k^2/4 - k^2 d^2) times a phase.
        // Sampled at the voxels it would have its mirror image beyond Nyquist added.
        const int n = 24;
        var atom = new SimulatedAtom(0.37, -0.81, 0.22, "C", 12, 1);
        var options = new ModelMapOptions { Resolution = 2.4, Size = (n, n, n), PixelSize = 1.2, Origin = (-14.4, -14.4, -14.4) };
        var map = ModelMap.Render([atom], options);
        var fft = new RealFft3D<float>(n, n, n);
        float[] re = new float[fft.SpectrumLength], im = new float[fft.SpectrumLength];
        fft.Forward(map.Voxels, re, im, new float[fft.ScratchLength]);
        var element = ElectronScattering.Find("C")!;
        for (var ky = 0; ky < n / 2; ky++)
        {
            for (var kx = 0; kx < n / 2; kx++)
            {
                var k2 = ((kx * kx) + (ky * ky)) / (n * 1.2 * n * 1.2);
                var expected = element.Factor(k2) * Math.Exp((-12 * k2 / 4) - (k2 * 2.4 * 2.4));
                double dx = atom.X + 14.4, dy = atom.Y + 14.4, angle = -2 * Math.PI * ((kx * dx) + (ky * dy)) / (n * 1.2);
                var i = (ky * ((n / 2) + 1)) + kx;
                var scale = 1.2 * 1.2 * 1.2;
                Assert.Equal(expected * Math.Cos(angle), re[i] * scale, 2e-3 * expected + 1e-6);
                Assert.Equal(expected * Math.Sin(angle), im[i] * scale, 2e-3 * expected + 1e-6);
            }
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var one = ModelMap.Render(Atoms, Options, new ComputeOptions { Threads = 1 });
        Assert.Equal(one.Voxels, ModelMap.Render(Atoms, Options, new ComputeOptions { Threads = 3 }).Voxels);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        string Fails(IReadOnlyList<SimulatedAtom> atoms, ModelMapOptions options) =>
            Assert.Throws<InvalidInputException>(() => ModelMap.Render(atoms, options)).Message;
        Assert.Contains("Resolution: must be from two voxels (1.5 angstrom)", Fails(Atoms, Options with { Resolution = 1.4 }), StringComparison.Ordinal);
        Assert.Contains("5 of 5 atoms lie outside the box", Fails(Atoms, Options with { Origin = (50, 0, 0) }), StringComparison.Ordinal);
        Assert.Contains("no atoms", Fails([], Options), StringComparison.Ordinal);
        Assert.Contains("atom 1: no electron scattering factor", Fails([Atoms[0] with { Element = "Xx" }], Options), StringComparison.Ordinal);
        Assert.Contains("atom 1: position", Fails([Atoms[0] with { X = double.NaN }], Options), StringComparison.Ordinal);
        Assert.Contains("Size", Fails(Atoms, Options with { Size = (4, 4, 4) }), StringComparison.Ordinal);
    }

    private static double Largest(double[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max() / a.Max();

    private static double[] Naive(ModelMapOptions o, bool useB)
    {
        var voxels = new double[o.Size.X * o.Size.Y * o.Size.Z];
        for (var i = 0; i < voxels.Length; i++)
        {
            double x = o.Origin.X + (i % o.Size.X * o.PixelSize), y = o.Origin.Y + (i / o.Size.X % o.Size.Y * o.PixelSize),
                z = o.Origin.Z + (i / o.Size.X / o.Size.Y * o.PixelSize);
            foreach (var a in Atoms)
            {
                var e = ElectronScattering.Find(a.Element)!;
                var r2 = ((x - a.X) * (x - a.X)) + ((y - a.Y) * (y - a.Y)) + ((z - a.Z) * (z - a.Z));
                for (var g = 0; g < 5; g++)
                {
                    var b = e.B[g] + (useB ? a.BFactor : 0) + (4 * o.Resolution * o.Resolution);
                    voxels[i] += a.Occupancy * e.A[g] * Math.Pow(4 * Math.PI / b, 1.5) * Math.Exp(-4 * Math.PI * Math.PI * r2 / b);
                }
            }
        }

        return voxels;
    }
}
