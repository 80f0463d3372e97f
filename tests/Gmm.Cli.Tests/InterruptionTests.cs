using System.Diagnostics;
using System.Text.Json;

namespace Gmm.Cli.Tests;

/// <summary>
/// SIGTERM in the middle of every verb that can take long: it must end with exit code 130 before it has computed for two seconds more. Both moments
/// are measured in the process's own time, so that a busy machine changes nothing.
/// </summary>
public sealed class InterruptionTests(InterruptionInputs inputs) : IClassFixture<InterruptionInputs>
{
    /// <summary>How long a process may compute after the signal.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long it may take by the clock, on a machine that does much else; one that waits for ever does not compute.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Calls, and the seconds of own time after which they are stopped: at most half of what each
    /// takes to its end. Where two long steps are made of different loops, a call comes twice.
    /// </summary>
    public static TheoryData<string, double> Calls { get; } = new()
    {
        { "refine {set}/disturbed.star --iterations 40 --max-resolution 6 --out {out}", 1.3 },
        { "patches {set}/true.star --iterations 20 --count 4 --gaussians 50 --out {out}", 1.5 },
        { "bodies {set}/true.star --body {core} --body {shell} --iterations 20 --gaussians 50 --out {out}", 1.5 },
        { "composite {patches}/provenance.json --symmetry I --out {out}", 0.7 },
        { "heterogeneity {set}/true.star --model-half1 {small1} --model-half2 {small2} --resolution 6 --epochs 200 --out {out}", 1.5 },
        { "to-pose {motion} --focus {core} --mode adam --reconstruct --refine 20 --out {out}/poses.star", 1.5 },
        { "landscape {motion} --points 200 --nearest 0 --out {out}", 0.5 },
        { "landscape {motion} --points 10 --nearest 300 --out {out}", 1 },
        { "build {half1} --resolution 2.6 --gaussians 20000 --goal-fsc 1 --out {out}.star", 1.2 },
        { "reconstruct {set}/true.star --pad 4 --symmetry I --out {out}", 0.6 },
        { "fsc {half1} {half2} --mask {mask} --region {mask} --region {mask} --phase-randomise --out {out}", 0.7 },
        { "mask {half1} {half2} --extend 100 --out {out}.mrc", 0.6 },
        { "postprocess {half1} {half2} --out {out}", 1 },
        { "localres {half1} {half2} --mask {mask} --out {out}.mrc", 1 },
        { "localres {half1} {half2} --mask {mask} --method windows --window 60 --out {out}.mrc", 1 },
        { "qscore {half1} {atoms} --centre-model --also {half2} --also {half1} --out {out}", 0.7 },
        { "molmap {atoms} --resolution 2.5 --pixel-size 0.8 --box 256 --out {out}.mrc", 0.6 },
        { "project {model} --poses {poses} --out {out}.mrcs", 0.8 },
        { "project {model} --poses {poses} --projector direct --out {out}.mrcs", 0.8 },
        { "simulate {atoms} --particles 100000 --box 96 --pixel-size 2 --out {out}", 1 },
        { "experiment flexible-domains --out {out}", 1.2 },
        { "experiment flexible-domains --out {out}", 3.5 },
        { "demo --particles 100000 --out {out}", 1 },
        { "demo --real --out {out}", 1.5 },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void Sigterm_ends_a_long_verb(string call, double after)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // A process that has done before the signal reaches it says nothing; this test was held up by other work then, or the machine is a faster one.
        for (var attempt = 0; !Stop(call, TimeSpan.FromSeconds(after * Math.Pow(0.7, attempt))); attempt++)
        {
            Assert.True(attempt < 4, $"'gmm {call}' takes no notice of SIGTERM after {after} s of its own time and less, or it has ended by then");
        }
    }

    /// <summary>Starts a call, stops it and checks how it ends; false if it came to its own end.</summary>
    private bool Stop(string call, TimeSpan after)
    {
        var output = inputs.NewOutput();
        using var process = ToolProcess.Start([.. inputs.Fill(call, Path.Combine(output, "out")).Split(' '), "--threads", "1", "--json"]);
        var atSignal = TimeSpan.Zero;
        while (process.OwnTime is { } own && (atSignal = own) < after)
        {
            Thread.Sleep(5);
        }

        process.Signal("TERM");
        // What it computed while this test waited for its turn is not held against it.
        atSignal = process.OwnTime ?? atSignal;
        var (last, clock) = (atSignal, Stopwatch.StartNew());
        while (process.OwnTime is { } own)
        {
            last = own;
            Assert.True(
                last - atSignal < Patience && clock.Elapsed < Hang,
                FormattableString.Invariant(
                    $"'gmm {call}' goes on {(last - atSignal).TotalSeconds:F1} s after SIGTERM, {clock.Elapsed.TotalSeconds:F1} s by the clock"));
            Thread.Sleep(5);
        }

        var end = process.Wait();
        if (end.Code == 0)
        {
            return false;
        }

        Assert.True(end.Code == ExitCodes.Interrupted, $"'gmm {call}': exit code {end.Code}, {end.Error}");
        var told = JsonDocument.Parse(end.Output).RootElement.GetProperty("error");
        Assert.Equal((ExitCodes.Interrupted, "interrupted"), (told.GetProperty("exit_code").GetInt32(), told.GetProperty("kind").GetString()));
        Assert.All(Directory.GetFiles(output, "*", SearchOption.AllDirectories), f => Assert.True(MayStay(f, output), $"'gmm {call}' leaves {f}"));
        return true;
    }

    /// <summary>
    /// Whether a file is on the list of the folder of a run, and so taken away or gone on
    /// with by the next run, or of a step of to-pose that was done.
    /// </summary>
    private static bool MayStay(string file, string output)
    {
        if (Path.GetFileName(file) is "gmm_files.json"
            || Path.GetRelativePath(output, file) is "out/poses.star" or "out/poses.mrc" or "out/poses_half1_unfil.mrc" or "out/poses_half2_unfil.mrc")
        {
            return true;
        }

        for (var folder = Path.GetDirectoryName(file)!; folder.Length > output.Length; folder = Path.GetDirectoryName(folder)!)
        {
            var list = Path.Combine(folder, "gmm_files.json");
            if (File.Exists(list) && JsonDocument.Parse(File.ReadAllText(list)).RootElement.GetProperty("files").EnumerateArray()
                .Any(f => f.GetString() == Path.GetRelativePath(folder, file)))
            {
                return true;
            }
        }

        return false;
    }
}
