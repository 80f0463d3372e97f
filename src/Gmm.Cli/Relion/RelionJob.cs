using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>
/// A verb as RELION's External job: its words are those that RELION's pipeliner writes (--o, --in_parts, --in_mask, --in_3dref, --j, --LABEL VALUE), exit files
/// say how it ended, the abort file stops it, and RELION_OUTPUT_NODES.star puts its results into the pipeline (docs/relion-job.md).
/// </summary>
internal sealed class RelionJob
{
    public const string Success = "RELION_JOB_EXIT_SUCCESS";
    public const string Failure = "RELION_JOB_EXIT_FAILURE";
    public const string Aborted = "RELION_JOB_EXIT_ABORTED";
    public const string AbortNow = "RELION_JOB_ABORT_NOW";
    public const string Nodes = "RELION_OUTPUT_NODES.star";

    private const string Usage = "usage: gmm relion VERB --o DIR/ [--in_parts FILE] [--in_mask FILE] [--in_3dref FILE] [--j N] [--OPTION VALUE ...], as "
        + "RELION's External job calls it (docs/relion-job.md); VERB is refine, ctf, patches or heterogeneity";

    private static readonly string[] s_verbs = ["refine", "ctf", "patches", "heterogeneity"];
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <summary>Results that later jobs can take, with RELION's types of nodes: the number (3.1) and the label (4 and later).</summary>
    private static readonly (string File, int Type, string Label)[] s_results =
    [
        ("run_data.star", 3, "ParticleGroupMetadata.star.relion"), ("run_half1_unfil.mrc", 10, "DensityMap.mrc.halfmap"),
        ("run_half2_unfil.mrc", 10, "DensityMap.mrc.halfmap"), ("composite_half1_unfil.mrc", 10, "DensityMap.mrc.halfmap"),
        ("composite_half2_unfil.mrc", 10, "DensityMap.mrc.halfmap"), ("run.mrc", 6, "DensityMap.mrc"), ("composite.mrc", 6, "DensityMap.mrc"),
        ("run_mask.mrc", 7, "Mask3D.mrc"),
    ];

    private readonly string _folder;
    private readonly string[] _words;

    private RelionJob(string folder, string[] words) => (_folder, _words) = (folder, words);

    /// <summary>The words of the verb that RELION's words stand for.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Runs a job.</summary>
    /// <param name="args">The words after "relion".</param>
    /// <param name="console">Where to write.</param>
    /// <param name="run">Runs a verb; gives its exit code.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The exit code of the verb, or 2 for words that are none of RELION's.</returns>
    public static int Run(string[] args, CliConsole console, Func<IReadOnlyList<string>, CancellationToken, int> run, CancellationToken cancellationToken)
    {
        if (args.Contains("--help"))
        {
            console.Output.WriteLine(Usage);
            return ExitCodes.Success;
        }

        if (Parse(args) is not { } job)
        {
            console.Error.WriteLine(Usage);
            return ExitCodes.Usage;
        }

        try
        {
            return job.Run(run, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Error.WriteLine(PlainText.OneLine($"gmm relion: {job._folder}: {e.Message}"));
            return ExitCodes.Failure;
        }
    }

    /// <summary>Reads the words; null if they are no job's.</summary>
    public static RelionJob? Parse(string[] args)
    {
        if (args.Length == 0 || !s_verbs.Contains(args[0]))
        {
            return null;
        }

        var (folder, particles) = ((string?)null, (string?)null);
        var words = new List<string>();
        for (var i = 1; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--o" when value is not null:
                    (folder, i) = (value, i + 1);
                    break;
                case "--in_parts" when value is not null:
                    (particles, i) = (value, i + 1);
                    break;
                case "--pipeline_control" when value is not null:
                    // RELION adds it where its own name is in the command, as in a path.
                    i++;
                    break;
                default:
                    words.Add(args[i] switch { "--in_mask" => "--mask", "--in_3dref" => "--reference", "--j" => "--threads", var word => word });
                    break;
            }
        }

        // "Continue" in RELION calls it once more in the same folder.
        return folder is null ? null : new RelionJob(folder,
        [
            args[0], .. particles is null ? Array.Empty<string>() : [particles], "--out", folder, .. words.Where(w => w.Length > 0),
            .. File.Exists(Path.Combine(folder, RunFolder.ManifestName)) ? ["--resume"] : Array.Empty<string>(),
        ]);
    }

    private int Run(Func<IReadOnlyList<string>, CancellationToken, int> run, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        if (OutputLock.Look(In(RunFolder.LockName)) is (_, true))
        {
            // The markers are those of the job that is at work.
            return run(_words, cancellationToken);
        }

        foreach (var left in new[] { Success, Failure, Aborted })
        {
            File.Delete(In(left));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int code;
        using (new Timer(_ => StopIfAsked(stop), null, TimeSpan.Zero, s_look))
        {
            code = run(_words, stop.Token);
        }

        if (code == ExitCodes.Success)
        {
            WriteNodes();
        }

        File.WriteAllText(In(code switch { ExitCodes.Success => Success, ExitCodes.Interrupted => Aborted, _ => Failure }), string.Empty);
        File.Delete(In(AbortNow));
        return code;
    }

    private void StopIfAsked(CancellationTokenSource stop)
    {
        if (File.Exists(In(AbortNow)) && !stop.IsCancellationRequested)
        {
            stop.Cancel();
        }
    }

    private void WriteNodes()
    {
        var table = new StarTable("rlnPipeLineNodeName", "rlnPipeLineNodeType", "rlnPipeLineNodeTypeLabel");
        foreach (var (file, type, label) in s_results.Where(r => File.Exists(In(r.File))))
        {
            // Names are relative to the project, as the folder is that RELION gives.
            table.AddRow(In(file), FormattableString.Invariant($"{type}"), label);
        }

        new StarFile(new StarBlock("output_nodes", table)).Write(In(Nodes), overwrite: true);
    }

    private string In(string file) => Path.Combine(_folder, file);
}
