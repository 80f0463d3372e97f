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

    private readonly ClusterSettings _settings;
    private readonly JobTemplate _template;
    private readonly TaskBoard _board;
    private readonly IReadOnlyList<string> _command;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly string _name;
    private int? _alive;
    private long _asked;
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
        if (_alive is { } known && _time.GetElapsedTime(_asked) < TimeSpan.FromSeconds(_settings.QueueSeconds))
        {
            return known;
        }

        _asked = _time.GetTimestamp();
        var (code, output, error) = ShellRun.Run(With(_settings.Queue, "{name}", _name), s_again * 12);
        if (code != 0)
        {
            _logger.LogWarning("the scheduler does not say what is at work: {Problem}", Last(error, code));
            _alive = null;
            return null;
        }

        return _alive = output.Split('\n').Count(l => !string.IsNullOrWhiteSpace(l));
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

            var program = _settings.Submit.Split(' ')[0];
            if (code == ShellRun.NotFound)
            {
                throw new InvalidInputException($"there is no {program} on this machine, with which workers are submitted", "--cluster");
            }

            if (!s_passing.Any(p => error.Contains(p, StringComparison.OrdinalIgnoreCase)) || _time.GetElapsedTime(began) > s_patience)
            {
                throw new InvalidInputException($"{program} refuses it: {Last(error, code)}", script);
            }

            _logger.LogWarning("the scheduler does not answer, trying again: {Problem}", Last(error, code));
            Thread.Sleep(s_again);
        }
    }

    private static string With(string command, string place, string value) =>
        command.Replace(place, ShellWord.Quote(value), StringComparison.Ordinal);

    private static string Last(string error, int code) =>
        error.Split('\n').LastOrDefault(l => !string.IsNullOrWhiteSpace(l))?.Trim() ?? string.Create(CultureInfo.InvariantCulture, $"exit code {code}");
}
