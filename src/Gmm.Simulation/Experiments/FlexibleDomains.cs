using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Simulation;

/// <summary>
/// The paper's simulation of what flexible domains do to a global FSC (supplement, "Interpretation of FSC curves", Fig. S5): half of a
/// complex is sharp, the other half is blurred by averaging copies with randomised atoms, and structures that differ in the blurred half
/// alone are compared.
/// </summary>
public static class FlexibleDomains
{
    private const int NoiseStream = 22;
    private const double MaskExtend = 3;
    private const double MaskEdge = 6;

    /// <summary>
    /// Distance from the other region at which a region's core begins, angstrom: beyond the mask's edge, because beside a blurred region even a
    /// little of a sharp one is all that correlates.
    /// </summary>
    private const double CoreDistance = 12;

    /// <summary>Runs the experiment.</summary>
    /// <param name="model">The complex.</param>
    /// <param name="options">What to make.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="progress">Told the part that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The structures and what is measured of them.</returns>
    /// <exception cref="InvalidInputException">An option out of range, a chain that the model has not, or a model that does not fit the box.</exception>
    public static FlexibleDomainsResult Run(
        AtomicModel model, FlexibleDomainsOptions options, ComputeOptions? compute = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var run = new Experiment(model, options, (compute ?? new ComputeOptions()).StoppedBy(cancellationToken), progress, cancellationToken);
        return run.Execute();
    }

    private sealed class Experiment
    {
        private readonly AtomicModel _model;
        private readonly FlexibleDomainsOptions _options;
        private readonly ComputeOptions _compute;
        private readonly IProgress<double>? _progress;
        private readonly CancellationToken _cancellation;
        private readonly (double X, double Y, double Z) _centre;
        private readonly int[] _kept;
        private readonly RandomisedCopies _rigid;
        private readonly RandomisedCopies _flexible;
        private readonly SolventMask _rigidMask;
        private readonly SolventMask _flexibleMask;
        private readonly SolventMask _mask;
        private readonly DensityMap _truth;
        private int _steps;

        public Experiment(
            AtomicModel model, FlexibleDomainsOptions options, ComputeOptions compute, IProgress<double>? progress, CancellationToken cancellation)
        {
            (_model, _options, _compute, _progress, _cancellation) = (model, options, compute, progress, cancellation);
            foreach (var chain in options.RigidChains.Concat(options.FlexibleChains).Where(c => !model.Chains.Contains(c)))
            {
                throw new InvalidInputException($"the model has no chain {chain}; its chains are {string.Join(' ', model.Chains.Distinct())}");
            }

            _kept = SimulatedAtom.IndicesInModel(model);
            var atoms = SimulatedAtom.FromModel(model);
            var all = Enumerable.Range(0, atoms.Count)
                .Where(i => InAny(i, options.RigidChains) || InAny(i, options.FlexibleChains))
                .Select(i => atoms[i])
                .ToArray();
            _centre = (all.Average(a => a.X), all.Average(a => a.Y), all.Average(a => a.Z));
            SimulatedAtom[] rigid = Of(options.RigidChains), flexible = Of(options.FlexibleChains);
            (_rigid, _flexible) = (new(rigid, options, _centre, compute), new(flexible, options, _centre, compute));
            (_rigidMask, _flexibleMask, _mask) = (Mask(Core(rigid, flexible)), Mask(Core(flexible, rigid)), Mask(all));
            _truth = Sum(_rigid.AtRest(options.BoxSize, options.PixelSize), _flexible.AtRest(options.BoxSize, options.PixelSize));
            SimulatedAtom[] Of(IReadOnlyList<string> chains) => [.. Enumerable.Range(0, atoms.Count).Where(i => InAny(i, chains)).Select(i => atoms[i])];
        }

        public FlexibleDomainsResult Execute()
        {
            var (n, pixel) = (_options.BoxSize, _options.PixelSize);
            var rigid = _rigid.Calibrate(_options.RigidResolution);
            Done();
            DensityMap[] rigidHalves = [_rigid.Average(rigid.Distance, 1, n, pixel), _rigid.Average(rigid.Distance, 2, n, pixel)];
            Done();
            float[][] noise = [Noise(1), Noise(2)];
            var structures = new List<FlexibleStructure>();
            double? firstNoise = null;
            foreach (var resolution in _options.FlexibleResolutions)
            {
                var flexible = _flexible.Calibrate(resolution);
                Done();
                DensityMap[] clean =
                [
                    Sum(rigidHalves[0], _flexible.Average(flexible.Distance, 1, n, pixel)),
                    Sum(rigidHalves[1], _flexible.Average(flexible.Distance, 2, n, pixel)),
                ];
                Done();
                var sd = Math.Sqrt(0.5 * (Variance(clean[0].Voxels) + Variance(clean[1].Voxels)) / _options.Snr);
                firstNoise ??= sd;
                structures.Add(Measure(resolution, clean, noise, sd, firstNoise.Value, rigid, flexible));
            }

            return new FlexibleDomainsResult(structures, _rigidMask, _flexibleMask, RandomisedCopies.Origin(_centre, n, pixel));
        }

