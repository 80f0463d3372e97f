using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Particles, the poses they are put in and what each weighs: what a map is made of.</summary>
/// <param name="Source">The particles and their images.</param>
/// <param name="Poses">A pose for each particle in place of the source's; null takes the source's.</param>
/// <param name="Weights">A weight for each particle beside its own (<see cref="Particle.Weight"/>); 0 leaves it out; null weighs all 1.</param>
public sealed record ReconstructionInput(IParticleSource Source, IReadOnlyList<Pose>? Poses = null, IReadOnlyList<float>? Weights = null)
{
    /// <summary>The particles of a half (or all) whose weight is over 0, in the order of the source.</summary>
    /// <param name="half">1, 2, or null for both.</param>
    /// <returns>Their indices, one at least.</returns>
    /// <exception cref="InvalidInputException">There are none, or a weight is not a number from 0 up.</exception>
    /// <exception cref="ArgumentException">Poses or weights of another length than the particles, or a half that is none.</exception>
    public IReadOnlyList<int> Select(int? half) => Chosen(half) is { Count: > 0 } indices
        ? indices
        : throw new InvalidInputException($"{(half is { } h ? $"Half set {h} has" : "There are")} no particles with a weight over 0.");

    /// <summary>The pose of a particle.</summary>
    /// <param name="index">Particle, from 0.</param>
    /// <returns>The pose given in place of the source's, or that.</returns>
    /// <exception cref="InvalidInputException">It is not finite.</exception>
    public Pose PoseOf(int index)
    {
        var pose = Poses?[index] ?? Source.Particles[index].Pose;
        var m = pose.Rotation;
        return double.IsFinite(pose.ShiftX + pose.ShiftY + m.M00 + m.M01 + m.M02 + m.M10 + m.M11 + m.M12 + m.M20 + m.M21 + m.M22)
            ? pose
            : throw new InvalidInputException($"{Source.Describe(index)}: the pose is not finite.");
    }

    /// <summary>The whole weight of a particle: the one given times its own.</summary>
    /// <param name="index">Particle, from 0.</param>
    /// <returns>The weight, 0 or more.</returns>
    public float WeightOf(int index) => (Weights?[index] ?? 1) * Source.Particles[index].Weight;

    /// <summary>The same with images that are prepared as they are read; the source itself if it is so already.</summary>
    /// <param name="images">What to do, where they are not prepared yet.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="indices">The particles whose images will be read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The input to read from. Its images may weigh less, so select again.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read or is not finite.</exception>
    public ReconstructionInput Prepare(
        ImageOptions images, ComputeOptions compute, IReadOnlyList<int> indices, CancellationToken cancellationToken = default) =>
        this with { Source = PreparedParticles.Of(Source, images, compute, indices, cancellationToken) };

    /// <summary>As <see cref="Select"/>, but there may be none.</summary>
    internal List<int> Chosen(int? half)
    {
        if (half is not (null or 1 or 2))
        {
            throw new ArgumentOutOfRangeException(nameof(half), half, "The halves are 1 and 2.");
        }

        var particles = Source.Particles;
        if ((Poses is not null && Poses.Count != particles.Count) || (Weights is not null && Weights.Count != particles.Count))
        {
            throw new ArgumentException($"There must be as many poses and weights as particles, {particles.Count}.");
        }

        var chosen = new List<int>();
        for (var i = 0; i < particles.Count; i++)
        {
            var weight = Weights?[i] ?? 1;
            if (!float.IsFinite(weight) || weight < 0)
            {
                throw new InvalidInputException($"{Source.Describe(i)}: weight {weight} is not a number from 0 up.");
            }

            if (weight * particles[i].Weight > 0 && (half is null || particles[i].Half == half))
            {
                chosen.Add(i);
            }
        }

        return chosen;
    }
}
