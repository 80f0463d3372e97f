using System.Globalization;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.EndToEnd;

/// <summary>Prints the schedules of docs/scale.md: one iteration on 1 to 256 nodes, from times that were measured on one core.</summary>
internal static class CapacityBenchmark
{
    private const double Gigabyte = 1e9;

    /// <summary>Prints the table of one set.</summary>
    /// <param name="particles">Particles.</param>
    /// <param name="box">Box.</param>
    /// <param name="milliseconds">Milliseconds of a core a particle (<c>stages</c>, and run.json's pose_s).</param>
    /// <param name="fit">Core seconds of both fits.</param>
    /// <param name="finish">Core seconds of finishing and comparing.</param>
    public static void Run(long particles, int box, double milliseconds, double fit, double finish)
    {
        const double PixelSize = 1;
        var grid = new ReconstructionGrid(box, PixelSize, 1.5);
        double sumBytes = 0;
        foreach (var cells in grid.PlaneCells)
        {
            sumBytes += 3.0 * sizeof(double) * cells;
        }

        var costs = new IterationCosts(particles, box, PixelSize, milliseconds / 1e3, fit, finish, sumBytes);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{particles} particles of box {box}: {particles * (double)box * box * sizeof(float) / 1e12:F2} TB of images, "
            + $"{sumBytes / 1e6:F0} MB of sums a task"));
        Console.WriteLine("Nodes of 32 cores; the shared disk gives 5 GB/s to all and 1.2 GB/s to one node; the controller fits and finishes on 16 cores.");
        Console.WriteLine();
        Console.WriteLine("| nodes | parts a half | fit, s | tasks, s | sums, s | finish, s | iteration, s | speed-up of 1 node | disk is the limit |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        double one = 0;
        for (var nodes = 1; nodes <= 256; nodes *= 2)
        {
            var cluster = new ClusterShape(nodes, 32, 5 * Gigabyte, 1.2 * Gigabyte, 16);
            // Two tasks a node, and never fewer parts than by default.
            var parts = Math.Max(16, nodes);
            var schedule = CapacityModel.Simulate(costs, cluster, parts);
            one = nodes == 1 ? schedule.Seconds : one;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {nodes} | {parts} | {schedule.FitSeconds:F0} | {schedule.TaskSeconds:F0} | {schedule.SumSeconds:F0} | {schedule.FinishSeconds:F0} | "
                + $"{schedule.Seconds:F0} | {one / schedule.Seconds:F1} | {schedule.DiskShare:P0} |"));
        }
    }
}
