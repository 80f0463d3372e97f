namespace Gmm.EndToEnd;

/// <summary>What an iteration costs, measured on one machine: the numbers that a schedule is made of.</summary>
/// <param name="Particles">Particles of both halves.</param>
/// <param name="Box">Side of an image, pixels.</param>
/// <param name="PixelSize">Angstrom.</param>
/// <param name="ParticleSeconds">Seconds of one core for a particle: read, transformed, its pose found, inserted.</param>
/// <param name="FitSeconds">Seconds of one core for the models of both halves.</param>
/// <param name="FinishSeconds">Seconds of one core for both half maps out of their sums, their comparison and the files.</param>
/// <param name="SumBytes">Bytes of one half's sums.</param>
internal sealed record IterationCosts(
    long Particles, int Box, double PixelSize, double ParticleSeconds, double FitSeconds, double FinishSeconds, double SumBytes);

/// <summary>The machines.</summary>
/// <param name="Nodes">Nodes that work.</param>
/// <param name="Cores">Cores of a node.</param>
/// <param name="DiskBytesPerSecond">What the shared disk delivers and takes, all nodes together.</param>
/// <param name="NodeBytesPerSecond">What one node can take from it.</param>
/// <param name="SerialCores">Cores of the controlling process of which fit and finishing make use.</param>
internal sealed record ClusterShape(int Nodes, int Cores, double DiskBytesPerSecond, double NodeBytesPerSecond, double SerialCores);

/// <summary>Where the time of an iteration goes.</summary>
/// <param name="FitSeconds">Before the tasks.</param>
/// <param name="TaskSeconds">From the first task's begin to the last one's end.</param>
/// <param name="SumSeconds">Adding the parts' sums.</param>
/// <param name="FinishSeconds">After it.</param>
/// <param name="DiskShare">Share of the tasks' time in which the shared disk is the limit.</param>
internal sealed record Schedule(double FitSeconds, double TaskSeconds, double SumSeconds, double FinishSeconds, double DiskShare)
{
    public double Seconds => FitSeconds + TaskSeconds + SumSeconds + FinishSeconds;
}

/// <summary>
/// A schedule of one iteration by simulation: tasks (half, part) are taken by nodes as they become free; the tasks at work share the disk evenly, read while
/// they compute, and write their sums at the end; the controller fits before them, and adds and finishes after them.
/// </summary>
internal static class CapacityModel
{
    public static Schedule Simulate(IterationCosts costs, ClusterShape cluster, int parts)
    {
        var waiting = 2 * parts;
        var particles = (double)costs.Particles / waiting;
        var imageBytes = (double)costs.Box * costs.Box * sizeof(float);
        var running = new List<(double Particles, double Bytes)>();
        double time = 0, disk = 0;
        while (waiting > 0 || running.Count > 0)
        {
            while (running.Count < cluster.Nodes && waiting > 0)
            {
                running.Add((particles, costs.SumBytes));
                waiting--;
            }

            // Each task either computes, reading what it needs, or writes its sums.
            var share = Math.Min(cluster.NodeBytesPerSecond, cluster.DiskBytesPerSecond / running.Count);
            var computing = cluster.Cores / costs.ParticleSeconds;
            var rate = Math.Min(computing, share / imageBytes);
            var step = running.Min(t => t.Particles > 0 ? t.Particles / rate : t.Bytes / share);
            disk += rate < computing || running.Any(t => t.Particles <= 0) ? step : 0;
            time += step;
            for (var n = running.Count - 1; n >= 0; n--)
            {
                var (left, bytes) = running[n];
                running[n] = left > 0 ? (Math.Max(0, left - (step * rate)) is var p && p < 1e-6 ? 0 : p, bytes) : (0, bytes - (step * share));
                if (running[n].Bytes < 1)
                {
                    running.RemoveAt(n);
                }
            }
        }

        var reading = Math.Min(cluster.NodeBytesPerSecond, cluster.DiskBytesPerSecond);
        return new Schedule(
            costs.FitSeconds / cluster.SerialCores, time, 2 * parts * costs.SumBytes / reading, costs.FinishSeconds / cluster.SerialCores,
            time > 0 ? disk / time : 0);
    }
}
