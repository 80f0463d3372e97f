using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// The working memory of one thread for the particles of one half and optics group: finds a particle's defocus and what it says of the group.
/// </summary>
internal sealed class OpticsWorkspace
{
    /// <summary>Steps of the climb over the defocus.</summary>
    private const int Steps = 4;

    /// <summary>Least log-likelihood that a step must promise.</summary>
    private const double Tolerance = 0.01;

    /// <summary>Tries of a defocus over a turn of the phase at the edge, in a search.</summary>
    private const int TriesPerTurn = 12;

    /// <summary>Standard deviations of the prior to either side that are searched.</summary>
    private const double SearchedSigmas = 3;

    private readonly OpticsReference _reference;
    private readonly ParticleImages _images;
    private readonly WhitenedImage _image;
    private readonly OpticsJacobian _jacobian;
    private readonly float[] _re;
    private readonly float[] _im;
    private readonly float[] _transfer;
    private readonly float[] _slope;
    private readonly float[] _share;
    private readonly float[] _turned;
    private readonly double[] _gradient;
    private readonly double[] _information;
    private readonly double[] _memory = new double[DampedClimb.MemoryFor(Defocus.Count)];
    private CtfParameters _ctf = null!;
    private int _index;
    private bool _isCut;

    /// <summary>Makes the working memory.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="images">Reads the images.</param>
    /// <param name="hasPose">Whether poses are estimated too.</param>
    /// <param name="defocusParameters">0, 1, 3 or 4.</param>
    public OpticsWorkspace(OpticsReference reference, ParticleImages images, bool hasPose, int defocusParameters)
    {
        (_reference, _images) = (reference, images);
        _image = reference.Scorer.CreateImage();
        _jacobian = new OpticsJacobian(reference, hasPose, defocusParameters);
        var count = _jacobian.Count;
        (_re, _im, _transfer, _slope) = (new float[count], new float[count], new float[count], new float[count]);
        (_share, _turned) = (new float[count], new float[count]);
        _gradient = new double[_jacobian.Parameters];
        _information = new double[_jacobian.Parameters * _jacobian.Parameters];
    }

    /// <summary>Evaluates a particle.</summary>
    /// <param name="index">The particle.</param>
    /// <param name="pose">Its pose.</param>
    /// <param name="prior">What is known of its defocus.</param>
    /// <param name="searches">Whether its defocus is first searched over the prior's reach, not only climbed to from where it stands.</param>
    /// <param name="sums">The group's sums, which it is added to; null for none.</param>
    /// <returns>What it says; null where its image holds nothing, or does not agree with the reference.</returns>
    public ParticleOptics? Evaluate(int index, in Pose pose, DefocusPrior prior, bool searches, OpticsSums? sums = null)
    {
        if (!_images.Read(index, _re, _im, _transfer))
        {
            return null;
        }

        var particle = _images.Source.Particles[index];
        (_ctf, _index) = (particle.Ctf, index);
        _image.Prepare(_re, _im, _transfer);
        _jacobian.Project(pose);
        var defocus = Defocus.Of(_ctf);
        if (_jacobian.DefocusParameters > 0)
        {
            defocus = searches ? Search(defocus, prior) : defocus;
            // What the box cuts off changes little within a climb.
            Cut(defocus);
            defocus = Climb(defocus, prior);
        }

        Cut(defocus);
        Set(defocus);
        _jacobian.PredictWithAll(defocus, _image.Transfer, _slope);
        var score = Differentiate(_gradient, _information);
        if (!(score.Correlation > 0) || Eliminate(defocus, prior, particle.Weight) is not { } found)
        {
            return null;
        }

        sums?.Add(_image, _jacobian.Re, _jacobian.Im, score.Scale, particle.Weight);
        return found;
    }

    /// <summary>The log-likelihood at a defocus, its prior in it, with derivatives.</summary>
    private double Score(Defocus defocus, DefocusPrior prior, Span<double> gradient, Span<double> information)
    {
        Set(defocus);
        _jacobian.PredictWithDefocus(_image.Transfer, _slope);
        var objective = Differentiate(gradient, information).Objective;
        for (var c = 0; c < gradient.Length; c++)
        {
            var (known, off) = (prior.Information(c), defocus[c] - prior.Mean[c]);
            objective -= 0.5 * known * off * off;
            gradient[c] -= known * off;
            information[c * (gradient.Length + 1)] += known;
        }

        return objective;
    }

    /// <summary>The log-likelihood of the predicted image, with derivatives by as many parameters as there is place for.</summary>
    private PoseScore Differentiate(Span<double> gradient, Span<double> information)
    {
        var values = _jacobian.Count * gradient.Length;
        Span<double> withReference = stackalloc double[gradient.Length];
        return _image.PredictedProducts(
            _jacobian.Re, _jacobian.Im, _jacobian.DerivativesRe.AsSpan(0, values), _jacobian.DerivativesIm.AsSpan(0, values), gradient, withReference,
            information).Differentiate(gradient, withReference, information);
    }

    private bool HasCtf => _images.Source.OpticsGroups[_images.Source.Particles[_index].OpticsIndex].CtfState == CtfState.Unmodified;

    private void Cut(Defocus defocus) => _isCut = HasCtf && _reference.Cut.Fill(defocus.In(_ctf), _share, _turned);

