using Gmm.IO;

namespace Gmm.Fuzz;

/// <summary>What readers of atomic models and trajectories are asked to do.</summary>
internal static class ModelReaders
{
    public static void Atoms(string path, Numbers numbers)
    {
        var model = AtomicModelFile.Read(path);
        numbers.Add("x", model.X);
        numbers.Add("y", model.Y);
        numbers.Add("z", model.Z);
        numbers.Add("B factor", model.BFactors);
        numbers.Add("occupancy", model.Occupancies);
        if (new FileInfo(path).Length % StarReaders.WriteEvery != 0)
        {
            return;
        }

        var written = Path.Combine(Path.GetDirectoryName(path)!, "written.cif");
        AtomicModelFile.WriteCif(written, model, overwrite: true);
        numbers.Require(AtomicModelFile.Read(written).Count == model.Count, "another number of atoms after writing");
    }

    public static void Trajectory(string path, Numbers numbers)
    {
        var trajectory = DcdTrajectory.Read(path);
        foreach (var frame in trajectory.Frames)
        {
            numbers.Add("coordinate", frame);
            numbers.Require(frame.Length == 3 * trajectory.AtomCount, "a frame of another length");
        }
    }
}
