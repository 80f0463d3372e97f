namespace Gmm.Core;

/// <summary>Makes the scorers of a refinement: one for each half, optics group and resolution, of what is known there.</summary>
public interface IScorerFactory : IPart
{
    /// <summary>Whether its scorers' objective is a log-likelihood (<see cref="IPoseScorer.IsLogLikelihood"/>).</summary>
    bool IsLogLikelihood { get; }

    /// <summary>Makes a scorer.</summary>
    /// <param name="context">What is known of the images.</param>
    /// <returns>A scorer on the context's disc.</returns>
    IPoseScorer Create(ScoringContext context);
}
