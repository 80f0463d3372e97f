namespace Gmm.Core;

/// <summary>What is known of the images that a scorer will compare: those of one half and one optics group, up to a resolution.</summary>
/// <param name="disc">The coefficients to compare.</param>
/// <param name="optics">The optics group.</param>
/// <param name="referenceWeight">Weight 0 to 1 of the reference in rings 0..Radius: the share of it that is signal.</param>
/// <param name="measureNoise">Measures the noise, when it is first asked for.</param>
public sealed class ScoringContext(FourierDisc disc, OpticsGroup optics, ReadOnlyMemory<double> referenceWeight, Func<double[]> measureNoise)
{
    private readonly Lazy<double[]> _noise = new(measureNoise);

    /// <summary>The coefficients to compare.</summary>
    public FourierDisc Disc { get; } = disc;

    /// <summary>The optics group.</summary>
    public OpticsGroup Optics { get; } = optics;

    /// <summary>
    /// Weight 0 to 1 of the reference in rings 0..Radius: the share of it that is signal, from the half maps' agreement; 0 leaves a ring out.
    /// </summary>
    public ReadOnlySpan<double> ReferenceWeight => referenceWeight.Span;

    /// <summary>
    /// Mean |noise|^2 of a coefficient in rings 0..Radius, in units of the image's discrete transform, measured on particles of the half itself when
    /// it is first asked for.
    /// </summary>
    public ReadOnlySpan<double> NoisePower => _noise.Value;

    /// <summary>From the projection's unit to the image's: 1 / pixelSize^3.</summary>
    public double ReferenceScale => 1 / Math.Pow(Optics.PixelSize, 3);
}
