using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>Weights of particles in a reconstruction, from columns of their file, and the rejection of the worst.</summary>
/// <remarks>A map does not change when all weights are multiplied by one number.</remarks>
public static class ParticleWeights
{
    /// <summary>RELION's posterior: the largest share that one pose of a particle has among all poses tried, 0 to 1.</summary>
    public const string PosteriorLabel = "rlnMaxValueProbDistribution";

    /// <summary>This library's score: correlation of image and projection at the refined pose; -1 where it is not known.</summary>
    public const string ScoreLabel = "gmmPoseScore";

    /// <summary>Reads a column of weights.</summary>
    /// <param name="particles">The particles.</param>
    /// <param name="label">The column, without the underscore.</param>
    /// <returns>A weight for each particle.</returns>
    /// <exception cref="InvalidInputException">There is no such column; or a value is no number, not finite or negative: the message names its row.</exception>
    public static float[] FromColumn(StarParticles particles, string label)
    {
        ArgumentNullException.ThrowIfNull(particles);
        var values = Read(particles, label);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] < 0)
            {
                throw new InvalidInputException($"the weight {values[i]:G6} is negative", particles.Path, particles.Table.LineOf(i), label);
            }
        }

        return Array.ConvertAll(values, v => (float)v);
    }

    /// <summary>Weights from a score that may be negative, such as a correlation: a negative score has no weight.</summary>
    /// <param name="particles">The particles.</param>
    /// <param name="label">The column, without the underscore.</param>
    /// <returns>A weight for each particle, and how many have none because their score is negative.</returns>
    /// <exception cref="InvalidInputException">There is no such column; or a value is no number or not finite: the message names its row.</exception>
    public static (float[] Weights, int Negative) FromScore(StarParticles particles, string label = ScoreLabel)
    {
        ArgumentNullException.ThrowIfNull(particles);
        var values = Read(particles, label);
        return (Array.ConvertAll(values, v => (float)Math.Max(0, v)), values.Count(v => v < 0));
    }

    /// <summary>Finds the worst particles of each half by a column.</summary>
    /// <param name="particles">The particles.</param>
    /// <param name="label">The column, without the underscore; a small value is bad.</param>
    /// <param name="fraction">The fraction of each half to reject, from 0 to under 1.</param>
    /// <returns>What is rejected.</returns>
    /// <exception cref="InvalidInputException">There is no such column; or a value is no number or not finite: the message names its row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range.</exception>
    public static ParticleRejection RejectWorst(StarParticles particles, string label, double fraction)
    {
        ArgumentNullException.ThrowIfNull(particles);
        return RejectWorst(particles, Read(particles, label), fraction);
    }

    /// <summary>Finds the worst particles of each half by a score.</summary>
    /// <remarks>The halves lose the same fraction each, so that they stay alike; of equal scores the later rows go.</remarks>
    /// <param name="particles">The particles.</param>
    /// <param name="scores">One for each particle, finite; a small value is bad.</param>
    /// <param name="fraction">The fraction of each half to reject, from 0 to under 1.</param>
    /// <returns>What is rejected.</returns>
    /// <exception cref="ArgumentException">Not one score for each particle, or the fraction is out of range.</exception>
    public static ParticleRejection RejectWorst(IParticleSource particles, IReadOnlyList<double> scores, double fraction)
    {
        ArgumentNullException.ThrowIfNull(particles);
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count != particles.Particles.Count)
        {
            throw new ArgumentException($"There are {particles.Particles.Count} particles and {scores.Count} scores.", nameof(scores));
        }

        if (!(fraction >= 0 && fraction < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The fraction rejected must be from 0 to under 1.");
        }

        var rejected = new List<int>();
        var worstKept = new double[2];
        for (var h = 0; h < 2; h++)
        {
            var half = Enumerable.Range(0, scores.Count)
                .Where(i => particles.Particles[i].Half == h + 1)
                .OrderBy(i => scores[i])
                .ThenByDescending(i => i)
                .ToArray();
            var count = (int)Math.Floor((fraction * half.Length) + 1e-9);
            rejected.AddRange(half.Take(count));
            worstKept[h] = count < half.Length ? scores[half[count]] : double.NaN;
        }

        rejected.Sort();
        return new ParticleRejection(rejected, worstKept[0], worstKept[1]);
    }

    /// <summary>Weights with those of rejected particles set to 0.</summary>
    /// <param name="particles">The particles.</param>
    /// <param name="weights">Their weights; null for 1 each.</param>
    /// <param name="rejection">What is rejected.</param>
    /// <returns>New weights.</returns>
    public static float[] Without(IParticleSource particles, IReadOnlyList<float>? weights, ParticleRejection rejection)
    {
        ArgumentNullException.ThrowIfNull(particles);
        ArgumentNullException.ThrowIfNull(rejection);
        float[] result = weights is null ? [.. Enumerable.Repeat(1f, particles.Particles.Count)] : [.. weights];
        foreach (var i in rejection.Rejected)
        {
            result[i] = 0;
        }

        return result;
    }

    private static double[] Read(StarParticles particles, string label)
    {
        var table = particles.Table;
        if (!table.Contains(label))
        {
            throw new InvalidInputException("the column is missing", particles.Path, null, label);
        }

        var values = new double[table.RowCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = table.GetDouble(i, label);
            if (!double.IsFinite(values[i]))
            {
                throw new InvalidInputException("the value is not a finite number", particles.Path, table.LineOf(i), label);
            }
        }

        return values;
    }
}
