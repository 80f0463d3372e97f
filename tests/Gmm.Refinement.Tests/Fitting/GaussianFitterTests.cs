using Gmm.Core;

namespace Gmm.Refinement.Tests;

public class GaussianFitterTests
{
    private const double Resolution = 6;

    [Fact]
    public void A_disturbed_model_is_found_again_in_every_parameter()
    {
        // Atoms far enough apart to be told from each other: the fit must return the truth, in absolute scale.
        var truth = Sparse();
        var random = new Random(3);
        float[] Disturb(ReadOnlySpan<float> v, double by) => [.. v.ToArray().Select(t => (float)(t + (by * ((2 * random.NextDouble()) - 1))))];
        var start = new GaussianModel(
            Disturb(truth.X, 1), Disturb(truth.Y, 1), Disturb(truth.Z, 1), Disturb(truth.Amplitudes, 2), Disturb(truth.Widths, 0.4), truth.BoxSize,
            truth.PixelSize);
        var fit = GaussianFitter.Fit(RenderedMap.Of(truth), start, new FitOptions { Resolution = 5, GoalFsc = 1, CoarseToFine = false });
        Assert.True(fit.MeanFsc > 0.9999, $"FSC {fit.MeanFsc}");
        for (var j = 0; j < truth.Count; j++)
        {
            Assert.Equal(truth.X[j], fit.Model.X[j], 0.05);
            Assert.Equal(truth.Y[j], fit.Model.Y[j], 0.05);
            Assert.Equal(truth.Z[j], fit.Model.Z[j], 0.05);
            Assert.Equal(truth.Amplitudes[j], fit.Model.Amplitudes[j], 0.02 * truth.Amplitudes[j]);
            Assert.Equal(truth.Widths[j], fit.Model.Widths[j], 0.03);
        }
    }

    [Fact]
    public void The_gradient_of_the_loss_is_that_of_central_differences()
    {
        var map = FitTestData.Noisy(RenderedMap.Of(FitTestData.Molecule(60, 20, 5)), 0.01, 1);
        var target = FitTarget.Of(
            map, null, Resolution, [1, 1, 0.9, 0.8, 0.9, 1, 1, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.2, 0.1, 0.1, 0.1], new ComputeOptions { Threads = 1 });
        var random = new Random(2);
        const int n = 8;
        using var loss = new FitLoss(target, 1e-5, new ComputeOptions { Threads = 2 });
        var objective = new FitObjective(target, loss, n, 30, 1, 4);
        var v = new double[5 * n];
        for (var j = 0; j < n; j++)
        {
            for (var c = 0; c < 3; c++)
            {
                v[(c * n) + j] = 20 * (random.NextDouble() - 0.5);
            }

            v[(3 * n) + j] = 1 + random.NextDouble();
            v[(4 * n) + j] = Math.Log(1.5 + random.NextDouble());
        }

        double[] gradient = new double[5 * n], other = new double[5 * n], diagonal = new double[5 * n];
        objective.Evaluate(v, gradient);
        objective.Diagonal(v, diagonal);
        for (var i = 0; i < 5 * n; i++)
        {
            var h = 0.02;
            var up = objective.Evaluate([.. v.Select((x, k) => k == i ? x + h : x)], other);
            var down = objective.Evaluate([.. v.Select((x, k) => k == i ? x - h : x)], other);
            Assert.Equal(
                (up - down) / (2 * h), gradient[i],
                (2e-3 * Math.Abs(gradient[i])) + (3e-3 * Math.Abs(gradient[(i / n * n)..((i / n * n) + n)].Max(Math.Abs))));
            Assert.True(diagonal[i] > 0);
        }
    }

    [Fact]
    public void The_diagonal_is_that_of_the_gauss_newton_matrix()
    {
        // At the truth the residual is zero, so the curvature of the loss is the Gauss-Newton one.
        var truth = Sparse();
        var target = FitTarget.Of(RenderedMap.Of(truth), null, 5, null, new ComputeOptions { Threads = 1 });
        var n = truth.Count;
        using var loss = new FitLoss(target, 1e-5, new ComputeOptions { Threads = 1 });
        var objective = new FitObjective(target, loss, n, 10, 1, 4);
        double[] v = new double[5 * n], gradient = new double[5 * n], diagonal = new double[5 * n];
        for (var j = 0; j < n; j++)
        {
            (v[j], v[n + j], v[(2 * n) + j]) = (truth.X[j], truth.Y[j], truth.Z[j]);
            (v[(3 * n) + j], v[(4 * n) + j]) = (truth.Amplitudes[j] / 10, Math.Log(truth.Widths[j]));
        }

        var floor = objective.Evaluate(v, gradient);
        Assert.True(floor < 1e-6, $"{floor}");
        objective.Diagonal(v, diagonal);
        foreach (var i in (int[])[1, n + 2, (2 * n) + 3, (3 * n) + 4, (4 * n) + 5])
        {
            const double h = 0.03;
            var curvature = (objective.Evaluate([.. v.Select((x, k) => k == i ? x + h : x)], gradient)
                + objective.Evaluate([.. v.Select((x, k) => k == i ? x - h : x)], gradient) - (2 * floor)) / (h * h);

            // The floor of the amplitude in the diagonal adds 4 % at a mean amplitude.
            Assert.Equal(curvature, diagonal[i], 0.08 * curvature);
        }
    }

