using System.Collections;

namespace Gmm.IO;

/// <summary>
/// A column's texts, each made when it is asked for: a column of numbers takes no more memory than the numbers, however many rows there are.
/// </summary>
/// <param name="count">Number of rows.</param>
/// <param name="text">Makes the text of a row; the same one each time.</param>
internal sealed class StarTexts(int count, Func<int, string> text) : IReadOnlyList<string>
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public string this[int index] => (uint)index < (uint)count ? text(index) : throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator()
    {
        for (var i = 0; i < count; i++)
        {
            yield return text(i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
