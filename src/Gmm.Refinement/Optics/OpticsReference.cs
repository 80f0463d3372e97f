using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What particles of one half and one optics group are compared with while optics are estimated.</summary>
internal sealed class OpticsReference
{
    /// <summary>Makes a reference.</summary>
    /// <param name="projector">Projects the half's model.</param>
    /// <param name="scorer">The likelihood.</param>
    /// <param name="factory">Makes the projectors that a magnification needs.</param>
    /// <param name="ctf">Voltage and spherical aberration of the group.</param>
    /// <param name="terms">The group's terms.</param>
    public OpticsReference(
        IProjector<float> projector, WhitenedCorrelationScorer scorer, IProjectorFactory factory, CtfParameters ctf, IReadOnlyList<OpticsTerm> terms)
    {
        (Projector, Scorer) = (projector, scorer);
        var radius = new PoseReference([new PoseBand(projector, scorer, 1)]).Radius;
        Basis = new OpticsBasis(scorer.Disc, ctf, terms, radius);
        Cut = new BoxCut(projector, Basis);
        Gradient = terms.Any(t => t.Kind == OpticsTermKind.Magnification) ? projector as IGradientProjector : null;
        if (Gradient is null && terms.Any(t => t.Kind == OpticsTermKind.Magnification))
        {
            var model = projector.Model;
            IProjector<float> Of(Func<int, float> weight) => factory.Create(Weighted(model, weight), scorer.Disc);
            Moments = [Of(j => model.X[j]), Of(j => model.Y[j]), Of(j => model.Z[j]), Of(j => model.Widths[j] * model.Widths[j])];
        }
    }

    private OpticsReference(OpticsReference other, WhitenedCorrelationScorer scorer) =>
        (Projector, Scorer, Gradient, Moments, Basis, Cut) = (other.Projector, scorer, other.Gradient, other.Moments, other.Basis, other.Cut);

    /// <summary>The same with the amplitudes and the noise that the images themselves have told.</summary>
    /// <param name="rings">Of each ring the amplitude over the one before, and the noise over the one before.</param>
    public OpticsReference Refitted((double[] Amplitude, double[] Noise) rings)
    {
        var disc = Scorer.Disc;
        double[] noise = new double[disc.Radius + 1], weight = new double[disc.Radius + 1];
        for (var q = 0; q <= disc.Radius; q++)
        {
            // What an image is multiplied by is sqrt(2 / noise), and a projection by that times its weight.
            var data = Scorer.DataWeight[q];
            if (data > 0)
            {
                (noise[q], weight[q]) = (2 / (data * data) * rings.Noise[q], Scorer.ReferenceWeight[q] / data * rings.Amplitude[q]);
            }
        }

        return new OpticsReference(this, new WhitenedCorrelationScorer(disc, noise, weight, 1));
    }

    /// <summary>Projects the model.</summary>
    public IProjector<float> Projector { get; }

    /// <summary>Projects it with its gradient by the frequency; null where no magnification is estimated, or the projector cannot.</summary>
    public IGradientProjector? Gradient { get; }

    /// <summary>
    /// Projects it with its amplitudes times x, y, z and the square of the width, which that gradient is made of with any other projector; else empty.
    /// </summary>
    public IReadOnlyList<IProjector<float>> Moments { get; } = [];

    /// <summary>The likelihood.</summary>
    public WhitenedCorrelationScorer Scorer { get; }

    /// <summary>What the parameters do to the phase.</summary>
    public OpticsBasis Basis { get; }

    /// <summary>What the box does to the transfer.</summary>
    public BoxCut Cut { get; }

    private static GaussianModel Weighted(GaussianModel model, Func<int, float> weight)
    {
        var amplitudes = new float[model.Count];
        for (var j = 0; j < amplitudes.Length; j++)
        {
            amplitudes[j] = model.Amplitudes[j] * weight(j);
        }

        return new GaussianModel(model.X, model.Y, model.Z, amplitudes, model.Widths, model.BoxSize, model.PixelSize);
    }
}
