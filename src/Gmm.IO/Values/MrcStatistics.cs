using System.Numerics.Tensors;

namespace Gmm.IO;

/// <summary>Minimum, maximum, mean and standard deviation of values that come in parts, float64.</summary>
internal sealed class MrcStatistics
{
    private const int Block = 4096;
    private long _count;
    private double _mean;
    private double _squares;
    private float _min = float.PositiveInfinity;
    private float _max = float.NegativeInfinity;

    /// <summary>Adds values. Blocks are merged by Chan's formula, so a large mean costs no accuracy.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        for (var at = 0; at < values.Length; at += Block)
        {
            var part = values[at..Math.Min(values.Length, at + Block)];
            double sum = 0;
            foreach (var v in part)
            {
                sum += v;
            }

            double mean = sum / part.Length, squares = 0;
            foreach (var v in part)
            {
                squares += (v - mean) * (v - mean);
            }

            var delta = mean - _mean;
            var total = _count + part.Length;
            _squares += squares + (delta * delta * _count * part.Length / total);
            _mean += delta * part.Length / total;
            _count = total;
            _min = Math.Min(_min, TensorPrimitives.Min(part));
            _max = Math.Max(_max, TensorPrimitives.Max(part));
        }
    }

    /// <summary>The statistics; of no values what MRC2014 says for unknown ones, a maximum under the minimum and a mean under both.</summary>
    public (float Minimum, float Maximum, float Mean, float Rms) Values =>
        _count == 0 ? (0, -1, -2, -1) : (_min, _max, (float)_mean, (float)Math.Sqrt(_squares / _count));
}
