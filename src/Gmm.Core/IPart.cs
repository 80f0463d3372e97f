namespace Gmm.Core;

/// <summary>
/// A part of a job that can be swapped: a model builder, a projector's or scorer's factory, an optimizer, a reconstructor,
/// a decoder's or encoder's factory, a latent refiner. Jobs put the name into the record and into
/// the settings that a resumed run must share.
/// </summary>
public interface IPart
{
    /// <summary>What it is and every setting of it that changes a result, on one line: "levenberg-marquardt", "trimmed(nu 4)".</summary>
    string Name { get; }
}
