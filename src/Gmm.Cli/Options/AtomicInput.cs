using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>Atomic models that are given to a verb: read with their warnings, and moved to the box centre if --centre-model says so.</summary>
internal static class AtomicInput
{
    /// <summary>The option --centre-model, the same in every verb that reads a model where its place matters.</summary>
    public static Option<bool> MakeCentreOption() => Declare.Flag("--centre-model",
        "Moves the atomic model so that its centre of mass (without waters and hydrogens) is at the box centre, as simulate does; "
            + "without it the model is where its coordinates say, in the map's frame.");

    /// <summary>Reads a model and shows its warnings.</summary>
    public static AtomicModel Read(string path, VerbCall call)
    {
        var model = AtomicModelFile.Read(path);
        call.Warn(model.Warnings);
        return model;
    }

    /// <summary>Reads a model and puts its centre of mass where it is wanted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="centre">The place, angstrom; null leaves the model where it is.</param>
    /// <param name="call">Shows the warnings.</param>
    public static AtomicModel Read(string path, (double X, double Y, double Z)? centre, VerbCall call)
    {
        var model = Read(path, call);
        return centre is { } place ? Moved(model, SimulatedAtom.CentreOfMass(Atoms(path, model)), place) : model;
    }

    /// <summary>The atoms that scatter; errors name the file.</summary>
    public static IReadOnlyList<SimulatedAtom> Atoms(string path, AtomicModel model, bool waters = false, bool hydrogens = false)
    {
        try
        {
            return SimulatedAtom.FromModel(model, waters, hydrogens);
        }
        catch (InvalidInputException e) when (e.File is null)
        {
            throw new InvalidInputException(e.Message, path, innerException: e);
        }
    }

    /// <summary>A model moved so that one point of it comes to lie on another.</summary>
    public static AtomicModel Moved(AtomicModel model, (double X, double Y, double Z) from, (double X, double Y, double Z) to) => model.WithCoordinates(
        [.. model.X.ToArray().Select(v => v - from.X + to.X)],
        [.. model.Y.ToArray().Select(v => v - from.Y + to.Y)],
        [.. model.Z.ToArray().Select(v => v - from.Z + to.Z)]);

    /// <summary>The box centre of a map as its file has it: voxel n/2 of each axis, angstrom.</summary>
    public static (double X, double Y, double Z) BoxCentre(MrcVolume map) => (
        map.FirstVoxel.X + (map.Size.X / 2 * map.PixelSize.X), map.FirstVoxel.Y + (map.Size.Y / 2 * map.PixelSize.Y),
        map.FirstVoxel.Z + (map.Size.Z / 2 * map.PixelSize.Z));

    /// <summary>The box centre of a map that begins at the origin.</summary>
    public static (double X, double Y, double Z) BoxCentre(int size, double pixelSize) => (size / 2 * pixelSize, size / 2 * pixelSize, size / 2 * pixelSize);
}