    [Fact]
    public void A_half_map_is_fitted_above_the_papers_figure_and_denoised()
    {
        var truth = RenderedMap.Of(FitTestData.Molecule(500, 30, 7));
        var noisy = FitTestData.Noisy(truth, 0.2 * truth.Voxels.Max(), 4);
        var mask = Sphere(truth, 36);
        var built = new ModelBuilder().Build(noisy, mask, new ModelBuildOptions { Resolution = Resolution, Gaussians = 400 });
        Assert.True(built.MeanFsc > 0.9, $"FSC {built.MeanFsc}");
        Assert.Equal(built.Fsc.Skip(1).Average(), built.MeanFsc, 1e-9);
        Assert.True(built.Iterations <= 60);

        // Reported figures are those of the model returned, against mask * map, in the box that the mask leaves.
        var (cut, inside) = MaskedBox.Cut(noisy, mask);
        DensityMap Masked(DensityMap map, SolventMask by) => new(map.Size, map.PixelSize, [.. map.Voxels.Zip(by.Voxels, (a, b) => a * b)]);
        var own = RenderedMap.Of(built.Model.OnGrid(cut.Size, cut.PixelSize));
        Assert.Equal(built.MeanFsc, FitTestData.MeanFsc(own, Masked(cut, inside!), Resolution), 3e-3);
        var masked = Masked(noisy, mask);

        // A sum of positive blobs in the mask cannot follow all of the noise: the model is nearer to the truth than the map is.
        var before = FitTestData.MeanFsc(masked, truth, Resolution);
        var after = FitTestData.MeanFsc(RenderedMap.Of(built.Model), truth, Resolution);
        Assert.True(after > before, $"{after} against {before}");
    }

    [Fact]
    public void A_model_is_fitted_in_the_box_that_the_mask_leaves_in_the_frame_of_the_map()
    {
        // A molecule off the centre of a box twice as wide as needed: the same map in 48 voxels has no room to cut.
        var truth = FitTestData.Molecule(300, 26, 7);
        var wide = new GaussianModel(truth.X, truth.Y, truth.Z, truth.Amplitudes, truth.Widths, 81, 2);
        var options = new ModelBuildOptions { Resolution = Resolution, Gaussians = 250 };
        var (map, mask) = MaskedBox.Cut(RenderedMap.Of(wide), Sphere(RenderedMap.Of(wide), 38));
        Assert.InRange(map.Size, 40, 50);
        Assert.Equal(map.Size, mask!.Size);
        var built = new ModelBuilder().Build(RenderedMap.Of(wide), Sphere(RenderedMap.Of(wide), 38), options);
        Assert.Equal((81, 2.0), (built.Model.BoxSize, built.Model.PixelSize));
        Assert.True(FitTestData.MeanFsc(RenderedMap.Of(built.Model), RenderedMap.Of(wide), Resolution) > 0.95);
        var tight = RenderedMap.Of(truth);
        Assert.Same(tight, MaskedBox.Cut(tight, Sphere(tight, 44)).Map);
    }

    [Fact]
    public void The_automatic_number_reaches_the_papers_figure()
    {
        var map = RenderedMap.Of(FitTestData.Molecule(900, 30, 8));
        var built = new ModelBuilder().Build(map, null, new ModelBuildOptions { Resolution = Resolution });
        Assert.True(built.MeanFsc > 0.9, $"FSC {built.MeanFsc}, {built.Model.Count} Gaussians");
        Assert.InRange(built.Model.Count, 150, 800);
    }

    [Fact]
    public void Seeds_from_displaced_atoms_find_back()
    {
        var truth = FitTestData.Molecule(400, 28, 9);
        var seeds = AtomicSeeder.Seed(truth.X, truth.Y, truth.Z, Resolution, half: 1);
        var built = new ModelBuilder().Build(RenderedMap.Of(truth), null, new ModelBuildOptions { Resolution = Resolution, Seeds = seeds });
        Assert.True(built.MeanFsc > 0.9, $"FSC {built.MeanFsc}");
    }

    [Fact]
    public void A_warm_start_needs_fewer_iterations_and_keeps_the_scale()
    {
        var truth = RenderedMap.Of(FitTestData.Molecule(500, 30, 7));
        var first = new ModelBuilder().Build(
            FitTestData.Noisy(truth, 0.03 * truth.Voxels.Max(), 1), null, new ModelBuildOptions { Resolution = Resolution, Gaussians = 400 });
        var again = FitTestData.Noisy(truth, 0.03 * truth.Voxels.Max(), 2);
        var warm = new ModelBuilder().Build(again, null, new ModelBuildOptions { Resolution = Resolution, Start = first.Model });
        Assert.True(warm.MeanFsc > 0.9, $"FSC {warm.MeanFsc}");
        Assert.True(warm.Iterations < first.Iterations, $"{warm.Iterations} against {first.Iterations}");

        // Twice the map: twice the amplitudes.
        var twice = new ModelBuilder().Build(
            new DensityMap(again.Size, again.PixelSize, [.. again.Voxels.Select(t => 2 * t)]), null,
            new ModelBuildOptions { Resolution = Resolution, Start = first.Model });
        Assert.Equal(2 * warm.Model.Amplitudes.ToArray().Sum(), twice.Model.Amplitudes.ToArray().Sum(), 0.01 * warm.Model.Amplitudes.ToArray().Sum());
    }

