using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>The posteriors of several particles' latent points, evaluated together.</summary>
/// <param name="scores">Scores the particles.</param>
/// <param name="decoders">A decoder for each fold.</param>
/// <param name="members">The particles' numbers in the half.</param>
internal sealed class BatchPosterior(BatchScores scores, IDeformationDecoder[] decoders, int[] members) : IBatchPosterior
{
    /// <inheritdoc/>
    public int Dimension => decoders[0].LatentDimension;

    /// <summary>Adds the standard normal prior of a point to its derivatives.</summary>
    /// <returns>What it adds to the value.</returns>
    public static double AddPrior(ReadOnlySpan<float> latent, Span<double> gradient, Span<double> information)
    {
        double value = 0;
        for (var k = 0; k < latent.Length; k++)
        {
            ReadOnlySpan<double> one = [1], z = [latent[k]];
            value += QuadraticPrior.Add(one, z, k, gradient, information);
        }

        return value;
    }

    /// <inheritdoc/>
    public double[] Evaluate(IReadOnlyList<int> which, IReadOnlyList<float[]> points, IReadOnlyList<double[]> gradients, IReadOnlyList<double[]> information)
    {
        var values = new double[which.Count];
        scores.Evaluate([.. which.Select(i => members[i])], decoders, points, values, gradients, information);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] += AddPrior(points[i], gradients[i], information[i]);
        }

        return values;
    }

    /// <summary>The posterior of one of them.</summary>
    public ILatentPosterior Of(int which) => new One(this, which);

    private sealed class One(BatchPosterior all, int which) : ILatentPosterior
    {
        public int Dimension => all.Dimension;

        public double Evaluate(ReadOnlySpan<float> latent, Span<double> gradient, Span<double> information)
        {
            double[] slopes = new double[gradient.Length], matrix = new double[information.Length];
            var value = all.Evaluate([which], [latent.ToArray()], [slopes], [matrix])[0];
            slopes.CopyTo(gradient);
            matrix.CopyTo(information);
            return value;
        }
    }
}
