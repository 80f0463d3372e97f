using Gmm.Core;

namespace Gmm.IO;

/// <summary>Makes the particle set in which every particle stands once for each operator of a point group.</summary>
internal static class SymmetryExpansion
{
    public const string SourceRow = "gmmSourceRow";
    public const string Copy = "gmmSymmetryCopy";

    /// <summary>Expands a table: the copies of a row follow one another, the row itself first.</summary>
    /// <param name="table">The particles.</param>
    /// <param name="set">What was read of them.</param>
    /// <param name="symmetry">The group.</param>
    /// <param name="setPoses">Writes poses into a table of the expanded set.</param>
    public static (StarTable Table, ParticleSet Set) Run(
        StarTable table, ParticleSet set, SymmetryGroup symmetry, Action<StarTable, IReadOnlyList<Pose>> setPoses)
    {
        var (order, count) = (symmetry.Order, table.RowCount);
        if ((long)order * count > Array.MaxLength)
        {
            throw new InvalidInputException($"{count} particles with {order} copies each are too many rows", table.Source);
        }

        foreach (var label in new[] { SourceRow, Copy })
        {
            if (table.Contains(label))
            {
                throw new InvalidInputException("the particles are symmetry copies already and are not expanded again", table.Source, null, label);
            }
        }

        var rows = table.Select([.. Enumerable.Range(0, table.RowCount).SelectMany(row => Enumerable.Repeat(row, order))]);
        var particles = new Particle[order * count];
        for (var i = 0; i < particles.Length; i++)
        {
            var particle = set.Particles[i / order];
            // What the file will hold, so that a run from this set and one from the file are the same.
            particles[i] = i % order == 0
                ? particle
                : particle with
                {
                    Pose = PoseText.Quantize(
                        particle.Pose with { Rotation = (particle.Pose.Rotation * symmetry.Operators[i % order]).Orthonormalized() },
                        OriginUnit.Of(set.Groups[particle.OpticsIndex], set.OriginsInPixels)),
                };
        }

        setPoses(rows, [.. particles.Select(p => p.Pose)]);
        rows.SetColumn(SourceRow, StarColumn.FromIntegers(SourceRow, particles.Length, i => (i / order) + 1).Values);
        rows.SetColumn(Copy, StarColumn.FromIntegers(Copy, particles.Length, i => (i % order) + 1).Values);
        (int Stack, int Index)[] images = set.Images.Length == 0 ? [] : [.. Enumerable.Range(0, particles.Length).Select(i => set.Images[i / order])];
        return (rows, set with { Particles = particles, Images = images, Shared = SharedImages.Find(images, particles) });
    }
}
