using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The working memory of one thread for tilt series: the images of one particle, prepared, and what projects the references.</summary>
internal sealed class SeriesWorkspace
{
    private readonly Group?[] _groups;
    private readonly List<(Group Group, WhitenedImage Image, double Weight)> _images = [];

    /// <summary>Makes the working memory.</summary>
    /// <param name="references">For each optics group its reference, or null where no particle belongs to it.</param>
    public SeriesWorkspace(IReadOnlyList<PoseReference?> references) => _groups = [.. references.Select(r => r is null ? null : new Group(r))];

    /// <summary>Images of the particle.</summary>
    public int Count => _images.Count;

    /// <summary>The finest resolution compared, angstrom.</summary>
    public double Resolution => _images[0].Group.Band.Resolution;

    /// <summary>How far a rotation by one radian moves the typical Gaussian, angstrom.</summary>
    public double Radius => _images[0].Group.Reference.Radius;

    /// <summary>Side of the box, angstrom.</summary>
    public double BoxLength => _images[0].Group.Band.Scorer.Disc.BoxLength;

    /// <summary>Where the coefficients of the next image of an optics group are put, before <see cref="Add"/>.</summary>
    public ParticleImage Buffers(int group) => Of(group).Buffers;

    /// <summary>Forgets the images.</summary>
    public void Clear()
    {
        _images.Clear();
        foreach (var group in _groups)
        {
            group?.Clear();
        }
    }

    /// <summary>Takes the image in the buffers of its optics group.</summary>
    public void Add(int group, double weight)
    {
        var g = Of(group);
        var image = g.Next();
        image.Prepare(g.Buffers.Re, g.Buffers.Im, g.Buffers.ScorerTransfer);
        _images.Add((g, image, weight));
    }

    /// <summary>The products of an image with its reference at a pose, and those of the derivatives with respect to a step of that pose.</summary>
    public WhitenedProducts Products(int image, in Pose pose, Span<double> withData, Span<double> withReference, Span<double> gram)
    {
        var (group, whitened, weight) = _images[image];
        var j = group.Jacobian;
        group.Band.Projector.ProjectWithPoseDerivatives(pose, j, group.Scratch);
        var products = whitened.Products(j.Re, j.Im, j.DerivativesRe, j.DerivativesIm, withData, withReference, gram);
        TensorPrimitives.Multiply(withData, weight, withData);
        TensorPrimitives.Multiply(withReference, weight, withReference);
        TensorPrimitives.Multiply(gram, weight, gram);
        return weight * products;
    }

    /// <summary>The products of an image with its reference at a pose.</summary>
    public WhitenedProducts Products(int image, in Pose pose)
    {
        var (group, whitened, weight) = _images[image];
        group.Band.Projector.Project(pose, group.Jacobian.Re, group.Jacobian.Im, group.Scratch);
        return weight * whitened.Products(group.Jacobian.Re, group.Jacobian.Im);
    }

    private Group Of(int group) => _groups[group] ?? throw new ArgumentException($"There is no reference for optics group {group}.");

    /// <summary>What the images of an optics group share.</summary>
    private sealed class Group(PoseReference reference)
    {
        private readonly List<WhitenedImage> _images = [];
        private int _used;

        public PoseReference Reference { get; } = reference;

        public PoseBand Band { get; } = reference.Bands[^1];

        public IProjectorScratch Scratch { get; } = reference.Bands[^1].Projector.CreateScratch();

        public PoseJacobian<float> Jacobian { get; } = new(reference.Disc);

        public ParticleImage Buffers { get; } = new(reference.Disc);

        public void Clear() => _used = 0;

        public WhitenedImage Next()
        {
            if (_used == _images.Count)
            {
                _images.Add(((WhitenedCorrelationScorer)Band.Scorer).CreateImage());
            }

            return _images[_used++];
        }
    }
}
