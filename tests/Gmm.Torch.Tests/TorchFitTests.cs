using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch.Tests;

/// <summary>The comparison of Gaussians with a map on a device, and models built with it.</summary>
public class TorchFitTests
{
    private const double Resolution = 9;

    [TorchTheory]
    [InlineData(1L << 30)]
    [InlineData(100_000)]
    public void The_comparison_and_its_derivatives_are_those_of_the_sum_in_float64(long memory)
    {
        var target = Target();
        var start = Start(40, 5);
        using var loss = new TorchFitLoss(target, 1e-5, CPU, memory);
        double[] shells = new double[3 * (target.Radius + 1)], exactShells = new double[shells.Length];
        float[] gradient = new float[start.Length], exact = new float[start.Length];
        loss.Compare(start, shells, gradient);
        new Sum(target).Compare(start, exactShells, exact);
        for (var i = 0; i < shells.Length; i++)
        {
            Assert.Equal(exactShells[i], shells[i], 1e-4 * exactShells[(i / 3 * 3) + 1]);
        }

        for (var c = 0; c < 5; c++)
        {
            var scale = exact[(c * 40)..((c + 1) * 40)].Max(Math.Abs);
            for (var j = c * 40; j < (c + 1) * 40; j++)
            {
                Assert.Equal(exact[j], gradient[j], 2e-4 * scale);
            }
        }
    }

    [TorchFact]
    public void The_map_of_derivatives_is_the_derivative_of_one_more_gaussian()
    {
        var target = Target();
        const int n = 30;
        using var loss = new TorchFitLoss(target, 1e-5, CPU, 1L << 30);
        var shells = new double[3 * (target.Radius + 1)];
        var start = Start(n, 6);
        loss.Compare(start, shells, new float[5 * n]);
        var map = loss.AmplitudeGradient(2.5, out var side).ToArray();
        var largest = map.Max(Math.Abs);
        var cell = target.BoxLength / side;
        // The last Gaussian at a cell, with no amplitude of its own.
        foreach (var (x, y, z) in (ReadOnlySpan<(int, int, int)>)[(0, 0, 0), (3, -5, 2), (-7, 4, 6)])
        {
            var (more, gradient) = (new float[5 * (n + 1)], new float[5 * (n + 1)]);
            for (var c = 0; c < 5; c++)
            {
                start.AsSpan(c * n, n).CopyTo(more.AsSpan(c * (n + 1)));
                more[(c * (n + 1)) + n] = (float)(c switch { 0 => x * cell, 1 => y * cell, 2 => z * cell, 3 => 0, _ => 2.5 });
            }

            new Sum(target).Compare(more, shells, gradient);
            Assert.Equal(gradient[(3 * (n + 1)) + n], map[((((z + (side / 2)) * side) + y + (side / 2)) * side) + x + (side / 2)], 2e-4 * largest);
        }
    }

    [TorchFact]
    public void A_model_built_on_the_device_fits_as_well_as_the_managed_one_and_is_nearly_the_same()
    {
        var map = RenderedMap.Of(Samples.Model(120));
        var options = new ModelBuildOptions { Resolution = Resolution, Gaussians = 120 };
        FitResult managed = new ModelBuilder().Build(map, null, options), device = new TorchModelBuilder(CPU).Build(map, null, options);
        Assert.Equal(managed.MeanFsc, device.MeanFsc, 0.002);
        // Where one fit has a Gaussian the other has it too, but for those that the map does not hold fast.
        var apart = new List<double>();
        for (var j = 0; j < device.Model.Count; j++)
        {
            apart.Add(Enumerable.Range(0, managed.Model.Count).Min(i => Math.Sqrt(
                Math.Pow(managed.Model.X[i] - device.Model.X[j], 2) + Math.Pow(managed.Model.Y[i] - device.Model.Y[j], 2)
                    + Math.Pow(managed.Model.Z[i] - device.Model.Z[j], 2))));
        }

        Assert.True(apart.Order().ElementAt(apart.Count / 2) < 0.05 * Resolution, $"{apart.Order().ElementAt(apart.Count / 2)} A");
        Assert.Contains("torch-cpu", new TorchModelBuilder(CPU).Name, StringComparison.Ordinal);
    }

