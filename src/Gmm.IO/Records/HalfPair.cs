using System.Text.Json.Serialization;

namespace Gmm.IO;

/// <summary>A value for each half set, in records {"half1": .., "half2": ..}.</summary>
/// <typeparam name="T">What each half has.</typeparam>
/// <param name="Half1">Half 1's.</param>
/// <param name="Half2">Half 2's.</param>
public sealed record HalfPair<T>(T Half1, T Half2)
{
    /// <summary>Both, half 1's first.</summary>
    [JsonIgnore]
    public IReadOnlyList<T> Both => [Half1, Half2];
}
