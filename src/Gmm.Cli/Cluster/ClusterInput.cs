using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using Microsoft.Extensions.Logging;

namespace Gmm.Cli;

/// <summary>The options of verbs whose work other processes can share.</summary>
internal sealed class ClusterInput
{
    private const string Local = "local";
    private const string Slurm = "slurm";

    /// <summary>More workers than this only take each other's memory and time.</summary>
    private const int WorkersPerProcessor = 8;

    private readonly Option<string?> _cluster = Declare.ChoiceOrNone(
        "--cluster", "Shares the work among processes: local, on this machine; slurm, as jobs of a scheduler, SLURM or another by its template "
            + "(docs/cluster.md). Results are the same.",
        Local, Slurm);
    private readonly Option<int?> _workers = Declare.Count(
        "--workers", "N", "With --cluster: processes at once; of local, 2 by default, which share --threads.");
    private readonly Option<string?> _settings = Declare.Text(
        "--cluster-settings", "FILE.json", "With --cluster slurm: partition, time, memory, threads, template and commands of the scheduler.");

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => [_cluster, _workers, _settings];

    /// <summary>This program, to the build: others do not give the same bits.</summary>
    public static string Program { get; } = MakeProgram();

    /// <summary>What was asked for; null for this process alone.</summary>
    /// <exception cref="InvalidInputException">Options that contradict each other, or settings that are not usable.</exception>
    public ClusterPlan? Read(VerbCall call)
    {
        var kind = call.Get(_cluster);
        call.RequireWith(kind is not null, _cluster.Name, _workers);
        call.RequireWith(kind == Slurm, "--cluster slurm", _settings);
        var workers = call.Get(_workers);
        if (workers is < 1)
        {
            throw new InvalidInputException("must be at least 1", _workers.Name);
        }

        if (kind == Local && workers > WorkersPerProcessor * Environment.ProcessorCount)
        {
            throw new InvalidInputException(
                Texts.Line($"must be at most {WorkersPerProcessor * Environment.ProcessorCount} on this machine of {Environment.ProcessorCount} processors"),
                _workers.Name);
        }

        var logger = new ConsoleLogger(call, LogLevel.Warning);
        return kind switch
        {
            Local => OfThisMachine(call, workers ?? 2),
            Slurm => OfScheduler(call.Get(_settings) is { } file ? ClusterSettings.Read(file) : new ClusterSettings(), call, workers, logger),
            _ => null,
        };
    }

    private static ClusterPlan OfThisMachine(VerbCall call, int workers) => Plan(call, workers, TaskTimes.Usual, board => new LocalWorkers(
        board, [.. Command(board, Math.Max(1, call.Compute.Threads / workers), TaskTimes.Usual), WorkerCommand.Leash]));

    private static ClusterPlan OfScheduler(ClusterSettings settings, VerbCall call, int? workers, ILogger logger)
    {
        var template = JobTemplate.Read(settings.Template);
        BatchWorkers.Require(settings, template);
        return Plan(call, workers ?? settings.Workers, settings.Times, board => new BatchWorkers(
            settings, template, board, Command(board, settings.Threads, settings.Times), logger, TimeProvider.System));
    }

    private static ClusterPlan Plan(VerbCall call, int workers, TaskTimes times, Func<TaskBoard, IWorkerLauncher> launcher) => new()
    {
        Program = Program,
        CallFolder = Environment.CurrentDirectory,
        CallWords = [.. ShellWords.Split(call.Files.Program).Skip(1)],
        Workers = workers,
        Times = times,
        Launcher = launcher,
    };

    /// <summary>The command line of a worker: this program, as it was started.</summary>
    private static string[] Command(TaskBoard board, int threads, TaskTimes times)
    {
        var own = Environment.ProcessPath;
        string[] program = own is not null && Path.GetFileNameWithoutExtension(own) == "gmm"
            ? [own] : ["dotnet", Path.Combine(AppContext.BaseDirectory, "gmm.dll")];
        return
        [
            .. program, WorkerCommand.Name, Path.GetFullPath(board.Folder), WorkerCommand.Threads, threads.ToString(CultureInfo.InvariantCulture),
            WorkerCommand.Beat, times.Beat.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static string MakeProgram()
    {
        var tool = typeof(ClusterInput).Assembly;
        var builds = tool.GetReferencedAssemblies().Where(a => a.Name!.StartsWith("Gmm.", StringComparison.Ordinal))
            .OrderBy(a => a.Name, StringComparer.Ordinal)
            .Select(a => Assembly.Load(a).ManifestModule.ModuleVersionId.ToString("N"));
        var version = tool.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return $"gmm {version}, build {RunFingerprint.Of([.. builds])}";
    }
}
