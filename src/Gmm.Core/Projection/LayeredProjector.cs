namespace Gmm.Core;

/// <summary>
/// Projects a model whose Gaussians differ much in width, such as one focused on a region: Gaussians of similar width share a
/// <see cref="GriddingProjector"/>, and the layers are added.
/// </summary>
/// <remarks>
/// A gridding projector narrows all its Gaussians by the variance that its narrowest one can spare. A model with a few narrow and many wide
/// ones therefore deposits the wide ones at nearly full width, at a cost that grows with their area; on their own they are narrowed
/// too, for the price of one more transform. The sum is as exact as its layers.
/// </remarks>
internal sealed class LayeredProjector : IProjector<float>, ICurvedProjector
{
    private readonly GriddingProjector[] _layers;
    private readonly int[][] _members;

    private LayeredProjector(GaussianModel model, FourierDisc disc, GriddingProjector[] layers, int[][] members)
    {
        (Model, Disc) = (model, disc);
        (_layers, _members) = (layers, members);
    }

    /// <inheritdoc/>
    public GaussianModel Model { get; }

    /// <inheritdoc/>
    public FourierDisc Disc { get; }

    /// <summary>The layers, whose projections are added.</summary>
    internal IReadOnlyList<GriddingProjector> Layers => _layers;

    /// <summary>The fastest projector of a model: one gridding projector, or layers of them where the widths differ so much that this is faster.</summary>
    /// <param name="model">The model.</param>
    /// <param name="disc">The coefficients to compute.</param>
    /// <param name="accuracy">Error relative to each ring's rms, 1e-6 to 1e-2.</param>
    /// <returns>The projector.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An accuracy outside that range.</exception>
    public static IProjector<float> Create(GaussianModel model, FourierDisc disc, double accuracy = GriddingProjector.DefaultAccuracy)
    {
        var widths = model.Widths.ToArray();
        Array.Sort(widths);
        var ends = new List<int>();
        Split(widths, 0, widths.Length, disc, accuracy, ends);
        return ends.Count == 1 ? new GriddingProjector(model, disc, accuracy) : InLayers(model, disc, ends, accuracy);
    }

    /// <summary>A projector of given layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="disc">The coefficients to compute.</param>
    /// <param name="ends">Where each layer ends, in the order of the widths.</param>
    /// <param name="accuracy">Error relative to each ring's rms, 1e-6 to 1e-2.</param>
    internal static LayeredProjector InLayers(
        GaussianModel model, FourierDisc disc, IReadOnlyList<int> ends, double accuracy = GriddingProjector.DefaultAccuracy)
    {
        var order = Enumerable.Range(0, model.Count).ToArray();
        Array.Sort(model.Widths.ToArray(), order);
        var layers = new GriddingProjector[ends.Count];
        var members = new int[ends.Count][];
        for (int l = 0, first = 0; l < layers.Length; first = ends[l], l++)
        {
            members[l] = order[first..ends[l]];
            Array.Sort(members[l]);
            layers[l] = new GriddingProjector(Part(model, members[l]), disc, accuracy);
        }

        return new LayeredProjector(model, disc, layers, members);
    }

    /// <inheritdoc/>
    public IProjectorScratch CreateScratch() => new Scratch(_layers, Disc);

    /// <inheritdoc/>
    public void Project(in Pose pose, Span<float> re, Span<float> im, IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        _layers[0].Project(pose, re, im, s.Layers[0]);
        for (var l = 1; l < _layers.Length; l++)
        {
            _layers[l].Project(pose, s.Part.Re, s.Part.Im, s.Layers[l]);
            Add(s.Part.Re, re);
            Add(s.Part.Im, im);
        }
    }

    /// <inheritdoc/>
    public void ProjectWithPoseDerivatives(in Pose pose, PoseJacobian<float> result, IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        _layers[0].ProjectWithPoseDerivatives(pose, result, s.Layers[0]);
        for (var l = 1; l < _layers.Length; l++)
        {
            _layers[l].ProjectWithPoseDerivatives(pose, s.Part, s.Layers[l]);
            AddAll(s.Part, result);
        }
    }

    /// <inheritdoc/>
    public void ProjectCurved(in Pose pose, double signedWavelength, PoseJacobian<float> even, PoseJacobian<float> odd, IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        ((ICurvedProjector)_layers[0]).ProjectCurved(pose, signedWavelength, even, odd, s.Layers[0]);
        for (var l = 1; l < _layers.Length; l++)
        {
            ((ICurvedProjector)_layers[l]).ProjectCurved(pose, signedWavelength, s.Part, s.OddPart, s.Layers[l]);
            AddValue(s.Part, even);
            AddValue(s.OddPart, odd);
        }
    }

