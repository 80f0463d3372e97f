using FsCheck;
using FsCheck.Fluent;
using Gmm.Core;

namespace Gmm.Testing;

/// <summary>
/// Generators for FsCheck of what this library works on. Compose them with <c>from ... in ... select</c>, or take the ready
/// <see cref="GmmArbitraries"/>.
/// </summary>
public static class Generate
{
    /// <summary>Euler angles over all turns and beyond (rot and psi of -360 to 360 degrees), every fifth at a pole.</summary>
    /// <returns>The generator.</returns>
    public static Gen<EulerAngles> Angles() =>
        from rot in Gen.Choose(-3600, 3600)
        from tilt in Gen.Frequency((4, Gen.Choose(0, 1800)), (1, Gen.Elements(0, 1800)))
        from psi in Gen.Choose(-3600, 3600)
        select new EulerAngles(rot / 10.0, tilt / 10.0, psi / 10.0);

    /// <summary>Axis times angle, from tiny to more than half a turn.</summary>
    /// <returns>The generator.</returns>
    public static Gen<RotationStep> RotationSteps() =>
        from x in Gen.Choose(-1000, 1000)
        from y in Gen.Choose(-1000, 1000)
        from z in Gen.Choose(-1000, 1000)
        from scale in Gen.Elements(1e-12, 1e-8, 1e-7, 1e-5, 1e-3, 2e-3)
        select new RotationStep(x * scale, y * scale, z * scale);

    /// <summary>Rotations: those of <see cref="Angles"/>, so that poles are among them.</summary>
    /// <returns>The generator.</returns>
    public static Gen<Rotation> Rotations() => Angles().Select(Rotation.FromEuler);

    /// <summary>Poses: any rotation, any shift up to a length along either axis.</summary>
    /// <param name="shift">The greatest shift, angstrom.</param>
    /// <returns>The generator.</returns>
    public static Gen<Pose> Poses(double shift = 6) =>
        from rotation in Rotations()
        from x in Gen.Choose(-1000, 1000)
        from y in Gen.Choose(-1000, 1000)
        select new Pose(rotation, shift * x / 1000, shift * y / 1000);

    /// <summary>
    /// Contrast transfer functions: overfocus of 0.5 to underfocus of 8 micrometre, astigmatism, a phase plate, 80 to 300 kV, B factors of either sign.
    /// Whatever a CTF is given in addition belongs here, so that every property meets it.
    /// </summary>
    /// <returns>The generator.</returns>
    public static Gen<CtfParameters> Ctfs() =>
        from defocus in Gen.Choose(-5000, 80000)
        from astigmatism in Gen.Choose(0, 4000)
        from angle in Gen.Choose(-180, 180)
        from phase in Gen.Choose(0, 180)
        from voltage in Gen.Elements(80.0, 200, 300)
        from b in Gen.Elements(0.0, 0, 60, -10)
        from scale in Gen.Choose(80, 140)
        select new CtfParameters
        {
            DefocusU = defocus + astigmatism,
            DefocusV = defocus - astigmatism,
            DefocusAngleDegrees = angle,
            PhaseShiftDegrees = phase,
            VoltageKilovolt = voltage,
            BFactor = b,
            ScaleFactor = scale / 100.0,
        };

    /// <summary>What may have been done to images about the CTF: every case.</summary>
    /// <returns>The generator.</returns>
    public static Gen<CtfState> CtfStates() => Gen.Elements(Enum.GetValues<CtfState>());

    /// <summary>Models of 1 Gaussian up to a shape's count.</summary>
    /// <param name="shape">What they look like; <see cref="ModelShape"/>'s own values for null.</param>
    /// <returns>The generator.</returns>
    public static Gen<GaussianModel> Models(ModelShape? shape = null)
    {
        var most = shape ?? new ModelShape();
        return from count in Gen.Choose(1, most.Count)
               from seed in Seeds()
               select Draw.Model(new Random(seed), most with { Count = count });
    }

    /// <summary>Maps of independent normal voxels, of sides from 1 on, odd and even, and any pixel size from 0.5 to 4 angstrom.</summary>
    /// <param name="largest">The greatest side, voxels.</param>
    /// <returns>The generator.</returns>
    public static Gen<DensityMap> Maps(int largest = 16) =>
        from size in Gen.Choose(1, largest)
        from pixel in Gen.Choose(50, 400)
        from seed in Seeds()
        select new DensityMap(size, pixel / 100.0, Draw.Normals(new Random(seed), size * size * size));

    /// <summary>Images of noise, 1 to a number of pixels along either side.</summary>
    /// <param name="largest">The greatest side, pixels.</param>
    /// <returns>The generator.</returns>
    public static Gen<NoiseImage> NoiseImages(int largest = 40) =>
        from height in Gen.Choose(1, largest)
        from width in Gen.Choose(1, largest)
        from seed in Gen.Choose(0, 10000)
        select new NoiseImage(height, width, seed);

    /// <summary>Particles with known truth: a model seen at any pose through any microscope of <see cref="Draw.Ctf"/>, with white noise.</summary>
    /// <param name="model">The model.</param>
    /// <param name="group">The optics group of the images; its side and pixel size need not be the model's.</param>
    /// <param name="noise">Standard deviation of the noise of a pixel.</param>
    /// <param name="count">Number of particles of a source.</param>
    /// <returns>The generator, of sources whose poses are the true ones (<see cref="ExactImages.Particles"/>).</returns>
    public static Gen<InMemoryParticles> NoisyImages(GaussianModel model, OpticsGroup group, double noise, int count = 1) =>
        Seeds().Select(seed => ExactImages.Particles(model, [group], count, noise, new Random(seed)));

    /// <summary>Texts for the cells of STAR and mmCIF tables, most of them hostile.</summary>
    /// <returns>The generator.</returns>
    public static Gen<StarCell> StarCells()
    {
        var signs = from length in Gen.Choose(1, 6)
                    from text in Gen.Elements("ab_#$'\"[]; \t.?".ToCharArray()).ArrayOf(length)
                    select new string(text);
        var words = Gen.Elements(
            string.Empty, " ", "'", "\"", "a b", "it's", "a\" b' c", "5' end", "O5'", "\"x\" y", "#1", "_label", "data_x", "loop_", "LOOP_", "save_", "global_",
            "stop_", "a\tb", "é ü", ";", "''", "\"\"", "' \" ", "'a' ", "?", ".", "1e-5", "-0", "nan", "<script>alert('1')</script>");
        return Gen.OneOf(signs, words).Select(text => new StarCell(text));
    }

    /// <summary>Seeds for <see cref="Draw"/>: any number that is not negative, whatever FsCheck's size is.</summary>
    /// <returns>The generator.</returns>
    public static Gen<int> Seeds() => Gen.Choose(0, int.MaxValue);
}
