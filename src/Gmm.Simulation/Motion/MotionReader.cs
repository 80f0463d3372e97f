using Gmm.Core;
using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>Makes a simulation's motion of a motion file and the model it is for.</summary>
public static class MotionReader
{
    /// <summary>Reads a motion.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="model">The model.</param>
    /// <returns>The motion.</returns>
    /// <exception cref="InvalidInputException">
    /// Bad JSON, a selection without atoms, frames of other atoms; the message names the file and the domain.
    /// </exception>
    public static SimulatedMotion Read(string path, AtomicModel model)
    {
        var file = RecordFile.Read(path, MotionJson.Default.MotionFile, "a motion file");
        var scatterers = SimulatedAtom.IndicesInModel(model);
        try
        {
            return new SimulatedMotion
            {
                Domains = [.. (file.Domains ?? []).Select(d => Domain(d, model, scatterers))],
                Path = file.Path is { } frames ? ReadPath(frames, Path.GetDirectoryName(Path.GetFullPath(path))!, model, scatterers) : null,
            };
        }
        catch (InvalidInputException e) when (e.File is null)
        {
            throw new InvalidInputException(e.Message, path, innerException: e);
        }
    }

    private static MovingDomain Domain(MotionDomain domain, AtomicModel model, int[] scatterers) => new()
    {
        Name = domain.Name,
        Atoms = Indices(domain.Atoms, model, scatterers, $"domain '{domain.Name}'"),
        Hinge = domain.Hinge is { } hinge ? Hinge(hinge, domain.Name, model, scatterers) : null,
        JitterDegrees = domain.JitterDegrees,
        JitterAngstrom = domain.JitterAngstrom,
    };

    private static DomainHinge Hinge(MotionHinge hinge, string name, AtomicModel model, int[] scatterers)
    {
        if (hinge.Residues is null == hinge.Point is null)
        {
            throw new InvalidInputException($"the hinge of domain '{name}' needs either residues or a point");
        }

        return new DomainHinge
        {
            Point = hinge.Residues is { } residues ? Centroid(residues, name, model, scatterers) : Vector(hinge.Point!),
            Axis = hinge.Axis is { } axis ? Vector(axis) : null,
            SdDegrees = hinge.SdDegrees,
            RangeDegrees = hinge.RangeDegrees,
            RangeAngstrom = hinge.RangeAngstrom,
        };
    }

    private static (double X, double Y, double Z) Vector(double[] values) => (values[0], values[1], values[2]);

    private static (double X, double Y, double Z) Centroid(string residues, string name, AtomicModel model, int[] scatterers)
    {
        var atoms = Indices(residues, model, scatterers, $"hinge of domain '{name}'").Select(i => scatterers[i]).ToArray();
        return (atoms.Average(i => model.X[i]), atoms.Average(i => model.Y[i]), atoms.Average(i => model.Z[i]));
    }

    /// <summary>The selected atoms that scatter, by their number among those that do.</summary>
    private static int[] Indices(string text, AtomicModel model, int[] scatterers, string what)
    {
        var selected = AtomSelection.Parse(text).Find(model).ToHashSet();
        var indices = Enumerable.Range(0, scatterers.Length).Where(i => selected.Contains(scatterers[i])).ToArray();
        return indices.Length > 0 ? indices : throw new InvalidInputException($"{what} has no atoms but hydrogens and waters ('{text}')");
    }

    private static ConformationPath ReadPath(MotionPath path, string folder, AtomicModel model, int[] scatterers)
    {
        var every = path.Every ?? 1;
        var files = path.Frames.Select(f => Path.Combine(folder, f)).ToArray();
        if (files.FirstOrDefault(f => !File.Exists(f)) is { } missing)
        {
            throw new InvalidInputException("there is no such file", missing);
        }

        var frames = files is [var only] && only.EndsWith(".dcd", StringComparison.OrdinalIgnoreCase)
            ? ReadTrajectory(only, model, scatterers)
            : files.Select(f => ReadFrame(f, model, scatterers)).ToArray();

        if (path.Align is { } align)
        {
            Align(frames, Indices(align, model, scatterers, "\"align\" of the path"), Pick(scatterers, i => (model.X[i], model.Y[i], model.Z[i])));
        }

        // The last frame is one end of the path, so it stays.
        return new ConformationPath([.. frames.Where((_, i) => i % every == 0 || i == frames.Length - 1)]);
    }

    /// <summary>Lays each frame on the model by some of its atoms.</summary>
    private static void Align(double[][] frames, int[] atoms, double[] model)
    {
        double[] Some(double[] all) => [.. atoms.SelectMany(i => new[] { all[3 * i], all[(3 * i) + 1], all[(3 * i) + 2] })];
        var target = Some(model);
        foreach (var frame in frames)
        {
            var motion = PointAlignment.Fit(Some(frame), target);
            for (var i = 0; i < frame.Length; i += 3)
            {
                (frame[i], frame[i + 1], frame[i + 2]) = motion.Apply((frame[i], frame[i + 1], frame[i + 2]));
            }
        }
    }

    private static double[][] ReadTrajectory(string file, AtomicModel model, int[] scatterers)
    {
        var trajectory = DcdTrajectory.Read(file);
        if (trajectory.AtomCount != model.Count)
        {
            throw new InvalidInputException($"has {trajectory.AtomCount} atoms, the model {model.Count}", file);
        }

        return [.. trajectory.Frames.Select(f => Pick(scatterers, i => (f[3 * i], f[(3 * i) + 1], f[(3 * i) + 2])))];
    }

    private static double[] ReadFrame(string file, AtomicModel model, int[] scatterers)
    {
        var frame = AtomicModelFile.Read(file);
        if (frame.Count != model.Count)
        {
            throw new InvalidInputException($"has {frame.Count} atoms, the model {model.Count}", file);
        }

        foreach (var i in scatterers)
        {
            if (frame.AtomNames[i] != model.AtomNames[i] || frame.ResidueNumbers[i] != model.ResidueNumbers[i])
            {
                throw new InvalidInputException(
                    $"atom {i + 1} is {frame.AtomNames[i]} of residue {frame.ResidueNumbers[i]}, in the model it is {model.AtomNames[i]} of residue "
                        + $"{model.ResidueNumbers[i]}",
                    file);
            }
        }

        return Pick(scatterers, i => (frame.X[i], frame.Y[i], frame.Z[i]));
    }

    private static double[] Pick(int[] scatterers, Func<int, (double X, double Y, double Z)> place)
    {
        var positions = new double[3 * scatterers.Length];
        for (var k = 0; k < scatterers.Length; k++)
        {
            (positions[3 * k], positions[(3 * k) + 1], positions[(3 * k) + 2]) = place(scatterers[k]);
        }

        return positions;
    }
}
