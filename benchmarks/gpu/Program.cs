using System.Diagnostics;
using System.Globalization;
using Gmm.Core;
using Gmm.Gpu;
using Gmm.GpuBenchmark;
using Gmm.Refinement;

// Checks and times the pose step on a graphics card; README.md. Run: run.sh [gpu|gpu:N|opencl:N], or with "dry" a tiny case on a card that the processor
// simulates; with "counts" nothing is run, and what an evaluation asks of a card is printed.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var name = args.ElementAtOrDefault(0) ?? "gpu";
var isDry = name == "dry";
foreach (var card in GpuDevices.List())
{
    Console.WriteLine($"{card.Id}: {card.Name} {card.MemoryBytes / 1e9:F1} GB {card.Problem}");
}

if (name == "counts")
{
    foreach (var set in Cases())
    {
        Console.WriteLine($"\n{set.Name}: grid {set.Projector.GridSize}, radius {set.Disc.Radius}, {set.Disc.Count} coefficients");
        PrintCounts(set);
    }

    return 0;
}

using var device = GpuDevices.Open(isDry ? GpuDevices.Simulated : name);
Console.WriteLine($"on {device.Name}, {device.Cards.Count} of them, {device.Cards[0].GroupSize} threads a group, {Environment.ProcessorCount} processors");
var failed = 0;
foreach (var set in isDry ? [new Case("dry run: N 60, box 24, 4 A", 60, 24, 4, 12, 4)] : Cases())
{
    Console.WriteLine($"\n{set.Name}: grid {set.Projector.GridSize}, radius {set.Disc.Radius}, {set.Disc.Count} coefficients");
    failed += Checks.Run(device, set, isDry ? 6 : 32);
    Time(device, set, isDry ? 12 : set.Source.Starts.Length);
    TimeSums(device, set, isDry ? 12 : 6000);
    Profile(device, set, isDry ? 4 : 256);
}

Console.WriteLine(failed == 0 ? "\nall checks passed" : $"\n{failed} checks FAILED");
return failed == 0 ? 0 : 1;

static IEnumerable<Case> Cases() =>
[
    new Case("N 7,374, box 196 at 1 A, 3 A (the paper's timing case)", 7374, 196, 3, 20000, 128),
    new Case("N 15,174, box 256 at 1 A, 3 A", 15174, 256, 3, 6000, 64),
];

static void PrintCounts(Case set)
{
    Console.WriteLine("  counts of an evaluation, and bounds of a card of 3 TB/s, 300 G 64-bit atomic additions/s, 30 Tflop/s:");
    set.Count().Print(3e12, 3e11, 3e13);
}

// Particles a second, images streamed from memory.
static void Time(GpuDevice device, Case set, int particles)
{
    using var optimizer = new GpuPoseOptimizer(device);
    set.Refine(optimizer, Math.Min(particles, 300));
    long Bytes() => device.Cards.Sum(c => c.Meters.AllocatedBytes);
    var before = Bytes();
    for (var round = 0; round < 3; round++)
    {
        var clock = Stopwatch.StartNew();
        var found = set.Refine(optimizer, particles);
        var seconds = clock.Elapsed.TotalSeconds;
        Console.WriteLine($"  {particles / seconds:F0} particles/s ({seconds:F2} s, {found.Average(e => e.Steps + 1):F2} evaluations each)");
    }

    Console.WriteLine(
        $"  buffers of {Bytes() / 1e6:F0} MB made since the start, {(Bytes() - before) / 1e6:F0} MB while timed");
}

// Particles a second into the sums of a half map.
static void TimeSums(GpuDevice device, Case set, int particles)
{
    using var inserter = new GpuSliceInserter(device);
    set.Sum(inserter, Math.Min(particles, 200));
    var seconds = set.Sum(inserter, particles).Seconds;
    Console.WriteLine($"  {particles / seconds:F0} particles/s into the sums of a half map ({seconds:F2} s)");
}

// Milliseconds of each kernel, the host waiting after each; and what they are bound by.
static void Profile(GpuDevice device, Case set, int particles)
{
    using var optimizer = new GpuPoseOptimizer(device);
    set.Refine(optimizer, particles);
    var seconds = new SortedDictionary<string, (double Seconds, int Launches)>(StringComparer.Ordinal);
    var clock = Stopwatch.StartNew();
    var card = device.Cards[0];
    card.AfterLaunch = kernel =>
    {
        card.Stream.Synchronize();
        var (s, n) = seconds.GetValueOrDefault(kernel);
        seconds[kernel] = (s + clock.Elapsed.TotalSeconds, n + 1);
        clock.Restart();
    };
    card.Stream.Synchronize();
    var evaluations = set.Refine(optimizer, particles).Sum(e => e.Steps + 1);
    card.AfterLaunch = null;
    Console.WriteLine($"  {evaluations} evaluations of {particles} particles, each kernel waited for:");
    foreach (var (kernel, (s, n)) in seconds)
    {
        Console.WriteLine($"  {kernel,-34} {1e3 * s,9:F2} ms in {n,3} launches, {1e6 * s / evaluations,8:F2} us an evaluation");
    }

    PrintCounts(set);
}
