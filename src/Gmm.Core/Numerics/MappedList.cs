using System.Collections;

namespace Gmm.Core;

/// <summary>
/// A list whose elements are made when they are asked for: of the poses, or the texts, of millions of particles none is held beside what it is made of.
/// </summary>
/// <typeparam name="T">What it lists.</typeparam>
/// <param name="count">Number of elements.</param>
/// <param name="element">Makes an element, from 0; the same one each time.</param>
internal sealed class MappedList<T>(int count, Func<int, T> element) : IReadOnlyList<T>
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public T this[int index] => (uint)index < (uint)count ? element(index) : throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < count; i++)
        {
            yield return element(i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
