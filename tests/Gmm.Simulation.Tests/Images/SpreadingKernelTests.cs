namespace Gmm.Simulation.Tests;

public class SpreadingKernelTests
{
    [Fact]
    public void Taps_are_the_kernel()
    {
        var kernel = new SpreadingKernel();
        for (var f = 0.0; f < 1; f += 0.013)
        {
            var taps = kernel.Taps((float)f);
            for (var t = 0; t < SpreadingKernel.Width; t++)
            {
                Assert.Equal(SpreadingKernel.Value(f + t - 4), taps[t], 2e-7);
            }
        }
    }

    [Fact]
    public void Transform_is_the_integral_of_the_kernel()
    {
        foreach (var frequency in new[] { 0, 0.1, 0.25 })
        {
            double sum = 0;
            const double step = 1e-4;
            for (var x = -4 + (step / 2); x < 4; x += step)
            {
                sum += step * SpreadingKernel.Value(x) * Math.Cos(2 * Math.PI * frequency * x);
            }

            Assert.Equal(sum, SpreadingKernel.Transform(frequency), 1e-7);
        }
    }

    [Fact]
    public void Scattering_factors_are_the_tables()
    {
        // International Tables C, table 4.3.1.1 (the integrated values, another parametrisation's source): f(0) in angstrom.
        var expected = new Dictionary<string, double>
        {
            ["H"] = 0.529,
            ["C"] = 2.509,
            ["N"] = 2.211,
            ["O"] = 1.983,
            ["S"] = 5.161,
            ["P"] = 5.488,
            ["Zn"] = 6.065,
        };
        foreach (var (symbol, f0) in expected)
        {
            Assert.Equal(f0, ElectronScattering.Find(symbol)!.Factor(0), 0.006 * f0);
        }

        Assert.Same(ElectronScattering.Find("H"), ElectronScattering.Find("D"));
        Assert.Null(ElectronScattering.Find("Q"));
    }
}
