using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Testing;

/// <summary>
/// What a pose is refined against where the noise is known: white, of a standard deviation s per pixel. An unnormalised transform of n x n such pixels has the
/// power n^2 s^2 at every coefficient.
/// </summary>
public static class WhiteNoise
{
    /// <summary>What a scorer is made of (<see cref="IScorerFactory.Create"/>): this noise in every ring, every ring trusted in full.</summary>
    /// <param name="disc">The coefficients compared.</param>
    /// <param name="group">The optics group of the images.</param>
    /// <param name="noise">Standard deviation of the noise of a pixel.</param>
    /// <returns>The context.</returns>
    public static ScoringContext Context(FourierDisc disc, OpticsGroup group, double noise)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(disc);
        var power = noise * noise * group.ImageSize * group.ImageSize;
        return new ScoringContext(
            disc, group, Enumerable.Repeat(1.0, disc.Radius + 1).ToArray(), () => [.. Enumerable.Repeat(power, disc.Radius + 1)]);
    }

    /// <summary>A reference for pose optimizers: the gridding projector of a model and a scorer in one band for each resolution.</summary>
    /// <param name="scorer">The scorer, such as <see cref="Scorers.Whitened"/> or one of your own.</param>
    /// <param name="model">The model.</param>
    /// <param name="group">The optics group of the images.</param>
    /// <param name="noise">Standard deviation of the noise of a pixel.</param>
    /// <param name="resolutions">Resolutions of the bands, angstrom, from coarse to fine.</param>
    /// <param name="accuracy">Relative error of the projector.</param>
    /// <returns>The reference.</returns>
    public static PoseReference Reference(
        IScorerFactory scorer, GaussianModel model, OpticsGroup group, double noise, IReadOnlyList<double> resolutions,
        double accuracy = GriddingProjector.DefaultAccuracy) => new([.. resolutions.Select(resolution =>
        {
            var disc = FourierDisc.ForResolution(group.ImageSize, group.PixelSize, resolution);
            return new PoseBand(new GriddingProjector(model, disc, accuracy), scorer.Create(Context(disc, group, noise)), resolution);
        })]);

    /// <summary>A workspace with one particle of a source in it, prepared.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="particles">The source.</param>
    /// <param name="index">The particle, from 0.</param>
    /// <returns>The workspace, to be evaluated at any pose or handed to an optimizer.</returns>
    public static PoseWorkspace Workspace(PoseReference reference, IParticleSource particles, int index)
    {
        ArgumentNullException.ThrowIfNull(particles);
        ArgumentNullException.ThrowIfNull(reference);
        var particle = particles.Particles[index];
        var group = particles.OpticsGroups[particle.OpticsIndex];
        var pixels = new float[group.ImageSize * group.ImageSize];
        particles.ReadImage(index, pixels);
        var workspace = new PoseWorkspace(reference);
        var transform = new DiscTransform(group.ImageSize, reference.Disc, group.OddOrigin);
        transform.Forward(pixels, workspace.Re, workspace.Im, new float[transform.ScratchLength]);
        Ctf.FillTransfer(particle.Ctf, group.CtfState, reference.Disc, workspace.Transfer);
        workspace.Prepare();
        return workspace;
    }
}
