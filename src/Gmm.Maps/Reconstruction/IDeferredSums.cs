namespace Gmm.Maps;

/// <summary>Sums of a <see cref="FourierAccumulator"/> that are kept elsewhere until somebody looks at it.</summary>
public interface IDeferredSums : IDisposable
{
    /// <summary>Adds them.</summary>
    /// <param name="target">The sums, which hold these no more.</param>
    void AddTo(FourierAccumulator target);
}
