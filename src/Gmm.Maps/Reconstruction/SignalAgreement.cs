using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Compares each image of a half with the map of the half's other folds, ring by ring.</summary>
internal sealed class SignalAgreement
{
    /// <summary>Images of an optics group that the noise and the reference's reliability are measured on.</summary>
    private const int Sample = 1000;

    /// <summary>Bands of equal width in k^2 that an image's rings are summed to.</summary>
    private const int Bands = 16;

    /// <summary>Resolution of the density whose radius of gyration is taken, angstrom.</summary>
    private const double LowResolution = 20;

    /// <summary>The blur of a pose that says nothing: the logarithm of the amplitude that it leaves of the last ring, less than 1 % of it.</summary>
    private const double MostBlur = 5;

    /// <summary>Standard errors that the mean agreement of a ring must be over 0.</summary>
    private const double LeastAgreement = 3;

    private readonly ReconstructionInput _input;
    private readonly SliceReader _reader;
    private readonly GridSymmetry _symmetry;
    private readonly ComputeOptions _compute;
    private readonly List<Group> _groups = [];
    private List<int> _members = [];
    private int[] _foldOf = [];
    private FourierAccumulator[] _sums = [];

    public SignalAgreement(ReconstructionInput input, SliceReader reader, GridSymmetry symmetry, ComputeOptions compute) =>
        (_input, _reader, _symmetry, _compute) = (input, reader, symmetry, compute);

    /// <summary>Inserts the images, each into the sums of its fold.</summary>
    public void Sum(List<int> members, int folds, IProgress<ReconstructionProgress>? progress, CancellationToken cancellationToken)
    {
        _members = members;
        _foldOf = [.. Enumerable.Range(0, members.Count).Select(n => n % folds)];
        _sums = new FourierAccumulator[folds];
        var done = 0;
        for (var f = 0; f < folds; f++)
        {
            List<int> fold = [.. members.Where((_, n) => _foldOf[n] == f)];
            _sums[f] = new FourierAccumulator(_reader.Grid);
            _reader.Insert(fold, _sums[f], PartOfProgress.Of(progress, done, members.Count), cancellationToken);
            done += fold.Count;
        }
    }

    /// <summary>Measures noise and reliability of each optics group on a sample.</summary>
    /// <returns>The gain in log-likelihood over no signal that the reference brings to the sample, an amplitude for each ring.</returns>
    public double CompareSample(CancellationToken cancellationToken)
    {
        foreach (var index in _members.Select(i => _input.Source.Particles[i].OpticsIndex).Distinct().Order())
        {
            _groups.Add(new Group(index, _reader.Images.Disc(index), [.. Enumerable.Range(0, _members.Count).Where(n => OpticsOf(n) == index)]));
        }

        int[] sample = [.. _groups.SelectMany(g => EvenSample.Of(g.Members, Sample)).Order()];
        EachFold(sample, (n, rings) => _groups.Find(g => g.OpticsIndex == OpticsOf(n))!.Add(n, rings), cancellationToken);
        foreach (var group in _groups)
        {
            group.Finish();
        }

        return _groups.Sum(g => g.LogLikelihood);
    }

    /// <summary>Compares every image, after the sample.</summary>
    public void CompareAll(IProgress<ReconstructionProgress>? progress, CancellationToken cancellationToken)
    {
        var done = 0;
        EachFold(
            [.. Enumerable.Range(0, _members.Count)],
            (n, rings) =>
            {
                _groups.Find(g => g.OpticsIndex == OpticsOf(n))!.Keep(n, rings);
                progress?.Report(new ReconstructionProgress(++done, _members.Count));
            },
            cancellationToken);
    }

    /// <summary>Fits each group and writes down what its images know.</summary>
    public void Fit(ParticleSignal[] signals, IReadOnlyList<PoseSigma>? poseSigmas)
    {
        var radius = poseSigmas is null ? 0 : GyrationRadius();
        foreach (var group in _groups)
        {
            var fitted = group.Fit(n => poseSigmas?[_members[n]].BFactor(radius) ?? 0, out var places);
            for (var k = 0; k < fitted.Length; k++)
            {
                signals[_members[places[k]]] = fitted[k];
            }
        }
    }

