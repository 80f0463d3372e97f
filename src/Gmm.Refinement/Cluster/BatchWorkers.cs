using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Microsoft.Extensions.Logging;

namespace Gmm.Refinement;

/// <summary>Workers as jobs of a scheduler: SLURM as it is, PBS, LSF and others by their template and commands (docs/cluster.md).</summary>
internal sealed class BatchWorkers : IWorkerLauncher
{
    /// <summary>How long a scheduler that does not answer is waited for before a submission is given up.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(5);

    /// <summary>What schedulers say that are only not to be reached for the moment.</summary>
    private static readonly string[] s_passing =
        ["contact slurm controller", "contact the slurm controller", "timed out", "Connection refused", "Communication connection failure", "try again"];

    /// <summary>The places of a template that have a value, or may have none.</summary>
    private static readonly string[] s_places = ["name", "workers", "threads", "partition", "time", "memory", "gpus", "folder", "log", "command"];

    private readonly ClusterSettings _settings;
    private readonly JobTemplate _template;
    private readonly TaskBoard _board;
    private readonly IReadOnlyList<string> _command;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly string _name;
    private int? _alive;
    private bool _hasAnswered;
    private long _asked;
    private long? _silentSince;
    private int _jobs;

    /// <summary>Makes ready; nothing is asked of the scheduler yet.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="template">The script.</param>
    /// <param name="board">The tasks.</param>
    /// <param name="command">The worker's command line; " --log FILE" is added to it.</param>
    /// <param name="logger">Told when the scheduler does not answer.</param>
    /// <param name="time">The clock.</param>
    public BatchWorkers(
        ClusterSettings settings, JobTemplate template, TaskBoard board, IReadOnlyList<string> command, ILogger logger, TimeProvider time)
    {
        (_settings, _template, _board, _command, _logger, _time) = (settings, template, board, command, logger, time);
        // The same after the submitting process died, so that its jobs are found again.
        _name = "gmm-" + board.Record.Key[..Math.Min(12, board.Record.Key.Length)];
    }

    public int? Alive()
    {
        if ((_alive is not null || _silentSince is not null) && _time.GetElapsedTime(_asked) < TimeSpan.FromSeconds(_settings.QueueSeconds))
        {
            return _alive;
        }

        _asked = _time.GetTimestamp();
        var (code, output, error) = ShellRun.Run(With(_settings.Queue, "{name}", _name), s_again * 12);
        if (code != 0)
        {
            Silent(code, error);
            return _alive = null;
        }

        (_silentSince, _hasAnswered) = (null, true);
        return _alive = output.Split('\n').Count(l => !string.IsNullOrWhiteSpace(l));
    }

    /// <summary>Requires, before anything is computed, that the programs are there and that every place of the template has a value.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="template">The script.</param>
    /// <exception cref="InvalidInputException">They are not.</exception>
    public static void Require(ClusterSettings settings, JobTemplate template)
    {
        foreach (var command in new[] { settings.Submit, settings.Queue })
        {
            var program = ProgramOf(command);
            if (ShellRun.Run($"command -v {ShellWord.Quote(program)}", s_again).Code != 0)
            {
                throw new InvalidInputException($"there is no {program} on this machine, which speaks to the scheduler", "--cluster");
            }
        }

        var own = Array.Find(s_places, settings.More.ContainsKey);
        if (own is not null)
        {
            throw new InvalidInputException($"{own} is a place that has its value already", "--cluster-settings", null, "more");
        }

        template.Require([.. s_places, .. settings.More.Keys]);
    }

    public void Start(int count)
    {
        string script;
        do
        {
            script = _board.In(string.Create(CultureInfo.InvariantCulture, $"job{++_jobs}.sh"));
        }
        while (File.Exists(script));

        var log = _board.In(string.Create(CultureInfo.InvariantCulture, $"worker_job{_jobs}_{_settings.ArrayMark}.log"));
        var values = new Dictionary<string, string?>(_settings.More.Select(m => KeyValuePair.Create(m.Key, (string?)m.Value)))
        {
            ["name"] = _name,
            ["workers"] = count.ToString(CultureInfo.InvariantCulture),
            ["threads"] = _settings.Threads.ToString(CultureInfo.InvariantCulture),
            ["partition"] = _settings.Partition,
            ["time"] = _settings.Time,
            ["memory"] = _settings.Memory,
            ["gpus"] = _settings.Gpus,
            ["folder"] = _board.Record.CallFolder,
            ["log"] = log,
            ["command"] = string.Join(' ', _command.Concat(["--log", log]).Select(ShellWord.Quote)),
        };
        var text = _template.Fill(values);
        AtomicOutput.Write(script, overwrite: true, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
        Submit(script);
        (_alive, _asked) = ((_alive ?? 0) + count, _time.GetTimestamp());
    }

    public void Stop()
    {
        if (_alive is not 0 || _jobs > 0)
        {
            ShellRun.Run(With(_settings.Cancel, "{name}", _name), s_again * 6);
        }
    }

    /// <summary>A scheduler that is not to be reached for a while is asked again; one that has not answered for long is not waited for.</summary>
    private void Silent(int code, string error)
    {
        var program = ProgramOf(_settings.Queue);
        if (code == ShellRun.NotFound)
        {
            throw new InvalidInputException($"there is no {program} on this machine, which says what is at work", "--cluster");
        }

        if (!_hasAnswered && !IsPassing(error))
        {
            throw new InvalidInputException($"{program} does not say what is at work: {Last(error, code)}", "--cluster");
        }

        if (_silentSince is not { } since)
        {
            _silentSince = _asked;
            _logger.LogWarning("the scheduler does not say what is at work, and is asked again: {Problem}", Last(error, code));
        }
        else if (_time.GetElapsedTime(since) > s_patience)
        {
            throw new InvalidInputException(
                string.Create(CultureInfo.InvariantCulture, $"{program} has not answered for {s_patience.TotalMinutes:F0} minutes: {Last(error, code)}"),
                "--cluster");
        }
    }

    private void Submit(string script)
    {
        var line = With(_settings.Submit, "{script}", script);
        var began = _time.GetTimestamp();
        while (true)
        {
            var (code, _, error) = ShellRun.Run(line, s_again * 12);
            if (code == 0)
            {
                return;
            }

            var program = ProgramOf(_settings.Submit);
            if (code == ShellRun.NotFound)
            {
                throw new InvalidInputException($"there is no {program} on this machine, with which workers are submitted", "--cluster");
            }

            if (!IsPassing(error) || _time.GetElapsedTime(began) > s_patience)
            {
                throw new InvalidInputException($"{program} refuses it: {Last(error, code)}", script);
            }

            _logger.LogWarning("the scheduler does not answer, trying again: {Problem}", Last(error, code));
            Thread.Sleep(s_again);
        }
    }

    private static bool IsPassing(string error) => s_passing.Any(p => error.Contains(p, StringComparison.OrdinalIgnoreCase));

    private static string ProgramOf(string command) => command.Split(' ')[0];

    private static string With(string command, string place, string value) =>
        command.Replace(place, ShellWord.Quote(value), StringComparison.Ordinal);

    private static string Last(string error, int code) =>
        error.Split('\n').LastOrDefault(l => !string.IsNullOrWhiteSpace(l))?.Trim() ?? string.Create(CultureInfo.InvariantCulture, $"exit code {code}");
}
