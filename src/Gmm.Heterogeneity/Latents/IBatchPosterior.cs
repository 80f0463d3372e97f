namespace Gmm.Heterogeneity;

/// <summary>The posteriors of several particles' latent points, evaluated together (<see cref="ILatentPosterior"/> is that of one).</summary>
internal interface IBatchPosterior
{
    /// <summary>Latent coordinates.</summary>
    int Dimension { get; }

    /// <summary>Evaluates some of them.</summary>
    /// <param name="which">Which, by their places.</param>
    /// <param name="points">The point of each.</param>
    /// <param name="gradients">For each room for the gradient.</param>
    /// <param name="information">For each room for the matrix.</param>
    /// <returns>The values.</returns>
    double[] Evaluate(IReadOnlyList<int> which, IReadOnlyList<float[]> points, IReadOnlyList<double[]> gradients, IReadOnlyList<double[]> information);
}
