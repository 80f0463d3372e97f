namespace Gmm.Core;

/// <summary>What <see cref="DampedClimb"/> climbs: an objective over a few parameters, a place that is kept and a candidate that is tried.</summary>
internal interface IClimbProblem
{
    /// <summary>
    /// Least gain of the objective worth a step, asked once, when the start is evaluated; negative infinity if every step is to be tried.
    /// </summary>
    double Tolerance { get; }

    /// <summary>The objective at the candidate, which at first is the start, with its derivatives with respect to a step from there.</summary>
    /// <param name="gradient">Receives n values.</param>
    /// <param name="gaussNewton">Receives n x n values: the positive approximation of minus the Hessian.</param>
    double Evaluate(Span<double> gradient, Span<double> gaussNewton);

    /// <summary>Keeps the candidate that was evaluated last.</summary>
    void Accept();

    /// <summary>Shortens a step from what is kept to where the objective is nearly quadratic.</summary>
    void Limit(Span<double> step);

    /// <summary>Makes the candidate that is a step from what is kept.</summary>
    void Move(ReadOnlySpan<double> step);
}
