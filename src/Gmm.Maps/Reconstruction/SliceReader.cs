using System.Collections.Concurrent;
using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Reads particles in batches, transforms them in parallel and inserts them in order.</summary>
internal sealed class SliceReader
{
    /// <summary>Bytes of slices held at a time, roughly. The batch size changes nothing in the result.</summary>
    private const long BatchBytes = 48L << 20;

    private readonly ReconstructionInput _input;
    private readonly ISliceInserter? _inserter;
    private readonly ComputeOptions _compute;
    private readonly ParticleImages _images;
    private readonly GroupSampling[] _sampling;
    private readonly Group[] _groups;
    private readonly FourierSlice[] _slices;
    private readonly IReadOnlyList<Rotation> _copies;
    private readonly ConcurrentBag<Scratch> _scratch = [];

    public SliceReader(
        ReconstructionInput input, ReconstructionGrid grid, GridSymmetry symmetry, int ewaldSign, ComputeOptions compute, ISliceInserter? inserter = null)
    {
        compute.Validate();
        var source = input.Source;
        (_input, _inserter) = (input, inserter);
        _compute = compute;
        Grid = grid;
        Ewald = EwaldSphere.Of(ewaldSign, grid.BoxLength);
        if (Ewald is not null && inserter is not null)
        {
            throw new InvalidInputException($"the curvature of the Ewald sphere is not for maps summed on {inserter.Name}");
        }

        if (Ewald is not null && source.OpticsGroups.FirstOrDefault(g => g.CtfState != CtfState.Unmodified) is { } done)
        {
            throw new InvalidInputException(
                $"optics group {done.Id} has images whose CTF was dealt with already, which the curvature of the Ewald sphere cannot be taken out of");
        }

        _sampling = GroupSampling.Of(source, grid, Ewald);
        _groups = source.OpticsGroups.Zip(_sampling, (g, s) => new Group(g, s)).ToArray();
        _images = new ParticleImages(source, [.. _groups.Select(g => g.Disc)]);
        var largest = _groups.Max(g => g.Disc.Count);
        _copies = symmetry.Cosets;
        var batch = inserter is null ? (int)Math.Clamp(BatchBytes / (48L * largest), 16, 256) : 1;
        _slices = Enumerable.Range(0, Math.Max(1, batch / _copies.Count) * _copies.Count).Select(_ => new FourierSlice(grid)).ToArray();
    }

    public ReconstructionGrid Grid { get; }

    /// <summary>The curved surface that coefficients are put on; null for the plane.</summary>
    public EwaldSphere? Ewald { get; }

    /// <summary>The images, to be read once more.</summary>
    public ParticleImages Images => _images;

    /// <summary>Brings the values of a group's images to the map's density scale.</summary>
    public double Scale(int opticsIndex) => _groups[opticsIndex].Scale;

    /// <summary>Works through particles in chunks whose images are held, the next being read meanwhile.</summary>
    /// <param name="indices">The particles.</param>
    /// <param name="work">What is done with a chunk.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    /// <param name="wholeBatches">Whether chunks are whole batches, so that these are the same whatever the number of threads.</param>
    public void Walk(int[] indices, Action<int[]> work, CancellationToken cancellationToken, bool wholeBatches = false)
    {
        if (_input.Source is PreparedParticles prepared)
        {
            var chunk = prepared.ChunkSize(_compute.Threads);
            prepared.Walk(indices.Chunk(wholeBatches ? (chunk + Batch - 1) / Batch * Batch : chunk), work, cancellationToken);
        }
        else
        {
            work(indices);
        }
    }

    /// <summary>Inserts particles into the sums, in the order given.</summary>
    public void Insert(
        IReadOnlyList<int> indices, FourierAccumulator sums, IProgress<ReconstructionProgress>? progress, CancellationToken cancellationToken)
    {
        if (_inserter is not null)
        {
            _inserter.Insert(_input, _sampling, indices, _copies, sums, _compute, progress, cancellationToken);
            return;
        }

        Insert(indices, slices => sums.Insert(slices, _compute), progress, cancellationToken);
    }

    /// <summary>Images that are put in together.</summary>
    public int Batch => _slices.Length / _copies.Count;

