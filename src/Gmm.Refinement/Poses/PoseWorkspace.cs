using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The working memory of one thread for one <see cref="PoseReference"/>: the particle's coefficients, prepared once for every band.</summary>
public sealed class PoseWorkspace
{
    private readonly IProjectorScratch[] _scratch;
    private readonly PoseJacobian<float>[] _jacobian;
    private readonly IScoringImage[] _scored;
    private readonly (float[] Re, float[] Im)?[] _rest;
    private readonly IProjectorScratch?[] _restScratch;

    /// <summary>Makes the working memory.</summary>
    /// <param name="reference">The reference it is for.</param>
    public PoseWorkspace(PoseReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        Reference = reference;
        var n = reference.Bands.Count;
        _scratch = new IProjectorScratch[n];
        _jacobian = new PoseJacobian<float>[n];
        _scored = new IScoringImage[n];
        _rest = new (float[], float[])?[n];
        _restScratch = new IProjectorScratch?[n];
        for (var b = 0; b < n; b++)
        {
            _scratch[b] = reference.Bands[b].Projector.CreateScratch();
            _jacobian[b] = new PoseJacobian<float>(reference.Bands[b].Scorer.Disc);
            _scored[b] = reference.Bands[b].Scorer.CreateImage();
        }

        Image = new ParticleImage(reference.Disc, reference.EwaldSign);
    }

    /// <summary>The reference it is for.</summary>
    public PoseReference Reference { get; }

    /// <summary>Real parts of the particle's transform on the finest disc; to be filled before <see cref="Prepare()"/>.</summary>
    public float[] Re => Image.Re;

    /// <summary>Imaginary parts.</summary>
    public float[] Im => Image.Im;

    /// <summary>The particle's signal transfer on the finest disc.</summary>
    public float[] Transfer => Image.Transfer;

    /// <summary>The particle.</summary>
    internal ParticleImage Image { get; }

    /// <summary>What is known of the particle's pose beforehand, for a likelihood score; null for nothing.</summary>
    public PosePrior? Prior { get; set; }

    /// <summary>Makes the particle in <see cref="Re"/>, <see cref="Im"/> and <see cref="Transfer"/> ready in every band.</summary>
    public void Prepare()
    {
        for (var b = 0; b < _scored.Length; b++)
        {
            // Ring-sorted coefficients: a coarser band is the first part of the finest.
            var count = Reference.Bands[b].Scorer.Disc.Count;
            _scored[b].Prepare(Re.AsSpan(0, count), Im.AsSpan(0, count), Image.ScorerTransfer[..count]);
        }
    }

    /// <summary>The same, with the part of the structure that does not move (<see cref="PoseBand.Rest"/>) at a pose.</summary>
    /// <param name="rest">Where that part is seen.</param>
    public void Prepare(Pose rest)
    {
        Prepare();
        for (var b = 0; b < _rest.Length; b++)
        {
            if (Reference.Bands[b].Rest is { } projector)
            {
                var image = _rest[b] ??= (new float[projector.Disc.Count], new float[projector.Disc.Count]);
                Image.Project(projector, rest, image.Re, image.Im, _restScratch[b] ??= projector.CreateScratch());
            }
        }
    }

    /// <summary>The score of the prepared particle at a pose, with gradient and Gauss-Newton matrix; the prior is in all of them.</summary>
    /// <param name="band">The band, 0 the coarsest.</param>
    /// <param name="pose">The pose.</param>
    /// <param name="gradient">
    /// Receives five values: derivatives with respect to a pose step (<see cref="Pose.Step"/>), three per radian, two per angstrom.
    /// </param>
    /// <param name="gaussNewton">Receives twenty-five values, row by row.</param>
    /// <returns>The score.</returns>
    public PoseScore Evaluate(int band, in Pose pose, Span<double> gradient, Span<double> gaussNewton)
    {
        Image.ProjectWithPoseDerivatives(Reference.Bands[band].Projector, pose, _jacobian[band], _scratch[band]);
        AddRest(band);
        var score = _scored[band].Evaluate(_jacobian[band], gradient, gaussNewton);
        return Prior is { } prior ? score with { Objective = score.Objective + prior.Add(pose, gradient, gaussNewton) } : score;
    }

    /// <summary>The score of the prepared particle at a pose, the prior in its objective.</summary>
    /// <param name="band">The band, 0 the coarsest.</param>
    /// <param name="pose">The pose.</param>
    /// <returns>The score.</returns>
    public PoseScore Score(int band, in Pose pose)
    {
        Image.Project(Reference.Bands[band].Projector, pose, _jacobian[band].Re, _jacobian[band].Im, _scratch[band]);
        AddRest(band);
        var score = _scored[band].Score(_jacobian[band]);
        return Prior is { } prior ? score with { Objective = score.Objective + prior.LogDensity(pose) } : score;
    }

    private void AddRest(int band)
    {
        if (_rest[band] is { } rest)
        {
            TensorPrimitives.Add(_jacobian[band].Re, rest.Re, _jacobian[band].Re);
            TensorPrimitives.Add(_jacobian[band].Im, rest.Im, _jacobian[band].Im);
        }
    }
}