    /// <inheritdoc/>
    public void ProjectCurvedWithPoseDerivatives(
        in Pose pose, double signedWavelength, PoseJacobian<float> even, PoseJacobian<float> odd, IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        ((ICurvedProjector)_layers[0]).ProjectCurvedWithPoseDerivatives(pose, signedWavelength, even, odd, s.Layers[0]);
        for (var l = 1; l < _layers.Length; l++)
        {
            ((ICurvedProjector)_layers[l]).ProjectCurvedWithPoseDerivatives(pose, signedWavelength, s.Part, s.OddPart, s.Layers[l]);
            AddAll(s.Part, even);
            AddAll(s.OddPart, odd);
        }
    }

    /// <inheritdoc/>
    public void VectorJacobianProduct(
        in Pose pose,
        ReadOnlySpan<float> gradientRe,
        ReadOnlySpan<float> gradientIm,
        ModelGradient<float>? modelGradient,
        Span<float> poseGradient,
        IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        for (var l = 0; l < _layers.Length; l++)
        {
            var part = modelGradient is null ? null : new ModelGradient<float>(_members[l].Length);
            _layers[l].VectorJacobianProduct(pose, gradientRe, gradientIm, part, poseGradient, s.Layers[l]);
            for (var i = 0; part is not null && i < part.Count; i++)
            {
                var j = _members[l][i];
                modelGradient!.X[j] += part.X[i];
                modelGradient.Y[j] += part.Y[i];
                modelGradient.Z[j] += part.Z[i];
                modelGradient.Amplitudes[j] += part.Amplitudes[i];
                modelGradient.Widths[j] += part.Widths[i];
            }
        }
    }

    /// <summary>Splits sorted widths where two layers cost less than one, and each side again.</summary>
    private static void Split(float[] widths, int first, int end, FourierDisc disc, double accuracy, List<int> ends)
    {
        var whole = GriddingProjector.ChooseGrid(widths.AsSpan(first, end - first), disc, accuracy).Cost;
        var (best, bestCost) = (end, whole);
        // Four places for a border between the narrowest and the widest, at equal ratios.
        for (var step = 1; step <= 4 && ends.Count < 3; step++)
        {
            var border = widths[first] * MathF.Pow(widths[end - 1] / widths[first], step / 5f);
            var at = Array.BinarySearch(widths, first, end - first, border);
            at = at < 0 ? ~at : at;
            if (at <= first || at >= end)
            {
                continue;
            }

            var cost = GriddingProjector.ChooseGrid(widths.AsSpan(first, at - first), disc, accuracy).Cost
                + GriddingProjector.ChooseGrid(widths.AsSpan(at, end - at), disc, accuracy).Cost;
            if (cost < bestCost)
            {
                (best, bestCost) = (at, cost);
            }
        }

        // A layer also costs passes over its images: not worth a few per cent.
        if (best < end && bestCost < 0.85 * whole)
        {
            Split(widths, first, best, disc, accuracy, ends);
            Split(widths, best, end, disc, accuracy, ends);
            return;
        }

        ends.Add(end);
    }

    private static GaussianModel Part(GaussianModel model, int[] members)
    {
        float[] x = new float[members.Length], y = new float[members.Length], z = new float[members.Length];
        float[] a = new float[members.Length], s = new float[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            var j = members[i];
            (x[i], y[i], z[i], a[i], s[i]) = (model.X[j], model.Y[j], model.Z[j], model.Amplitudes[j], model.Widths[j]);
        }

        return new GaussianModel(x, y, z, a, s, model.BoxSize, model.PixelSize, model.Provenance);
    }

    private static void AddValue(PoseJacobian<float> part, PoseJacobian<float> sum)
    {
        Add(part.Re, sum.Re);
        Add(part.Im, sum.Im);
    }

    private static void AddAll(PoseJacobian<float> part, PoseJacobian<float> sum)
    {
        AddValue(part, sum);
        Add(part.DerivativesRe, sum.DerivativesRe);
        Add(part.DerivativesIm, sum.DerivativesIm);
    }

    private static void Add(ReadOnlySpan<float> part, Span<float> sum) => System.Numerics.Tensors.TensorPrimitives.Add(sum, part, sum);

    private sealed class Scratch(GriddingProjector[] layers, FourierDisc disc) : IProjectorScratch
    {
        public IProjectorScratch[] Layers { get; } = Array.ConvertAll(layers, l => l.CreateScratch());

        private PoseJacobian<float>? _oddPart;

        public PoseJacobian<float> Part { get; } = new(disc);

        /// <summary>A second part, made when it is first needed.</summary>
        public PoseJacobian<float> OddPart => _oddPart ??= new(disc);

        public long Bytes =>
            Layers.Sum(l => l.Bytes) + ((_oddPart is null ? 1 : 2) * 2L * sizeof(float) * (Pose.ParameterCount + 1) * disc.Count);
    }
}