        private FlexibleStructure Measure(
            double resolution, DensityMap[] clean, float[][] noise, double sd, double otherSd, (double Distance, double Reached) rigid,
            (double Distance, double Reached) flexible)
        {
            HalfMap half1 = Noisy(clean[0], noise[0], sd, 1), half2 = Noisy(clean[1], noise[1], sd, 2);
            var same = FourierShellCorrelation.GoldStandard(Noisy(clean[0], noise[0], otherSd, 1), Noisy(clean[1], noise[1], otherSd, 2), null, _compute);
            var free = FourierShellCorrelation.Between(clean[0], clean[1], null, _compute);
            var global = FourierShellCorrelation.GoldStandard(half1, half2, null, _compute);
            var masked = FourierShellCorrelation.PhaseRandomised(half1, half2, _mask, _compute).Corrected;
            Done();
            var local = LocalResolution.Measure(half1, half2, _compute, null, _cancellation);
            Done();
            var scores = QScore.Calculate(ToVolume(local.Filtered), _model, null, _compute, _cancellation).AtomScores;
            Done();
            var mean = new HalfMapPair(half1, half2, 1, 1).Mean();
            FlexibleRegion Region(SolventMask mask, IReadOnlyList<string> chains, double asked, (double Distance, double Reached) blur) => new(
                asked, blur.Distance, blur.Reached,
                FourierShellCorrelation.PhaseRandomised(half1, half2, mask, _compute).Corrected,
                FourierShellCorrelation.Between(mean, _truth, mask, _compute),
                local.Quantiles(mask, 0.5)[0],
                Enumerable.Range(0, _kept.Length).Where(i => InAny(i, chains)).Select(i => scores[_kept[i]]).Where(double.IsFinite).Average());
            return new FlexibleStructure(
                resolution, half1, half2, local, sd, global, same, free, masked,
                Region(_rigidMask, _options.RigidChains, _options.RigidResolution, rigid),
                Region(_flexibleMask, _options.FlexibleChains, resolution, flexible));
        }

        private bool InAny(int scatterer, IReadOnlyList<string> chains) => chains.Contains(_model.Chains[_kept[scatterer]]);

        private SolventMask Mask(SimulatedAtom[] atoms) => SolventMasks.FromAtoms(
            _options.BoxSize, _options.PixelSize, [.. atoms.Select(a => (a.X - _centre.X, a.Y - _centre.Y, a.Z - _centre.Z))], MaskExtend, MaskEdge, _compute);

        /// <summary>The atoms of a region that are far from the other; all of them if none is.</summary>
        private SimulatedAtom[] Core(SimulatedAtom[] region, SimulatedAtom[] other)
        {
            var (n, pixel) = (_options.BoxSize, _options.PixelSize);
            var near = SolventMasks.FromAtoms(n, pixel, [.. other.Select(a => (a.X - _centre.X, a.Y - _centre.Y, a.Z - _centre.Z))], CoreDistance, 0, _compute);
            int Voxel(double v) => Math.Clamp((int)Math.Round(v / pixel) + (n / 2), 0, n - 1);
            SimulatedAtom[] core = [.. region.Where(
                a => near.Voxels[(((Voxel(a.Z - _centre.Z) * n) + Voxel(a.Y - _centre.Y)) * n) + Voxel(a.X - _centre.X)] < 0.5f)];
            return core.Length > 0 ? core : region;
        }

        private MrcVolume ToVolume(DensityMap map) => new()
        {
            Size = (map.Size, map.Size, map.Size),
            PixelSize = (map.PixelSize, map.PixelSize, map.PixelSize),
            Voxels = map.Voxels,
            Origin = RandomisedCopies.Origin(_centre, map.Size, map.PixelSize),
        };

        private float[] Noise(int half)
        {
            var n = _options.BoxSize;
            var noise = new float[n * n * n];
            Guarded.For(0, n, _compute.Parallelism, z =>
            {
                var random = new SeededGenerator(_compute.Seed, NoiseStream + half, z);
                foreach (ref var v in noise.AsSpan(z * n * n, n * n))
                {
                    v = (float)random.Normal();
                }
            });
            return noise;
        }

        private HalfMap Noisy(DensityMap map, float[] noise, double sd, int half)
        {
            _cancellation.ThrowIfCancellationRequested();
            return new(map.Size, map.PixelSize, [.. map.Voxels.Select((v, i) => v + ((float)sd * noise[i]))], half);
        }

        private static DensityMap Sum(DensityMap a, DensityMap b) => new(a.Size, a.PixelSize, [.. a.Voxels.Select((v, i) => v + b.Voxels[i])]);

        private static double Variance(float[] values)
        {
            var mean = values.Average(v => (double)v);
            return values.Average(v => (v - mean) * (v - mean));
        }

        private void Done()
        {
            _cancellation.ThrowIfCancellationRequested();
            _progress?.Report((double)++_steps / (2 + (5 * _options.FlexibleResolutions.Count)));
        }
    }
}
