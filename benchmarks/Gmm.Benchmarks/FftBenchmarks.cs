using BenchmarkDotNet.Attributes;
using Gmm.Core;

namespace Gmm.Benchmarks;

/// <summary>Transforms of one image, whole and with the columns of a 4 angstrom disc only.</summary>
[MemoryDiagnoser]
public class FftBenchmarks
{
    private RealFft2D<float> _fft = null!;
    private float[] _image = null!;
    private float[] _re = null!;
    private float[] _im = null!;
    private float[] _scratch = null!;

    [Params(128, 256, 270)]
    public int Size { get; set; }

    [Params(69, int.MaxValue)]
    public int Columns { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _fft = new RealFft2D<float>(Size, Size);
        _image = Samples.Random(_fft.RealLength);
        _re = new float[_fft.SpectrumLength];
        _im = new float[_fft.SpectrumLength];
        _scratch = new float[_fft.ScratchLength];
    }

    [Benchmark]
    public void Forward() => _fft.Forward(_image, _re, _im, _scratch, Columns);

    [Benchmark]
    public void Inverse() => _fft.Inverse(_re, _im, _image, _scratch, Columns);
}