    /// <summary>Makes slices of particles, in the order given, for somebody who adds them up.</summary>
    public void Insert(
        IReadOnlyList<int> indices, Action<ArraySegment<FourierSlice>> add, IProgress<ReconstructionProgress>? progress, CancellationToken cancellationToken)
    {
        var batch = Batch;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _compute.Threads, CancellationToken = cancellationToken };
        for (var start = 0; start < indices.Count; start += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(batch, indices.Count - start);
            var first = start;
            Guarded.ForEachInOrder(count, parallel, i => Load(indices[first + i], _slices.AsSpan(i * _copies.Count, _copies.Count)));
            add(new ArraySegment<FourierSlice>(_slices, 0, count * _copies.Count));
            progress?.Report(new ReconstructionProgress(start + count, indices.Count));
        }
    }

    private void Load(int index, ReadOnlySpan<FourierSlice> slices)
    {
        var particle = _input.Source.Particles[index];
        var pose = _input.PoseOf(index);
        var group = _groups[particle.OpticsIndex];
        if (!_scratch.TryTake(out var s))
        {
            s = new Scratch(_groups);
        }

        if (!_images.Read(index, s.Re, s.Im, s.Transfer))
        {
            // Nothing to insert: no weight, or a constant image.
            foreach (var slice in slices)
            {
                slice.Clear();
            }

            _scratch.Add(s);
            return;
        }

        var weight = _input.WeightOf(index) * group.Weight;
        if (Ewald is not null)
        {
            SetCurved(index, pose, group, s, weight, slices);
            _scratch.Add(s);
            return;
        }

        for (var c = 0; c < slices.Length; c++)
        {
            // A pose that is not turned keeps its bits.
            var turned = c == 0 ? pose : pose with { Rotation = pose.Rotation * _copies[c] };
            slices[c].Set(group.Disc, turned, s.Re, s.Im, s.Transfer, group.Optics.CtfState, weight, group.Scale, group.SampleWeights);
        }

        _scratch.Add(s);
    }

    /// <summary>The quadrature of a particle's transfer: the same with the cosine of its phase.</summary>
    public void FillQuadrature(int index, Span<float> quadrature) =>
        _images.FillTransfer(index, _input.Source.Particles[index].Ctf.Quadrature, quadrature);

    private void SetCurved(int index, Pose pose, Group group, Scratch s, double weight, ReadOnlySpan<FourierSlice> slices)
    {
        var wavelength = _input.Source.Particles[index].Ctf.WavelengthAngstrom;
        FillQuadrature(index, s.Quadrature);
        for (var c = 0; c < slices.Length; c++)
        {
            var turned = c == 0 ? pose : pose with { Rotation = pose.Rotation * _copies[c] };
            slices[c].SetCurved(
                group.Disc, turned, s.Re, s.Im, s.Transfer, s.Quadrature, Ewald!.Curvature(wavelength, group.Disc.BoxLength),
                group.Coherence(Ewald, wavelength), weight, group.Scale, group.SampleWeights);
        }
    }

    /// <summary>What the particles of an optics group share.</summary>
    private sealed class Group(OpticsGroup optics, GroupSampling sampling)
    {
        private readonly ConcurrentDictionary<double, float[]> _coherence = new();

        public OpticsGroup Optics { get; } = optics;

        public FourierDisc Disc => sampling.Disc;

        public ReadOnlySpan<float> SampleWeights => sampling.SampleWeights;

        public double Scale => sampling.Scale;

        public double Weight => sampling.Weight;

        /// <summary>How alike the halves of the curved surface are at each coefficient.</summary>
        public float[] Coherence(EwaldSphere ewald, double wavelength) => _coherence.GetOrAdd(wavelength, lambda =>
        {
            var values = new float[Disc.Count];
            for (var i = 0; i < values.Length; i++)
            {
                double kx = Disc.Kx[i], ky = Disc.Ky[i];
                values[i] = (float)ewald.Coherence(lambda, Math.Sqrt((kx * kx) + (ky * ky)) / Disc.BoxLength);
            }

            return values;
        });
    }

    private sealed class Scratch(Group[] groups)
    {
        public float[] Re { get; } = new float[groups.Max(g => g.Disc.Count)];

        public float[] Im { get; } = new float[groups.Max(g => g.Disc.Count)];

        public float[] Transfer { get; } = new float[groups.Max(g => g.Disc.Count)];

        public float[] Quadrature { get; } = new float[groups.Max(g => g.Disc.Count)];
    }
}
