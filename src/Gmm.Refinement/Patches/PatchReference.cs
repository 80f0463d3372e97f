using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What the particles of one half and one optics group are compared with: projectors of the moving parts and the rest, and the weight of each ring.</summary>
/// <remarks>The objective is that of <see cref="WhitenedCorrelationScorer"/>, with derivatives for every part that moves.</remarks>
internal sealed class PatchReference
{
    /// <param name="bodies">The model, taken apart.</param>
    /// <param name="disc">The coefficients compared.</param>
    /// <param name="noise">Mean |noise|^2 of a coefficient in each ring.</param>
    /// <param name="weight">Weight 0 to 1 of the reference in each ring.</param>
    /// <param name="scale">From the projection's unit to the image's.</param>
    /// <param name="resolution">The disc's limit, angstrom.</param>
    public PatchReference(PatchBodies bodies, FourierDisc disc, ReadOnlySpan<double> noise, ReadOnlySpan<double> weight, double scale, double resolution)
    {
        (Bodies, Disc, Resolution) = (bodies, disc, resolution);
        Moving = [.. bodies.Moving.Select(m => LayeredProjector.Create(m, disc))];
        Still = bodies.Still is { } still ? LayeredProjector.Create(still, disc) : null;
        DataWeight = new float[disc.Radius + 1];
        ReferenceWeight = new float[disc.Radius + 1];
        for (var q = 1; q <= disc.Radius; q++)
        {
            if (weight[q] > 0)
            {
                // The real and the imaginary part each have half the power.
                var whitening = Math.Sqrt(2 / noise[q]);
                DataWeight[q] = (float)whitening;
                ReferenceWeight[q] = (float)(whitening * weight[q] * scale);
            }
        }
    }

    public PatchBodies Bodies { get; }

    public FourierDisc Disc { get; }

    public double Resolution { get; }

    public IProjector<float>[] Moving { get; }

    public IProjector<float>? Still { get; }

    public float[] DataWeight { get; }

    public float[] ReferenceWeight { get; }

    /// <summary>Whether a patch's own part is taken out of the whole before it is solved.</summary>
    public bool TakesOut => !Bodies.Joint && Still is not null;

    public int Count => Moving.Length;
}
