using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// What the particles of one group add up to coefficient by coefficient, where poses are known: the whitened images D against the predicted ones s F. All
/// that is common to the group can be asked of these sums without the images.
/// </summary>
/// <param name="disc">The coefficients.</param>
internal sealed class OpticsSums(FourierDisc disc)
{
    /// <summary>Real parts of sum s conj(F) D.</summary>
    public double[] Re { get; } = new double[disc.Count];

    /// <summary>Imaginary parts.</summary>
    public double[] Im { get; } = new double[disc.Count];

    /// <summary>Sum of |s F|^2.</summary>
    public double[] Predicted { get; } = new double[disc.Count];

    /// <summary>Of each ring, sum of |D|^2.</summary>
    public double[] Data { get; } = new double[disc.Radius + 1];

    /// <summary>Sum of the particles' weights.</summary>
    public double Weight { get; private set; }

    /// <summary>Adds a particle.</summary>
    /// <param name="image">Its whitened image.</param>
    /// <param name="re">Real parts of F.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="scale">s.</param>
    /// <param name="weight">How much the particle counts.</param>
    public void Add(WhitenedImage image, ReadOnlySpan<float> re, ReadOnlySpan<float> im, double scale, double weight)
    {
        ReadOnlySpan<float> dr = image.Re, di = image.Im;
        float s = (float)(scale * weight), s2 = (float)(scale * scale * weight);
        for (var q = 0; q <= disc.Radius; q++)
        {
            double data = 0;
            for (var i = disc.RingStart(q); i < disc.RingStart(q + 1); i++)
            {
                Re[i] += s * ((re[i] * dr[i]) + (im[i] * di[i]));
                Im[i] += s * ((re[i] * di[i]) - (im[i] * dr[i]));
                Predicted[i] += s2 * ((re[i] * re[i]) + (im[i] * im[i]));
                data += (dr[i] * dr[i]) + (di[i] * di[i]);
            }

            Data[q] += weight * data;
        }

        Weight += weight;
    }

    /// <summary>Adds other sums; always in the same order.</summary>
    public void Add(OpticsSums other)
    {
        Add(other.Re, Re);
        Add(other.Im, Im);
        Add(other.Predicted, Predicted);
        Add(other.Data, Data);
        Weight += other.Weight;
    }

    /// <summary>
    /// What the images say of each ring, odd phases as they were found: the amplitude that fits them, over the one they were compared with, and the power of
    /// what is left, over the noise that was assumed. 1 where there is nothing.
    /// </summary>
    /// <param name="odd">The odd phase of each coefficient that was found beyond the one taken off.</param>
    public (double[] Amplitude, double[] Noise) Rings(ReadOnlySpan<double> odd)
    {
        double[] amplitude = new double[disc.Radius + 1], noise = new double[disc.Radius + 1];
        for (var q = 0; q <= disc.Radius; q++)
        {
            double agreement = 0, predicted = 0;
            var first = disc.RingStart(q);
            for (var i = first; i < disc.RingStart(q + 1); i++)
            {
                var (sin, cos) = Math.SinCos(odd[i]);
                agreement += (Re[i] * cos) + (Im[i] * sin);
                predicted += Predicted[i];
            }

            amplitude[q] = predicted > 0 ? Math.Max(0, agreement / predicted) : 1;
            // The real and the imaginary part each have the variance 1.
            var rest = (Data[q] - (amplitude[q] * agreement)) / (2 * Weight * (disc.RingStart(q + 1) - first));
            noise[q] = predicted > 0 && rest > 0 ? rest : 1;
        }

        return (amplitude, noise);
    }

    private static void Add(double[] from, double[] to)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += from[i];
        }
    }
}
