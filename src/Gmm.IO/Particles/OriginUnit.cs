using Gmm.Core;

namespace Gmm.IO;

/// <summary>What the origins of an optics group's particles are written in: files have shifts in the image's plane, poses in the specimen's.</summary>
/// <param name="Length">Angstrom per unit: 1, or the pixel size where origins are in pixels.</param>
/// <param name="Magnification">The group's magnification.</param>
internal readonly record struct OriginUnit(double Length, Magnification Magnification)
{
    /// <summary>Angstrom of an ideal microscope.</summary>
    public static OriginUnit Angstrom { get; } = new(1, Magnification.None);

    /// <summary>The unit of a group.</summary>
    public static OriginUnit Of(OpticsGroup group, bool inPixels) =>
        new(inPixels ? group.PixelSize : 1, group.Aberrations?.Magnification ?? Magnification.None);

    /// <summary>A pose of the numbers in a file, angstrom.</summary>
    public Pose FromFile(Pose pose) => Magnification == Magnification.None ? pose : Magnification.ToSpecimen(pose);

    /// <summary>The pose whose numbers go to a file, angstrom.</summary>
    public Pose ToFile(Pose pose) => Magnification == Magnification.None ? pose : Magnification.ToImage(pose);
}