    [TorchFact]
    public void A_comparison_waits_twice_for_the_device_and_keeps_no_memory()
    {
        var target = Target();
        var start = Start(20, 8);
        using var loss = new TorchFitLoss(target, 1e-3, CPU, 1L << 30);
        double[] shells = new double[3 * (target.Radius + 1)];
        float[] gradient = new float[start.Length];
        loss.Compare(start, shells, gradient);
        var before = Tensor.TotalCount;
        var cost = DeviceCost.Of(() => loss.Compare(start, shells, gradient));
        Assert.Equal(2, cost.Syncs);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [TorchFact]
    public void A_width_or_a_place_that_is_none_is_refused()
    {
        var target = Target();
        using var loss = new TorchFitLoss(target, 1e-3, CPU, 1L << 30);
        foreach (var (place, value) in (ReadOnlySpan<(int, float)>)[(0, float.NaN), (9, 0f), (9, float.PositiveInfinity)])
        {
            var bad = Start(2, 1);
            bad[place] = value;
            Assert.Throws<ArgumentException>(() => loss.Compare(bad, new double[3 * (target.Radius + 1)], new float[10]));
        }
    }

    /// <summary>x, y, z, amplitudes and widths of random Gaussians.</summary>
    private static float[] Start(int n, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, 3 * n).Select(_ => (float)(30 * (random.NextDouble() - 0.5))),
            .. Enumerable.Range(0, n).Select(_ => (float)(5 + (10 * random.NextDouble()))),
            .. Enumerable.Range(0, n).Select(_ => (float)(2 + (2 * random.NextDouble()))),
        ];
    }

    /// <summary>The target that a fit is given.</summary>
    private static FitTarget Target()
    {
        FitTarget? found = null;
        var builder = new ModelBuilder("a test", (target, _, _) =>
        {
            found = target;
            throw new OperationCanceledException();
        });
        Assert.Throws<OperationCanceledException>(
            () => builder.Build(RenderedMap.Of(Samples.Model(60)), null, new ModelBuildOptions { Resolution = Resolution, Gaussians = 20 }));
        return found!;
    }

    /// <summary>The plain sum over Gaussians in float64, and its derivatives by libtorch.</summary>
    private sealed class Sum(FitTarget target) : IFitLoss
    {
        public void Compare(ReadOnlySpan<float> gaussians, Span<double> shells, Span<float> gradient)
        {
            var (k, n) = (target.Count, gaussians.Length / 5);
            short[] kx = new short[k], ky = new short[k], kz = new short[k];
            target.CopyFrequencies(kx, ky, kz);
            using var scope = NewDisposeScope();
            Tensor Of<T>(T[] values) => tensor(Array.ConvertAll(values, v => Convert.ToDouble(v, null)));
            var frequencies = stack([Of(kx), Of(ky), Of(kz)], 1) / target.BoxLength;
            var variables = Of(gaussians.ToArray()).reshape(5, n).requires_grad_();
            var turns = mm(frequencies, variables.narrow(0, 0, 3)) * (-2 * Math.PI);
            var height = variables[3] * (frequencies.square().sum(1, keepdim: true) * variables[4].square() * (-2 * Math.PI * Math.PI)).exp();
            Tensor re = (height * turns.cos()).sum(1), im = (height * turns.sin()).sum(1);
            Tensor tr = Of(target.Re.ToArray()), ti = Of(target.Im.ToArray());
            var residual = (re - tr).square() + (im - ti).square();
            var factors = tensor(target.Shells.ToArray().Select(q => 0.5 * target.Factors[q]).ToArray());
            (factors * residual).sum().backward();
            variables.grad!.reshape(-1).data<double>().ToArray().Select(v => (float)v).ToArray().CopyTo(gradient);
            double[] cross = [.. ((re * tr) + (im * ti)).data<double>()], own = [.. (re.square() + im.square()).data<double>()];
            double[] left = [.. residual.data<double>()];
            shells.Clear();
            for (var i = 0; i < k; i++)
            {
                int q = target.Shells[i];
                shells[3 * q] += cross[i];
                shells[(3 * q) + 1] += own[i];
                shells[(3 * q) + 2] += left[i];
            }
        }

        public ReadOnlySpan<float> AmplitudeGradient(double width, out int side) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
