using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Which images show the same particle, at tilts that are known to each other. Such images share one pose: a rotation, a shift in three dimensions, and
/// for each image a small shift of its own. The tilts are those of the poses in the source (docs/tilt-series.md).
/// </summary>
public sealed class TiltSeries
{
    private readonly int[][] _members;
    private readonly int[] _seriesOf;

    /// <summary>Groups images by the names of their particles.</summary>
    /// <param name="particleOf">For each image of the source the name of the particle that it shows, as a column of the file has it.</param>
    /// <param name="prior">How far the poses in the source may be off; null says nothing, and keeps the series rigid.</param>
    /// <exception cref="ArgumentException">No image, or a standard deviation out of range.</exception>
    public TiltSeries(IReadOnlyList<string> particleOf, TiltSeriesPrior? prior = null)
    {
        ArgumentNullException.ThrowIfNull(particleOf);
        Prior = prior ?? new TiltSeriesPrior();
        Prior.Validate();
        if (particleOf.Count == 0)
        {
            throw new ArgumentException("There is no image.", nameof(particleOf));
        }

        var groups = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < particleOf.Count; i++)
        {
            if (!groups.TryGetValue(particleOf[i], out var group))
            {
                groups.Add(particleOf[i], group = []);
            }

            group.Add(i);
        }

        // In the order of the first image of each.
        _members = [.. groups.Values.Select(g => g.ToArray()).OrderBy(g => g[0])];
        _seriesOf = new int[particleOf.Count];
        for (var s = 0; s < _members.Length; s++)
        {
            foreach (var i in _members[s])
            {
                _seriesOf[i] = s;
            }
        }
    }

    /// <summary>Number of particles.</summary>
    public int Count => _members.Length;

    /// <summary>Number of images.</summary>
    public int ImageCount => _seriesOf.Length;

    /// <summary>How far the poses in the source may be off.</summary>
    public TiltSeriesPrior Prior { get; }

    /// <summary>The images of a particle.</summary>
    /// <param name="series">The particle, from 0.</param>
    /// <returns>Indices into the source, ascending.</returns>
    public IReadOnlyList<int> Members(int series) => _members[series];

    /// <summary>The particle that an image shows.</summary>
    /// <param name="image">Index into the source.</param>
    /// <returns>The particle, from 0.</returns>
    public int SeriesOf(int image) => _seriesOf[image];

    /// <summary>The series of some images: for each particle that has any among them, those.</summary>
    internal IEnumerable<int[]> Among(IEnumerable<int> images) => images.GroupBy(SeriesOf).Select(g => g.ToArray());

    /// <summary>Requires that the source has these images, and all images of a particle in one half.</summary>
    /// <exception cref="InvalidInputException">A particle is in both halves.</exception>
    /// <exception cref="ArgumentException">Another number of images.</exception>
    internal void Require(IParticleSource source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Particles.Count, ImageCount, nameof(source));
        foreach (var members in _members)
        {
            var other = Array.Find(members, i => source.Particles[i].Half != source.Particles[members[0]].Half);
            if (other > 0)
            {
                throw new InvalidInputException(
                    $"{source.Describe(other)}: the image is in half {source.Particles[other].Half}, another of the same particle "
                        + $"({source.Describe(members[0])}) in half {source.Particles[members[0]].Half}; all images of a particle must be in one half");
            }
        }
    }
}
