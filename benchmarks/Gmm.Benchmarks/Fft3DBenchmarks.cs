using BenchmarkDotNet.Attributes;
using Gmm.Core;

namespace Gmm.Benchmarks;

/// <summary>Transforms of one map.</summary>
[MemoryDiagnoser]
public class Fft3DBenchmarks
{
    private RealFft3D<float> _fft = null!;
    private float[] _map = null!;
    private float[] _re = null!;
    private float[] _im = null!;
    private float[] _scratch = null!;

    [Params(96, 192)]
    public int Size { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _fft = new RealFft3D<float>(Size, Size, Size);
        _map = Samples.Random(_fft.RealLength);
        _re = new float[_fft.SpectrumLength];
        _im = new float[_fft.SpectrumLength];
        _scratch = new float[_fft.ScratchLength];
    }

    [Benchmark]
    public void Forward() => _fft.Forward(_map, _re, _im, _scratch, Threads);

    [Benchmark]
    public void Inverse() => _fft.Inverse(_re, _im, _map, _scratch, Threads);
}