    private void Set(Defocus defocus)
    {
        var ctf = defocus.In(_ctf);
        _images.FillTransfer(_index, ctf, _transfer);
        if (HasCtf)
        {
            // A quarter turn on, the sine is its own derivative.
            _images.FillTransfer(_index, ctf.Quadrature, _slope);
            if (_isCut)
            {
                BoxCut.Apply(_share, _turned, _transfer, _slope);
            }

            _reference.Scorer.WeighTransfer(_slope, _slope);
        }

        _image.SetTransfer(_transfer);
    }

    /// <summary>The most probable mean defocus over the reach of the prior, where the likelihood has one maximum for each turn of the phase.</summary>
    private Defocus Search(Defocus start, DefocusPrior prior)
    {
        var edge = _reference.Basis.Edge;
        var step = 2 / (TriesPerTurn * _ctf.WavelengthAngstrom * edge * edge);
        var reach = (int)Math.Ceiling(SearchedSigmas * prior.Sigma.Mean / step);
        var (best, most) = (start, double.NegativeInfinity);
        for (var n = -reach; n <= reach; n++)
        {
            var tried = prior.Mean with { Mean = prior.Mean.Mean + (n * step) };
            // The CTF alone tells one maximum from the next.
            _images.FillTransfer(_index, tried.In(_ctf), _transfer);
            _image.SetTransfer(_transfer);
            _jacobian.Predict(_image.Transfer);
            var value = _image.PredictedProducts(_jacobian.Re, _jacobian.Im).Score.Objective - (0.5 * prior.Information(0) * n * step * n * step);
            if (value > most)
            {
                (best, most) = (tried, value);
            }
        }

        return best;
    }

    private Defocus Climb(Defocus start, DefocusPrior prior)
    {
        var n = _jacobian.DefocusParameters;
        var climb = new DefocusClimb(this, prior, start, 0.5 / (_ctf.WavelengthAngstrom * Math.Pow(_reference.Basis.Edge, 2)));
        Span<double> gradient = stackalloc double[n], information = stackalloc double[n * n];
        DampedClimb.Run(ref climb, Steps, DampingSchedule.WhenNeeded, gradient, information, _memory);
        return climb.Defocus;
    }

    /// <summary>Solves the particle's own parameters in terms of the group's.</summary>
    private ParticleOptics? Eliminate(Defocus defocus, DefocusPrior prior, double weight)
    {
        int n = _jacobian.Parameters, locals = _jacobian.Locals, terms = n - locals, first = locals - _jacobian.DefocusParameters;
        double[] own = new double[locals * locals], right = new double[locals];
        var result = new ParticleOptics(locals, terms) { Defocus = defocus };
        for (var p = 0; p < locals; p++)
        {
            right[p] = weight * _gradient[p];
            for (var q = 0; q < locals; q++)
            {
                own[(p * locals) + q] = weight * _information[(p * n) + q];
            }

            if (p >= first)
            {
                own[p * (locals + 1)] += prior.Information(p - first);
                right[p] -= prior.Information(p - first) * (defocus[p - first] - prior.Mean[p - first]);
            }
        }

        var cholesky = new Cholesky(locals, new double[Cholesky.MemoryFor(locals)]);
        if (locals > 0 && !cholesky.TryFactor(own))
        {
            return null;
        }

        var column = new double[locals];
        cholesky.Solve(right, result.Step);
        for (var j = 0; j < terms; j++)
        {
            for (var p = 0; p < locals; p++)
            {
                column[p] = weight * _information[(p * n) + locals + j];
            }

            cholesky.Solve(column, column);
            for (var p = 0; p < locals; p++)
            {
                result.Coupling[(p * terms) + j] = column[p];
            }
        }

        for (var j = 0; j < terms; j++)
        {
            result.Gradient[j] = weight * _gradient[locals + j];
            for (var p = 0; p < locals; p++)
            {
                result.Gradient[j] -= weight * _information[(p * n) + locals + j] * result.Step[p];
            }

            for (var k = 0; k < terms; k++)
            {
                var sum = weight * _information[((locals + j) * n) + locals + k];
                for (var p = 0; p < locals; p++)
                {
                    sum -= weight * _information[(p * n) + locals + j] * result.Coupling[(p * terms) + k];
                }

                result.Information[(j * terms) + k] = sum;
            }
        }

        cholesky.Invert(own);
        for (var p = 0; p < locals; p++)
        {
            result.Variance[p] = own[p * (locals + 1)];
        }

        return result;
    }

    /// <summary>The defocus of the particle in a workspace, as the problem of a climb.</summary>
    private struct DefocusClimb(OpticsWorkspace workspace, DefocusPrior prior, Defocus start, double reach) : IClimbProblem
    {
        private Defocus _candidate = start;

        public Defocus Defocus { get; private set; } = start;

        public readonly double Tolerance => OpticsWorkspace.Tolerance;

        public readonly double Evaluate(Span<double> gradient, Span<double> gaussNewton) => workspace.Score(_candidate, prior, gradient, gaussNewton);

        public void Accept() => Defocus = _candidate;

        /// <summary>A quarter of a turn of the phase at the edge at most.</summary>
        public readonly void Limit(Span<double> step)
        {
            double most = 0;
            foreach (var s in step)
            {
                most = Math.Max(most, Math.Abs(s));
            }

            DampedClimb.Shorten(step, most, reach);
        }

        public void Move(ReadOnlySpan<double> step) => _candidate = Defocus.Plus(step);
    }
}
