using Gmm.Core;

namespace Gmm.Testing;

/// <summary>
/// Particle images made with the exact projector in float64, so that nothing a fast projector does is in them: signal times transfer on every Fourier
/// pixel below Nyquist, then white noise in real space.
/// </summary>
public static class ExactImages
{
    /// <summary>The Fourier coefficients that <see cref="Render"/> takes: all rings below Nyquist of a group's images.</summary>
    /// <param name="group">The optics group.</param>
    /// <returns>The disc.</returns>
    public static FourierDisc DiscOf(OpticsGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return new(group.BoxLength, (group.ImageSize - 1) / 2);
    }

    /// <summary>
    /// What an image's signal is multiplied with at one frequency: the CTF c by <see cref="Ctf.Evaluate"/>, |c| for flipped phases, c^2 for premultiplied
    /// images, 1 for none.
    /// </summary>
    /// <param name="group">The optics group, which says what was done to the images.</param>
    /// <param name="ctf">The particle's CTF.</param>
    /// <param name="kx">Frequency along x, 1/angstrom.</param>
    /// <param name="ky">Frequency along y.</param>
    /// <returns>The factor.</returns>
    public static double Transfer(OpticsGroup group, CtfParameters ctf, double kx, double ky)
    {
        ArgumentNullException.ThrowIfNull(group);
        var c = Ctf.Evaluate(ctf, kx, ky);
        return group.CtfState switch { CtfState.None => 1, CtfState.PhaseFlipped => Math.Abs(c), CtfState.Premultiplied => c * c, _ => c };
    }

    /// <summary>An image without noise from its projection: transfer times P / A^3 at every coefficient, back to pixels.</summary>
    /// <param name="group">The optics group: size, pixel size A, CTF state, origin.</param>
    /// <param name="ctf">The particle's CTF.</param>
    /// <param name="re">Real parts of the projection P on <see cref="DiscOf"/>.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <returns>ImageSize x ImageSize pixels, x fastest.</returns>
    public static float[] Render(OpticsGroup group, CtfParameters ctf, ReadOnlySpan<double> re, ReadOnlySpan<double> im)
    {
        ArgumentNullException.ThrowIfNull(group);
        var disc = DiscOf(group);
        var transform = new DiscTransform(group.ImageSize, disc, group.OddOrigin);
        float[] fre = new float[disc.Count], fim = new float[disc.Count], image = new float[group.ImageSize * group.ImageSize];
        var cube = Math.Pow(group.PixelSize, 3);
        for (var i = 0; i < disc.Count; i++)
        {
            var factor = Transfer(group, ctf, disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength) / cube;
            (fre[i], fim[i]) = ((float)(re[i] * factor), (float)(im[i] * factor));
        }

        transform.Inverse(fre, fim, image, new float[transform.ScratchLength]);
        return image;
    }

    /// <summary>An image of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="group">The optics group of the image; its size and pixel size need not be the model's.</param>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="ctf">The particle's CTF.</param>
    /// <param name="noise">Standard deviation of the white noise of a pixel; 0 for none.</param>
    /// <param name="random">What the noise is drawn from.</param>
    /// <returns>ImageSize x ImageSize pixels, x fastest.</returns>
    public static float[] Of(GaussianModel model, OpticsGroup group, Pose pose, CtfParameters ctf, double noise, Random random)
    {
        var projector = new DirectProjector<double>(model, DiscOf(group));
        double[] re = new double[projector.Disc.Count], im = new double[projector.Disc.Count];
        projector.Project(pose, re, im, projector.CreateScratch());
        var image = Render(group, ctf, re, im);
        for (var i = 0; noise > 0 && i < image.Length; i++)
        {
            image[i] += (float)(noise * Draw.Normal(random));
        }

        return image;
    }

    /// <summary>Particles at random true poses (<see cref="Draw.Pose"/>, <see cref="Draw.Ctf"/>); every second one is of half 2.</summary>
    /// <param name="model">The model that all show.</param>
    /// <param name="groups">The optics groups; particles go to them in turn, two by two.</param>
    /// <param name="count">Number of particles.</param>
    /// <param name="noise">Standard deviation of the white noise of a pixel; 0 for none.</param>
    /// <param name="random">What poses, CTFs and noise are drawn from.</param>
    /// <param name="shift">The greatest shift along either axis, angstrom.</param>
    /// <returns>The particles, whose poses are the true ones.</returns>
    public static InMemoryParticles Particles(
        GaussianModel model, IReadOnlyList<OpticsGroup> groups, int count, double noise, Random random, double shift = 3)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var particles = new Particle[count];
        var images = new ReadOnlyMemory<float>[count];
        for (var p = 0; p < count; p++)
        {
            var optics = p / 2 % groups.Count;
            var pose = Draw.Pose(random, shift);
            var ctf = Draw.Ctf(random);
            (particles[p], images[p]) = (new Particle(pose, ctf, optics, 1 + (p % 2)), Of(model, groups[optics], pose, ctf, noise, random));
        }

        return new InMemoryParticles(groups, particles, images);
    }
}
