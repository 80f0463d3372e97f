using System.Globalization;
using System.Text.Json;
using Gmm.IO;

namespace Gmm.TorchKit;

/// <summary>
/// The verbs of the tool from end to end, on a device and by Gmm's own kernels, on one small set: how far apart the results are, in the uncertainties they
/// state, and both against the truth. Prints the table of docs/torch.md.
/// </summary>
internal sealed class Agreements(Tool tool, AgreementSet set)
{
    // A model is fitted from the density in each iteration: with its number of Gaussians given, both fits start alike.
    private const string Model = "--gaussians 1500";

    private int _bad;

    /// <summary>Runs all; returns how many are out of bounds.</summary>
    public int Run()
    {
        Console.WriteLine(
            "| verb | within 1/20 of the uncertainty | median, largest difference in uncertainties | half maps | error against truth, managed | on the device "
                + "| processor s |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        Build();
        Reconstruct();
        Refine();
        Resume();
        Poses(
            "`refine --focus`",
            $"refine {set.In("sim/true.star")} --focus {set.In("sim/domain_arm_mask.mrc")} --iterations 1 {Model}", "focus",
            "run_data.star", "sim/domain_arm_true.star");
        Poses(
            "`refine --relax-symmetry C3`",
            $"refine {set.In("sim/copies.star")} --relax-symmetry C3 --reference {set.In("sim/true_map.mrc")} --reference-resolution 8 --iterations 1 {Model}",
            "relaxed", "run_data.star", "sim/true.star");
        Poses("`patches --count 3`", $"patches {Refined} --count 3 --iterations 1 {Model}", "patches", "patch01/run_data.star", "sim/true.star");
        Poses("`patches --count 3 --joint`", $"patches {Refined} --count 3 --joint --iterations 1 {Model}", "joint", "patch01/run_data.star", "sim/true.star");
        Poses(
            "`bodies`", $"bodies {Refined} --body {set.In("sim/domain_arm_mask.mrc")} --iterations 1 {Model}", "bodies", "body01_data.star",
            "sim/domain_arm_true.star");
        Heterogeneity();
        return _bad;
    }

    private string Refined => set.In("refine-managed/run_data.star");

    private (double Managed, double Device) Both(string arguments, string name) =>
        (tool.Run($"{arguments} --out {set.In($"{name}-managed")}", false).Seconds, tool.Run($"{arguments} --out {set.In($"{name}-device")}", true).Seconds);

    private void Build()
    {
        var arguments = $"build {set.In("sim/true_map.mrc")} --resolution 8 {Model} --out";
        var (managed, device) = (tool.Run($"{arguments} {set.In("build-managed.star")}", false), tool.Run($"{arguments} {set.In("build-device.star")}", true));
        double[] Centre(string name, char axis) => PoseFile.Column(set.In($"build-{name}.star"), $"gmmCentre{axis}");
        var moved = new double[Centre("managed", 'X').Length];
        foreach (var axis in "XYZ")
        {
            var (one, other) = (Centre("managed", axis), Centre("device", axis));
            for (var j = 0; j < moved.Length; j++)
            {
                moved[j] += (one[j] - other[j]) * (one[j] - other[j]);
            }
        }

        var sorted = moved.Select(Math.Sqrt).Order().ToArray();
        double a = Fsc(managed.Output), b = Fsc(device.Output);
        Row(
            "`build`", "", Text($"centres {sorted[sorted.Length / 2]:G2}, {sorted[^1]:G2} A"), "", Text($"FSC {a:F4}"), Text($"FSC {b:F4}"),
            (managed.Seconds, device.Seconds), sorted[sorted.Length / 2] < 0.1 && Math.Abs(a - b) < 1e-3);
    }

    private void Reconstruct()
    {
        var used = Both($"reconstruct {set.In("sim/true.star")}", "reconstruct");
        Row("`reconstruct`", "", "", Maps("reconstruct", "_half1_unfil.mrc", out var apart), "", "", used, apart < 1e-5);
    }

    private void Refine()
    {
        var arguments = $"refine {set.In("sim/disturbed.star")} --iterations 2 {Model}";
        var used = Both(arguments, "refine");
        // What a fit's own chance makes: its seeds of Gaussians drawn otherwise. In later iterations the last bits of the maps draw them.
        tool.Run($"{arguments} --out {set.In("seed-device")} --seed 2", false);
        File.CreateSymbolicLink(set.In("seed-managed"), set.In("refine-managed"));
        foreach (var (iteration, seconds) in new[] { (1, default((double, double))), (2, used) })
        {
            var file = $"/iterations/run_it00{iteration}_";
            Compare($"`refine`, iteration {iteration}", "refine", file + "data.star", file + "half1_unfil.mrc", "sim/true.star", seconds, 0.3);
            Compare($"both managed, with another `--seed`", "seed", file + "data.star", file + "half1_unfil.mrc", "sim/true.star", default, 1);
        }
    }

    private void Poses(string title, string arguments, string name, string file, string truth)
    {
        var used = Both(arguments, name);
        var maps = Path.GetDirectoryName(file) is { Length: > 0 } folder ? $"/{folder}/run_half1_unfil.mrc"
            : file.StartsWith("body", StringComparison.Ordinal) ? "/body01_half1_unfil.mrc" : "/run_half1_unfil.mrc";
        Compare(title, name, "/" + file, maps, truth, used, 0.05);
    }

    private void Compare(string title, string name, string file, string map, string truth, (double, double) used, double bound)
    {
        PoseFile managed = PoseFile.Read(set.In($"{name}-managed{file}")), device = PoseFile.Read(set.In($"{name}-device{file}"));
        var apart = managed.Apart(device).Order().ToArray();
        var within = apart.Count(a => a <= 0.05) / (double)apart.Length;
        var real = PoseFile.Read(set.In(truth));
        var (a, b) = (managed.Error(real), device.Error(real));
        Row(
            title, Text($"{100 * within:F1} %"), Differences(apart), Maps(name, map, out _),
            Text($"{a.Degrees:F3} deg, {a.Angstrom:F3} A"), Text($"{b.Degrees:F3} deg, {b.Angstrom:F3} A"), used,
            apart[apart.Length / 2] <= bound && Math.Abs(a.Degrees - b.Degrees) < 0.03 * a.Degrees);
    }

    private void Resume()
    {
        var (whole, folder) = (set.In("refine-device"), set.In("resumed"));
        var arguments = $"refine {set.In("sim/disturbed.star")} --iterations 2 {Model} --out {folder}";
        tool.Run(arguments, true, kill: () => File.Exists(Path.Combine(folder, "iterations", "run_it001_state.json")));
        tool.Run($"{arguments} --resume", true);
        string[] files = ["run_data.star", "run_half1_unfil.mrc", "run_half2_unfil.mrc", "run_model_half1.star", "run_model_half2.star"];
        var same = files.All(f => File.ReadAllBytes(Path.Combine(whole, f)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder, f))));
        Row("`refine`, killed and resumed on the device", "", "", same ? "the same bits as without" : "OTHER BITS", "", "", default, same);
    }

    private void Heterogeneity()
    {
        var used = Both(
            $"heterogeneity {Refined} --model-half1 {set.In("refine-managed/run_model_half1.star")} --model-half2 "
                + $"{set.In("refine-managed/run_model_half2.star")} --focus {set.In("sim/domain_arm_mask.mrc")} --latent 1 --epochs 1 --folds 1 "
                + "--resolution 10",
            "motion");
        double[] Column(string name, string label) => PoseFile.Column(set.In($"motion-{name}/latent.star"), label);
        double[] managed = Column("managed", "gmmLatent1"), device = Column("device", "gmmLatent1"), sigma = Column("managed", "gmmLatentSigma1");
        var apart = managed.Select((v, i) => Math.Abs(v - device[i]) / sigma[i]).Order().ToArray();
        var (half, angle) = (Column("managed", "rlnRandomSubset"), PoseFile.Column(set.In("sim/motion.star"), "gmm_arm_Angle"));
        string Correlations(double[] points) => Text($"r {Math.Abs(Correlation(1, points)):F3}, {Math.Abs(Correlation(2, points)):F3}");
        double Correlation(int of, double[] points)
        {
            var own = Enumerable.Range(0, half.Length).Where(i => half[i] == of).ToArray();
            double ma = own.Average(i => points[i]), mb = own.Average(i => angle[i]);
            return own.Sum(i => (points[i] - ma) * (angle[i] - mb))
                / Math.Sqrt(own.Sum(i => (points[i] - ma) * (points[i] - ma)) * own.Sum(i => (angle[i] - mb) * (angle[i] - mb)));
        }

        Row(
            "`heterogeneity`", Text($"{100.0 * apart.Count(a => a <= 0.05) / apart.Length:F1} %"), Differences(apart), "",
            Correlations(managed), Correlations(device), used, apart[^1] <= 0.05);
    }

    /// <summary>How far apart two half maps are: root mean square of the difference by that of the map.</summary>
    private string Maps(string name, string file, out double apart)
    {
        float[] a = MrcFile.ReadVolume(set.In($"{name}-managed{file}")).Voxels, b = MrcFile.ReadVolume(set.In($"{name}-device{file}")).Voxels;
        double difference = 0, power = 0;
        for (var i = 0; i < a.Length; i++)
        {
            difference += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
            power += (double)a[i] * a[i];
        }

        apart = Math.Sqrt(difference / power);
        return Text($"{apart:G2}");
    }

    private void Row(string title, string within, string apart, string maps, string managed, string device, (double Managed, double Device) used, bool good)
    {
        _bad += good ? 0 : 1;
        var seconds = used == default ? string.Empty : Text($"{used.Managed:F0}, {used.Device:F0}");
        Console.WriteLine($"| {title}{(good ? string.Empty : " **BAD**")} | {within} | {apart} | {maps} | {managed} | {device} | {seconds} |");
    }

    private static string Differences(double[] sorted) => Text($"{sorted[sorted.Length / 2]:F4}, {sorted[^1]:F2}");

    private static double Fsc(string report) => JsonDocument.Parse(report).RootElement.GetProperty("mean_fsc").GetDouble();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
