namespace Gmm.Core;

/// <summary>
/// The modulation transfer function of a detector: by how much it dampens each frequency. Images of different detectors are brought to one fall-off as they
/// are read: each group's coefficients are multiplied by the mean MTF of all groups over its own, as RELION does. With one detector nothing is done, and
/// the map carries its MTF until it is sharpened.
/// </summary>
public sealed class DetectorMtf
{
    private readonly double[] _frequencies;
    private readonly double[] _values;

    /// <summary>Takes a measured curve.</summary>
    /// <param name="frequencies">Frequencies, 1/angstrom, ascending, from 0 up.</param>
    /// <param name="values">The MTF at each, over 0.</param>
    /// <exception cref="ArgumentException">No point, not as many values as frequencies, frequencies that do not ascend, or values out of range.</exception>
    public DetectorMtf(IReadOnlyList<double> frequencies, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(frequencies);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(frequencies.Count, nameof(frequencies));
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Count, frequencies.Count, nameof(values));
        (_frequencies, _values) = ([.. frequencies], [.. values]);
        for (var i = 0; i < _values.Length; i++)
        {
            if (ValueProblem(_values[i]) is { } value)
            {
                throw new ArgumentException($"Point {i}: {value}.", nameof(values));
            }

            if (FrequencyProblem(_frequencies[i], i == 0 ? null : _frequencies[i - 1]) is { } frequency)
            {
                throw new ArgumentException($"Point {i}: {frequency}.", nameof(frequencies));
            }
        }
    }

    /// <summary>Frequencies, 1/angstrom.</summary>
    public IReadOnlyList<double> Frequencies => _frequencies;

    /// <summary>The MTF at each.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>The MTF at a frequency: linear between the points, and as at the first or last beyond them.</summary>
    /// <param name="frequency">1/angstrom.</param>
    /// <returns>The value.</returns>
    public double At(double frequency)
    {
        var above = Array.BinarySearch(_frequencies, frequency);
        if (above >= 0)
        {
            return _values[above];
        }

        above = ~above;
        if (above == 0 || above == _values.Length)
        {
            return _values[above == 0 ? 0 : ^1];
        }

        var part = (frequency - _frequencies[above - 1]) / (_frequencies[above] - _frequencies[above - 1]);
        return _values[above - 1] + (part * (_values[above] - _values[above - 1]));
    }

    /// <summary>What is wrong with a value of a curve; null if nothing is.</summary>
    internal static string? ValueProblem(double value) => value > 0 && double.IsFinite(value) ? null : $"an MTF of {value} is not a number over 0";

    /// <summary>What is wrong with a frequency after the one before it; null if nothing is.</summary>
    internal static string? FrequencyProblem(double frequency, double? before) =>
        frequency >= 0 && double.IsFinite(frequency) && !(frequency <= before) ? null : "the frequencies do not ascend from 0";

    /// <summary>What the coefficients of a group's images are multiplied by; null where nothing is done.</summary>
    internal static float[]? Factors(IReadOnlyList<OpticsGroup> groups, int index, FourierDisc disc)
    {
        if (groups[index].Mtf is not { } own || groups.All(g => g.Mtf == own) || groups.Any(g => g.Mtf is null))
        {
            return null;
        }

        var factors = new float[disc.Count];
        for (var i = 0; i < factors.Length; i++)
        {
            var frequency = Math.Sqrt(((double)disc.Kx[i] * disc.Kx[i]) + ((double)disc.Ky[i] * disc.Ky[i])) / disc.BoxLength;
            factors[i] = (float)(groups.Average(g => g.Mtf!.At(frequency)) / own.At(frequency));
        }

        return factors;
    }
}