    [Fact]
    public void A_dead_gaussian_is_put_where_density_is_missing()
    {
        // Eight atoms; the start model has one of them twice and another not at all.
        var truth = Sparse();
        float[] x = truth.X.ToArray(), y = truth.Y.ToArray(), z = truth.Z.ToArray(), a = truth.Amplitudes.ToArray();
        (x[5], y[5], z[5], a[5]) = (-40, -40, -40, 0.01f);
        var start = new GaussianModel(x, y, z, a, truth.Widths, truth.BoxSize, truth.PixelSize);
        var fit = GaussianFitter.Fit(RenderedMap.Of(truth), start, new FitOptions { Resolution = 5 });
        Assert.True(fit.Reseeded >= 1);
        Assert.Equal(truth.X[5], fit.Model.X[5], 0.2);
        Assert.Equal(truth.Y[5], fit.Model.Y[5], 0.2);
        Assert.Equal(truth.Z[5], fit.Model.Z[5], 0.2);
        Assert.True(fit.MeanFsc > 0.999, $"FSC {fit.MeanFsc}");
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        var map = FitTestData.Noisy(RenderedMap.Of(FitTestData.Molecule(300, 25, 6)), 0.02, 9);
        var options = new ModelBuildOptions { Resolution = Resolution, Gaussians = 200, Fit = new FitOptions { Resolution = Resolution, MaxIterations = 12 } };
        var one = new ModelBuilder().Build(map, null, options, new ComputeOptions { Threads = 1 });
        var many = new ModelBuilder().Build(map, null, options, new ComputeOptions { Threads = 4 });
        Assert.Equal(one.Model.X.ToArray(), many.Model.X.ToArray());
        Assert.Equal(one.Model.Amplitudes.ToArray(), many.Model.Amplitudes.ToArray());
        Assert.Equal(one.Model.Widths.ToArray(), many.Model.Widths.ToArray());
        Assert.Equal(one.MeanFsc, many.MeanFsc);
    }

    [Fact]
    public void Progress_is_reported_and_a_fit_can_be_stopped()
    {
        var map = RenderedMap.Of(FitTestData.Molecule(300, 25, 6));
        using var source = new CancellationTokenSource();
        var seen = new List<FitProgress>();
        var progress = new Inline(p =>
        {
            seen.Add(p);
            if (seen.Count == 3)
            {
                source.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new ModelBuilder().Build(
                map, null, new ModelBuildOptions { Resolution = Resolution, Gaussians = 200 }, progress: progress, cancellationToken: source.Token));
        Assert.Equal([1, 2, 3], seen.Select(p => p.Iteration));
        Assert.True(seen[2].Loss < seen[0].Loss && seen[2].MeanFsc is > 0 and <= 1);
    }

    [Fact]
    public void Wrong_input_is_refused()
    {
        var map = RenderedMap.Of(Sparse());
        var mask = new SolventMask(8, 2, [.. Enumerable.Repeat(1f, 512)]);
        Assert.Throws<InvalidInputException>(() => new ModelBuilder().Build(map, mask, new ModelBuildOptions { Resolution = 5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelBuilder().Build(map, null, new ModelBuildOptions { Resolution = -5 }));
        Assert.Throws<InvalidInputException>(
            () => new ModelBuilder().Build(new DensityMap(16, 2, new float[4096]), null, new ModelBuildOptions { Resolution = 5 }));
        var elsewhere = new GaussianModel([0], [0], [0], [1], [2], 100, 3);
        Assert.Throws<InvalidInputException>(() => GaussianFitter.Fit(map, elsewhere, new FitOptions { Resolution = 5 }));
    }

    private static GaussianModel Sparse() => new(
        [-16, 0, 17, -15, 2, 14, -1, 8], [-14, -17, -12, 3, 0, 2, 16, 9], [1, -6, 8, -15, 14, -12, 3, 18],
        [10, 12, 9, 11, 10, 13, 12, 10], [1.8f, 2, 2.2f, 1.9f, 2, 2.1f, 1.8f, 2], 48, 2);

    private static SolventMask Sphere(DensityMap map, double radius)
    {
        var voxels = new float[map.Voxels.Length];
        int n = map.Size, half = n / 2;
        for (var i = 0; i < voxels.Length; i++)
        {
            double x = (i % n) - half, y = (i / n % n) - half, z = (i / n / n) - half;
            voxels[i] = (float)Math.Clamp((radius - (map.PixelSize * Math.Sqrt((x * x) + (y * y) + (z * z)))) / 6, 0, 1);
        }

        return new SolventMask(n, map.PixelSize, voxels);
    }

    private sealed class Inline(Action<FitProgress> action) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => action(value);
    }
}
