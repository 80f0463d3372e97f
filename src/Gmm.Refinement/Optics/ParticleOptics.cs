namespace Gmm.Refinement;

/// <summary>
/// What a particle says of the optics at one place: its own parameters, solved in terms of the group's, and what is left for the group (the Schur complement
/// of the joint Gauss-Newton equations).
/// </summary>
/// <param name="locals">Parameters of the particle.</param>
/// <param name="terms">Parameters of its group.</param>
internal sealed class ParticleOptics(int locals, int terms)
{
    /// <summary>Its defocus there.</summary>
    public Defocus Defocus { get; set; }

    /// <summary>Its own best step where the group's terms stay.</summary>
    public double[] Step { get; } = new double[locals];

    /// <summary>What that step loses for each unit of a group's term, locals x terms.</summary>
    public double[] Coupling { get; } = new double[locals * terms];

    /// <summary>Variances of its own parameters where the group's terms are known.</summary>
    public double[] Variance { get; } = new double[locals];

    /// <summary>The group's gradient, its own parameters eliminated.</summary>
    public double[] Gradient { get; } = new double[terms];

    /// <summary>The group's information, its own parameters eliminated, terms x terms.</summary>
    public double[] Information { get; } = new double[terms * terms];

    /// <summary>Its own step where the group's terms move.</summary>
    public double[] StepWith(ReadOnlySpan<double> moved)
    {
        double[] step = [.. Step];
        for (var p = 0; p < step.Length; p++)
        {
            for (var j = 0; j < moved.Length; j++)
            {
                step[p] -= Coupling[(p * moved.Length) + j] * moved[j];
            }
        }

        return step;
    }

    /// <summary>Variance of one of its own parameters, that of the group's terms in it.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="covariance">Of the group's terms.</param>
    public double VarianceWith(int parameter, ReadOnlySpan<double> covariance)
    {
        var sum = Variance[parameter];
        for (var j = 0; j < terms; j++)
        {
            for (var k = 0; k < terms; k++)
            {
                sum += Coupling[(parameter * terms) + j] * covariance[(j * terms) + k] * Coupling[(parameter * terms) + k];
            }
        }

        return sum;
    }
}
