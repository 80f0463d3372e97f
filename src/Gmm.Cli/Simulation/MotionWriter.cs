using System.Globalization;
using Gmm.IO;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>Writes the truth about a simulation's motion.</summary>
internal static class MotionWriter
{
    /// <summary>Writes the table, and for each domain its poses, its map and its mask.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="files">The files.</param>
    /// <param name="imageNames">Name of each particle's image.</param>
    /// <param name="call">The call.</param>
    public static void Write(ParticleSimulator simulator, SimulationFiles files, string[] imageNames, VerbCall call)
    {
        if (simulator.Motion is not { } motion)
        {
            return;
        }

        new StarFile([
            .. motion.Domains.Count > 0 ? [new StarBlock("domains", Domains(motion))] : Array.Empty<StarBlock>(),
            new StarBlock("particles", Particles(motion, imageNames)),
        ])
            .Write(files.MotionStar, call.Overwrite);
        for (var d = 0; d < motion.Domains.Count; d++)
        {
            var name = motion.Domains[d].Name;
            StarParticles.WriteParticleStar(
                files.DomainStar(name), simulator.OpticsGroups, simulator.DomainParticles(d), imageNames, [], call.Overwrite, files.Folder);
            MrcFile.WriteMap(files.DomainMap(name), simulator.RenderDomainMap(d, call.CancellationToken), call.Overwrite);
            MrcFile.WriteMap(files.DomainMask(name), simulator.MakeDomainMask(d), call.Overwrite);
        }
    }

    private static StarTable Domains(MotionTruth motion)
    {
        var table = new StarTable(
            "gmmDomain", "gmmDomainAtoms", "gmmDomainCentroidX", "gmmDomainCentroidY", "gmmDomainCentroidZ",
            "gmmHingeX", "gmmHingeY", "gmmHingeZ", "gmmHingeAxisX", "gmmHingeAxisY", "gmmHingeAxisZ", "gmmDomainReach", "gmmHingeHalfRange");
        foreach (var d in motion.Domains)
        {
            string[] numbers =
            [
                .. new[]
                {
                    d.Centroid.X, d.Centroid.Y, d.Centroid.Z, d.HingePoint.X, d.HingePoint.Y, d.HingePoint.Z, d.HingeAxis.X, d.HingeAxis.Y, d.HingeAxis.Z,
                    d.Reach, d.HalfRangeDegrees,
                }.Select(v => v.ToString("F6", CultureInfo.InvariantCulture)),
            ];
            table.AddRow([d.Name, d.AtomCount.ToString(CultureInfo.InvariantCulture), .. numbers]);
        }

        return table;
    }

    private static StarTable Particles(MotionTruth motion, string[] imageNames)
    {
        var table = new StarTable("rlnImageName");
        foreach (var name in imageNames)
        {
            table.AddRow(name);
        }

        if (motion.Coordinates.Count > 0)
        {
            Add("gmmTrueCoordinate", motion.Coordinates);
        }

        for (var d = 0; d < motion.Domains.Count; d++)
        {
            var (name, moves) = (motion.Domains[d].Name, motion.MotionsOf(d));
            Add($"gmm_{name}_Angle", motion.AnglesOf(d));
            var vectors = moves.Select(m => m.RotationVectorDegrees).ToArray();
            Add($"gmm_{name}_RotationX", [.. vectors.Select(v => v.X)]);
            Add($"gmm_{name}_RotationY", [.. vectors.Select(v => v.Y)]);
            Add($"gmm_{name}_RotationZ", [.. vectors.Select(v => v.Z)]);
            Add($"gmm_{name}_ShiftX", [.. moves.Select(m => m.X)]);
            Add($"gmm_{name}_ShiftY", [.. moves.Select(m => m.Y)]);
            Add($"gmm_{name}_ShiftZ", [.. moves.Select(m => m.Z)]);
        }

        return table;

        void Add(string label, IReadOnlyList<double> values) => table.SetColumn(label, StarColumn.FromNumbers(label, values).Values);
    }
}
