using BenchmarkDotNet.Attributes;
using Gmm.Core;

namespace Gmm.Benchmarks;

/// <summary>The CTF of one particle on a disc of 10,177 coefficients, one by one and vectorised.</summary>
public class CtfBenchmarks
{
    private readonly CtfParameters _ctf = new() { DefocusU = 15000, DefocusV = 14500, DefocusAngleDegrees = 30 };
    private readonly FourierDisc _disc = new(286.2, 80);
    private CtfEvaluator _evaluator = null!;
    private float[] _transfer = null!;

    [GlobalSetup]
    public void Setup()
    {
        _evaluator = new CtfEvaluator(_disc);
        _transfer = new float[_disc.Count];
    }

    [Benchmark(Baseline = true)]
    public void OneByOne() => Ctf.FillTransfer(_ctf, CtfState.Unmodified, _disc, _transfer);

    [Benchmark]
    public void Vectorised() => _evaluator.FillTransfer(_ctf, CtfState.Unmodified, _transfer);
}
