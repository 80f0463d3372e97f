using FsCheck;
using FsCheck.Fluent;
using Gmm.Core;

namespace Gmm.Testing;

/// <summary>
/// The generators of <see cref="Generate"/> for FsCheck to find by type: <c>[Properties(Arbitrary = [typeof(GmmArbitraries)])]</c> over a class of tests, or
/// <c>Config.QuickThrowOnFailure.WithArbitrary([typeof(GmmArbitraries)])</c> in a program.
/// </summary>
public static class GmmArbitraries
{
    /// <summary>Euler angles.</summary>
    /// <returns><see cref="Generate.Angles"/>.</returns>
    public static Arbitrary<EulerAngles> Angles() => Generate.Angles().ToArbitrary();

    /// <summary>Rotation vectors.</summary>
    /// <returns><see cref="Generate.RotationSteps"/>.</returns>
    public static Arbitrary<RotationStep> RotationSteps() => Generate.RotationSteps().ToArbitrary();

    /// <summary>Rotations.</summary>
    /// <returns><see cref="Generate.Rotations"/>.</returns>
    public static Arbitrary<Rotation> Rotations() => Generate.Rotations().ToArbitrary();

    /// <summary>Poses; one that fails is tried again without its shift.</summary>
    /// <returns><see cref="Generate.Poses"/>.</returns>
    public static Arbitrary<Pose> Poses() =>
        Arb.From(Generate.Poses(), p => p is (_, 0, 0) ? [] : [p with { ShiftX = 0, ShiftY = 0 }]);

    /// <summary>Contrast transfer functions.</summary>
    /// <returns><see cref="Generate.Ctfs"/>.</returns>
    public static Arbitrary<CtfParameters> Ctfs() => Generate.Ctfs().ToArbitrary();

    /// <summary>States of images about the CTF.</summary>
    /// <returns><see cref="Generate.CtfStates"/>.</returns>
    public static Arbitrary<CtfState> CtfStates() => Generate.CtfStates().ToArbitrary();

    /// <summary>Models; one that fails is halved as long as a half of it fails too.</summary>
    /// <returns><see cref="Generate.Models"/>.</returns>
    public static Arbitrary<GaussianModel> Models() => Arb.From(Generate.Models(), Halves);

    /// <summary>Maps.</summary>
    /// <returns><see cref="Generate.Maps"/>.</returns>
    public static Arbitrary<DensityMap> Maps() => Generate.Maps().ToArbitrary();

    /// <summary>Images of noise.</summary>
    /// <returns><see cref="Generate.NoiseImages"/>.</returns>
    public static Arbitrary<NoiseImage> NoiseImages() => Generate.NoiseImages().ToArbitrary();

    /// <summary>Texts of table cells.</summary>
    /// <returns><see cref="Generate.StarCells"/>.</returns>
    public static Arbitrary<StarCell> StarCells() => Generate.StarCells().ToArbitrary();

    private static IEnumerable<GaussianModel> Halves(GaussianModel model)
    {
        var half = model.Count / 2;
        return half == 0 ? [] : [Part(model, 0, half), Part(model, half, model.Count - half)];
    }

    private static GaussianModel Part(GaussianModel m, int from, int count) => new(
        m.X.Slice(from, count), m.Y.Slice(from, count), m.Z.Slice(from, count), m.Amplitudes.Slice(from, count), m.Widths.Slice(from, count),
        m.BoxSize, m.PixelSize, m.Provenance);
}
