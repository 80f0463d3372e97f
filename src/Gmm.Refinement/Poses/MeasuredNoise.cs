using System.Collections.Concurrent;

namespace Gmm.Refinement;

/// <summary>The noise of a half's optics groups in one iteration, measured once for all that ask for it with the same model and poses.</summary>
internal sealed class MeasuredNoise
{
    private readonly ConcurrentDictionary<int, double[]> _power = new();

    /// <summary>The noise of a group, measured if it has not been.</summary>
    /// <param name="group">The group's place in the source.</param>
    /// <param name="measure">Measures it.</param>
    public double[] Of(int group, Func<double[]> measure) => _power.GetOrAdd(group, _ => measure());

    /// <summary>The noise of a group as another process has measured it; null where that has not.</summary>
    /// <param name="group">The group's place in the source.</param>
    public double[]? this[int group]
    {
        get => _power.GetValueOrDefault(group);
        set => _power[group] = value!;
    }
}
