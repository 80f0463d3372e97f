using Gmm.Core;
using Gmm.Maps;
using Gmm.Simulation;
using Gmm.TestData;
using Xunit.Abstractions;

namespace Gmm.Refinement.Tests;

/// <summary>The whole loop on particles that have nothing to be found, everywhere or beyond a resolution.</summary>
public class OverfittingTests(ITestOutputHelper output)
{
    private const int Box = 48;
    private const double Pixel = 2.5;
    private const double Cutoff = 12;

    [Fact]
    public void Beyond_randomised_phases_the_half_maps_share_nothing()
    {
        var simulator = Simulate(s => s with { RandomPhasesBeyond = Cutoff });
        var state = Refine(simulator);

        // Below the cutoff there is structure, and it is found.
        Assert.True(Shells(state, 40, 20).Min() > 0.8, string.Join(' ', Shells(state, 40, 20)));
        RequireNoise(state, Cutoff * 0.93);
    }

    [Fact]
    public void From_pure_noise_nothing_comes()
    {
        var simulator = Simulate(s => s with { PureNoise = true });
        var state = Refine(simulator);

        // The first shells may share the mask's shape and little else.
        RequireNoise(state, 20);
    }

    private static ParticleSimulator Simulate(Func<SimulationOptions, SimulationOptions> change)
    {
        var options = new SimulationOptions
        {
            ParticleCount = 240,
            BoxSize = Box,
            PixelSize = Pixel,
            Snr = 1,
            Noise = NoiseSpectrum.White,
            DisturbDegrees = 4,
            BFactor = 40,
        };
        return new ParticleSimulator(SimulationTestData.Ball(1500, 38), change(options), new ComputeOptions { Threads = 2 });
    }

    /// <summary>Three iterations in a band far beyond the cutoff, which is the hardest case for the loop's own choice of band.</summary>
    private RefinementState Refine(ParticleSimulator simulator)
    {
        var options = new RefinementOptions
        {
            Iterations = 3,
            Gaussians = 100,
            Mask = SolventMasks.Sphere(Box, Pixel, 44, 8),
            StartResolution = 7,
            NoiseParticles = 100,
            StopWhenStationary = false,
        };
        var state = JobTestData.Run(simulator.AsSource(disturbed: true), options);
        output.WriteLine(string.Join(' ', state.Fsc.Unmasked.Values.Select(v => v.ToString("F3", System.Globalization.CultureInfo.InvariantCulture))));
        output.WriteLine(string.Join(' ', state.Fsc.Corrected.Values.Select(v => v.ToString("F3", System.Globalization.CultureInfo.InvariantCulture))));
        return state;
    }

    private static double[] Shells(RefinementState state, double from, double to)
    {
        var curve = state.Fsc.Unmasked;
        return [.. Enumerable.Range(1, curve.Count - 2).Where(s => curve.Frequency(s) >= 1 / from && curve.Frequency(s) <= 1 / to).Select(s => curve[s])];
    }

    private static void RequireNoise(RefinementState state, double resolution)
    {
        var curve = state.Fsc.Unmasked;
        var beyond = 0.0;
        var shells = 0;
        for (var s = 1; s < curve.Count - 1; s++)
        {
            if (curve.Frequency(s) > 1 / resolution)
            {
                // The FSC of noise has a deviation of one over the root of the independent coefficients in a shell, about 2 pi s^2.
                Assert.True(
                    Math.Abs(curve[s]) < Math.Max(0.06, 5 / Math.Sqrt(2 * Math.PI * s * s)),
                    $"shell {s}, {1 / curve.Frequency(s):F1} A: {curve[s]:F3}");
                (beyond, shells) = (beyond + curve[s], shells + 1);
            }
        }

        Assert.InRange(beyond / shells, -0.03, 0.03);
    }
}