    /// <summary>Of the half's density at a low resolution, over a quarter of its peak; angstrom.</summary>
    private double GyrationRadius()
    {
        var all = new FourierAccumulator(_reader.Grid);
        foreach (var part in _sums)
        {
            all.Add(part);
        }

        var grid = _reader.Grid;
        var map = new DensityMap(grid.BoxSize, grid.PixelSize, all.Finish(_compute, _symmetry, null, maskCorners: true));
        var voxels = MapFilters.LowPass(map, Math.Max(LowResolution, 4 * grid.PixelSize), compute: _compute).Voxels;
        var threshold = 0.25 * voxels.Max();
        double sum = 0, moment = 0;
        var half = grid.BoxSize / 2;
        for (int i = 0, z = -half; z < grid.BoxSize - half; z++)
        {
            for (var y = -half; y < grid.BoxSize - half; y++)
            {
                for (var x = -half; x < grid.BoxSize - half; x++, i++)
                {
                    var v = Math.Max(0, voxels[i] - threshold);
                    sum += v;
                    moment += v * ((double)(x * x) + (y * y) + (z * z));
                }
            }
        }

        return sum > 0 ? Math.Sqrt(moment / sum) * grid.PixelSize : 0;
    }

    private int OpticsOf(int n) => _input.Source.Particles[_members[n]].OpticsIndex;

    /// <summary>Compares images with the map of the folds they are not in; what comes of it is handed over in the order of the fold.</summary>
    private void EachFold(int[] places, Action<int, Rings> use, CancellationToken cancellationToken)
    {
        const int batch = 64;
        var slots = Enumerable.Range(0, batch).Select(_ => new Rings(_groups.MaxBy(g => g.Disc.Count)!.Disc)).ToArray();
        for (var f = 0; f < _sums.Length; f++)
        {
            var others = new FourierAccumulator(_reader.Grid);
            foreach (var part in _sums.Where((_, g) => g != f))
            {
                others.Add(part);
            }

            var sampler = new SumsSampler(_symmetry.IsTrivialOnGrid ? others : _symmetry.Apply(others, _compute));
            int[] fold = [.. places.Where(n => _foldOf[n] == f)];
            for (var first = 0; first < fold.Length; first += batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = Math.Min(batch, fold.Length - first);
                var start = first;
                Guarded.For(0, count, _compute.Parallelism, i => Measure(fold[start + i], sampler, slots[i]));
                for (var i = 0; i < count; i++)
                {
                    use(fold[first + i], slots[i]);
                }
            }
        }
    }

    /// <summary>Products and powers of one image in each ring.</summary>
    private void Measure(int n, SumsSampler sampler, Rings rings)
    {
        var index = _members[n];
        var optics = OpticsOf(n);
        var disc = _reader.Images.Disc(optics);
        rings.Clear();
        rings.IsUsable = _reader.Images.Read(index, rings.Re, rings.Im, rings.Transfer);
        if (!rings.IsUsable)
        {
            return;
        }

        var pose = _input.PoseOf(index);
        var m = pose.Rotation;
        var scale = _reader.Scale(optics);
        var cells = _reader.Grid.GridSize * _reader.Grid.PixelSize / disc.BoxLength;
        var curvature = 0.0;
        if (_reader.Ewald is { } ewald)
        {
            curvature = ewald.Curvature(_input.Source.Particles[index].Ctf.WavelengthAngstrom, disc.BoxLength);
            _reader.FillQuadrature(index, rings.Quadrature);
        }

        for (var q = 1; q <= disc.Radius; q++)
        {
            for (var i = disc.RingStart(q); i < disc.RingStart(q + 1); i++)
            {
                double kx = disc.Kx[i], ky = disc.Ky[i];
                var kz = curvature * ((kx * kx) + (ky * ky));
                var (gr, gi) = Predict(rings.Transfer[i], rings.Quadrature[i], At(kz), curvature == 0 ? null : At(-kz));
                var turns = ((kx * pose.ShiftX) + (ky * pose.ShiftY)) / disc.BoxLength;
                var (sin, cos) = Math.SinCos(2 * Math.PI * (turns - Math.Round(turns)));
                double re = scale * ((rings.Re[i] * cos) - (rings.Im[i] * sin)), im = scale * ((rings.Re[i] * sin) + (rings.Im[i] * cos));
                rings.Product[q] += (re * gr) + (im * gi);
                rings.Power[q] += (gr * gr) + (gi * gi);
                rings.Image[q] += (re * re) + (im * im);

                (float Re, float Im) At(double z) => sampler.At(
                    (float)(cells * ((m.M00 * kx) + (m.M10 * ky) + (m.M20 * z))), (float)(cells * ((m.M01 * kx) + (m.M11 * ky) + (m.M21 * z))),
                    (float)(cells * ((m.M02 * kx) + (m.M12 * ky) + (m.M22 * z))));
            }
        }
    }

    /// <summary>An image's coefficient: of the plane, or of both halves of the curved surface (<see cref="FourierSlice.SetCurved"/>).</summary>
    private static (double Re, double Im) Predict(double t, double u, (float Re, float Im) plus, (float Re, float Im)? minus) => minus is not { } m
        ? (t * plus.Re, t * plus.Im)
        : (0.5 * ((t * (plus.Re + m.Re)) + (u * (plus.Im - m.Im))), 0.5 * ((t * (plus.Im + m.Im)) - (u * (plus.Re - m.Re))));

