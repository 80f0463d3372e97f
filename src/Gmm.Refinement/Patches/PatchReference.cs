using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What the particles of one half and one optics group are compared with: projectors of the moving parts and the rest, and the likelihood.</summary>
internal sealed class PatchReference
{
    /// <param name="bodies">The model, taken apart.</param>
    /// <param name="scorer">The likelihood.</param>
    /// <param name="projector">Makes the projectors.</param>
    /// <param name="resolution">The disc's limit, angstrom.</param>
    /// <param name="ewaldSign">Sign of the Ewald sphere's curvature; 0 for the plane.</param>
    public PatchReference(PatchBodies bodies, WhitenedCorrelationScorer scorer, IProjectorFactory projector, double resolution, int ewaldSign = 0)
    {
        (Bodies, Scorer, Resolution, EwaldSign) = (bodies, scorer, resolution, ewaldSign);
        Moving = [.. bodies.Moving.Select(m => projector.CreateFocused(m, Disc))];
        Still = bodies.Still is { } still ? projector.CreateFocused(still, Disc) : null;
    }

    public PatchBodies Bodies { get; }

    public WhitenedCorrelationScorer Scorer { get; }

    public FourierDisc Disc => Scorer.Disc;

    public double Resolution { get; }

    /// <summary>Sign of the Ewald sphere's curvature; 0 for the plane.</summary>
    public int EwaldSign { get; }

    public IProjector<float>[] Moving { get; }

    public IProjector<float>? Still { get; }

    /// <summary>Whether a patch's own part is taken out of the whole before it is solved.</summary>
    public bool TakesOut => !Bodies.Joint && Still is not null;

    public int Count => Moving.Length;
}
