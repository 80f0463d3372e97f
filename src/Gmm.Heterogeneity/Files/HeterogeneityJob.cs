using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gmm.Heterogeneity;

/// <summary>
/// An analysis of heterogeneity with files: runs a <see cref="HeterogeneityAnalysis"/>, writes what it finds into a
/// <see cref="HeterogeneityFolder"/>, and goes on after an interruption to the same bits as if it had not been stopped.
/// </summary>
/// <remarks>
/// After every epoch the state of training is written (training_half1.gmmts, training_half2.gmmts), and the autoencoder whenever it improves. A
/// finished half is not trained again; the other goes on after its last whole epoch. The features are computed again, not kept.
/// <example>
/// <code>
/// var job = new HeterogeneityJob(particles, model1, model2, options, compute, new JobOptions { Folder = "motion", Resume = true });
/// HeterogeneityResult result = job.Run();
/// </code>
/// </example>
/// </remarks>
/// <param name="particles">The particles, with poses.</param>
/// <param name="half1">Model of half 1, in the particles' frame.</param>
/// <param name="half2">Model of half 2.</param>
/// <param name="options">Settings of the analysis.</param>
/// <param name="compute">Threads and seed.</param>
/// <param name="job">The folder.</param>
/// <param name="logger">Told how training goes; may be null.</param>
public sealed class HeterogeneityJob(
    StarParticles particles,
    GaussianModel half1,
    GaussianModel half2,
    HeterogeneityOptions options,
    ComputeOptions compute,
    JobOptions job,
    ILogger? logger = null)
{
    /// <summary>The file of the focus mask, for the record; null if it has none.</summary>
    public string? FocusFile { get; init; }

    /// <summary>
    /// Called with what was found, before it is written, to write more files into the folder; those of <see cref="JobOptions.MoreFiles"/> are claimed
    /// already.
    /// </summary>
    public Action<RunFolder, HeterogeneityResult>? Found { get; init; }

    /// <summary>The program, to the build: what other processes have trained is taken over from the same one only.</summary>
    internal string Build { get; init; } = string.Empty;

    /// <summary>Runs it to its end.</summary>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it; what is written stays good to go on from.</param>
    /// <returns>What was found, which the folder holds too.</returns>
    /// <exception cref="InvalidInputException">
    /// Bad input; an output folder that holds a run and is neither to be resumed nor overwritten, or cannot be written; an analysis to resume that
    /// had other settings.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public HeterogeneityResult Run(IProgress<HeterogeneityProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var files = new HeterogeneityFolder(job.Folder);
        string[] more = [.. options.Focus is null ? [] : new[] { Path.GetFileName(files.Focus) }, .. job.MoreFiles];
        using var run = HeterogeneityFolder.Open(job with { MoreFiles = more }, particles, options.Rounds);
        var names = particles.Table.GetColumn("rlnImageName");
        var analysis = new HeterogeneityAnalysis(particles, half1, half2, options, compute, logger)
        {
            ImageName = i => names[i],
            TemporaryFolder = files.Folder,
            Improved = new Relay<Autoencoder>(a => HeterogeneityFolder.WriteCheckpoint(run, a)),
            Checkpoints = new HeterogeneityCheckpoints(run),
            Ready = (halves, token) => Share(run, halves, token),
        };
        var result = analysis.Run(progress, cancellationToken);
        run.Tell(logger ?? NullLogger.Instance);
        run.Claim(more);
        if (options.Focus is { } focus)
        {
            MrcFile.WriteMap(files.Focus, focus, overwrite: true);
        }

        Found?.Invoke(run, result);
        HeterogeneityFolder.Write(run, result, Record(result), particles.ImageFolders);
        job.AtEnd?.Invoke(run);
        RemoveTasks(keepLogs: true);
        run.Finish();
        return result;
    }

    /// <summary>Works on the tasks of a run in another process: with the same particles and options, and nothing written but on the board.</summary>
    /// <param name="board">The tasks.</param>
    /// <param name="worker">Takes them.</param>
    /// <param name="program">This program, to the build.</param>
    /// <param name="cancellationToken">Stops it; the task at hand is given back.</param>
    /// <returns>The number of tasks done.</returns>
    /// <exception cref="InvalidInputException">The program, the settings or the images are not those of the run.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    internal int WorkOn(TaskBoard board, TaskWorker worker, string program, CancellationToken cancellationToken) => worker.Run(program, () =>
    {
        JobFolders.RequireRun(job.Folder, Settings(), RunSettings.Inputs(particles));
        var names = particles.Table.GetColumn("rlnImageName");
        return (task, result, token) => ClusterHalves.Do(
            board, task, result,
            new HeterogeneityAnalysis(particles, half1, half2, options, compute, logger) { ImageName = i => names[i], TemporaryFolder = board.Folder },
            token);
    }, cancellationToken);

    /// <summary>Takes over what other processes have trained, and has them train the rest.</summary>
    private void Share(RunFolder run, int[][] halves, CancellationToken cancellationToken)
    {
        if (!run.IsResumed)
        {
            RemoveTasks(keepLogs: false);
        }

        var stamps = RunSettings.Inputs(particles).Select(s => s.Hash);
        var key = RunFingerprint.Of([Settings().ToJsonString(), .. stamps, Build]);
        var shared = new ClusterHalves(run, key, options.Rounds, logger ?? NullLogger.Instance);
        shared.TakeStates();
        if (job.Cluster is { } plan)
        {
            shared.Train(halves, plan, cancellationToken);
        }
    }

    private void RemoveTasks(bool keepLogs) => TaskBoard.RemoveAll(Path.Combine(job.Folder, PartTasks.Boards), keepLogs);

    private JsonObject Settings() => HeterogeneityCheckpoints.Settings(particles, half1, half2, options, compute);

    private HeterogeneityRecord Record(HeterogeneityResult result) => new()
    {
        Call = job.Call,
        ParticlesFile = Path.GetFullPath(particles.Path),
        Root = particles.Options.Root is { } root ? Path.GetFullPath(root) : null,
        FocusFile = FocusFile is { } mask ? Path.GetFullPath(mask) : null,
        LatentDimension = options.LatentDimension,
        Resolution = options.Resolution,
        Decoder = options.Decoder.Name,
        Encoder = options.Encoder.Name,
        LatentRefiner = options.LatentRefiner.Name,
        Folds = options.FoldCount,
        Rounds = options.Rounds,
        Seed = compute.Seed,
        Images = options.Images,
        MotionFound = result.MotionFound,
        Training = new(result.Training[0], result.Training[1]),
        Verdict = HeterogeneityJudge.Judge(result.Training, result.MotionFound),
    };
}