    /// <summary>One image's rings, and the scratch to measure them.</summary>
    private sealed class Rings(FourierDisc disc)
    {
        public bool IsUsable { get; set; }

        public float[] Re { get; } = new float[disc.Count];

        public float[] Im { get; } = new float[disc.Count];

        public float[] Transfer { get; } = new float[disc.Count];

        public float[] Quadrature { get; } = new float[disc.Count];

        public double[] Product { get; } = new double[disc.Radius + 1];

        public double[] Power { get; } = new double[disc.Radius + 1];

        public double[] Image { get; } = new double[disc.Radius + 1];

        public void Clear()
        {
            Array.Clear(Product);
            Array.Clear(Power);
            Array.Clear(Image);
        }
    }

    /// <summary>The images of an optics group.</summary>
    private sealed class Group(int opticsIndex, FourierDisc disc, int[] members)
    {
        private readonly double[] _product = new double[disc.Radius + 1];
        private readonly double[] _power = new double[disc.Radius + 1];
        private readonly double[] _image = new double[disc.Radius + 1];
        private readonly double[] _reliability = new double[disc.Radius + 1];
        private readonly double[] _noise = new double[disc.Radius + 1];
        private readonly Dictionary<int, SignalStatistics> _kept = [];
        private readonly double[] _bandWeight = new double[Bands];
        private readonly double[] _bandK2 = new double[Bands];
        private double _count;
        private int _last;

        public int OpticsIndex => opticsIndex;

        public FourierDisc Disc => disc;

        public int[] Members => members;

        public double LogLikelihood { get; private set; }

        public void Add(int n, Rings rings)
        {
            if (!rings.IsUsable)
            {
                return;
            }

            _count++;
            for (var q = 1; q <= disc.Radius; q++)
            {
                _product[q] += rings.Product[q];
                _power[q] += rings.Power[q];
                _image[q] += rings.Image[q];
            }
        }

        /// <summary>
        /// The noise of a ring is what the best amplitude leaves of the images; that amplitude, under 1 where the reference is noisy, makes the reference the
        /// group's mean signal. Rings end where two in a row agree no more than noise does.
        /// </summary>
        public void Finish()
        {
            var missed = 0;
            for (var q = 1; q <= disc.Radius && missed < 2 && _count > 0; q++)
            {
                var explained = _product[q] > 0 && _power[q] > 0 ? _product[q] * _product[q] / _power[q] : 0;
                _noise[q] = Math.Max(_image[q] - explained, 1e-6 * _image[q]) / (_count * (disc.RingStart(q + 1) - disc.RingStart(q)));
                var significant = _noise[q] > 0 && explained > LeastAgreement * LeastAgreement * 0.5 * _noise[q];
                missed = significant ? 0 : missed + 1;
                if (significant)
                {
                    _reliability[q] = _product[q] / _power[q];
                    LogLikelihood += explained / _noise[q];
                    _last = q;
                }
            }
        }

        public void Keep(int n, Rings rings)
        {
            if (!rings.IsUsable || _last == 0)
            {
                return;
            }

            float[] a = new float[Bands], b = new float[Bands];
            for (var q = 1; q <= _last; q++)
            {
                if (_reliability[q] <= 0)
                {
                    continue;
                }

                var band = Math.Min(Bands - 1, (int)((double)Bands * q * q / ((double)_last * _last)));
                var whitening = 2 / _noise[q] * _reliability[q];
                var power = whitening * _reliability[q] * rings.Power[q];
                a[band] += (float)(whitening * rings.Product[q]);
                b[band] += (float)power;
                _bandWeight[band] += power;
                _bandK2[band] += power * q * q;
            }

            _kept.Add(n, new SignalStatistics(a, b));
        }

        public ParticleSignal[] Fit(Func<int, double> blur, out int[] places)
        {
            var sorted = _kept.OrderBy(k => k.Key).ToArray();
            places = [.. sorted.Select(k => k.Key)];
            var length2 = disc.BoxLength * disc.BoxLength;
            var quarterK2 = Enumerable.Range(0, Bands).Select(n => _bandWeight[n] > 0 ? 0.25 * _bandK2[n] / _bandWeight[n] / length2 : 0).ToArray();
            // A pose that is not known at all blurs without bound: it must not say what the others' blur is relative to.
            var most = quarterK2.Max() > 0 ? MostBlur / quarterK2.Max() : 0;
            double Blur(int n) => Math.Min(blur(n), most);
            var middle = places.Length > 0 ? Medians.Of(places.Select(Blur)) : 0;
            return new SignalFit([.. sorted.Select(k => k.Value with { Blur = Blur(k.Key) - middle })], quarterK2).Run();
        }
    }
}
