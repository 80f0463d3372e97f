namespace Gmm.Maps;

/// <summary>Sums the parts of a half one after the other, the first in the place of the whole: a half of one part needs no second grid.</summary>
/// <param name="total">Empty sums, which receive those of the half.</param>
internal sealed class PartSums(FourierAccumulator total)
{
    private FourierAccumulator? _spare;
    private bool _hasFirst;

    /// <summary>Where the present part is summed.</summary>
    public FourierAccumulator Current => _hasFirst ? _spare ??= new FourierAccumulator(total.Grid) : total;

    /// <summary>Ends a part; the next begins with zeros.</summary>
    public void EndPart()
    {
        if (_hasFirst && _spare is { } part)
        {
            total.Add(part);
            part.Clear();
        }

        _hasFirst = true;
    }
}
