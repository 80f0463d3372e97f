using System.Diagnostics;
using System.Globalization;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Workers as processes of this machine. They hold the end of a pipe, and stop when this process is gone.</summary>
/// <param name="board">The tasks.</param>
/// <param name="command">The worker's command line; " --log FILE" is added to it.</param>
internal sealed class LocalWorkers(TaskBoard board, IReadOnlyList<string> command) : IWorkerLauncher, IDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    private readonly List<(Process Process, StreamWriter Log)> _running = [];
    private int _started;
    private volatile string? _lastWords;

    public string? LastWords => _lastWords;

    public int? Alive()
    {
        foreach (var ended in _running.Where(r => r.Process.HasExited).ToArray())
        {
            Close(ended);
        }

        return _running.Count;
    }

    public void Start(int count)
    {
        for (var n = 0; n < count; n++)
        {
            string path;
            do
            {
                path = board.In(string.Create(CultureInfo.InvariantCulture, $"worker_local{++_started}.log"));
            }
            while (File.Exists(path));

            var start = new ProcessStartInfo(command[0], [.. command.Skip(1), "--log", path])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = board.Record.CallFolder,
            };
            try
            {
                var log = new StreamWriter(path) { AutoFlush = true };
                var process = Process.Start(start)!;
                void Write(string? line)
                {
                    if (line is not null)
                    {
                        _lastWords = line;
                        TryWrite(log, line);
                    }
                }

                process.OutputDataReceived += (_, e) => Write(e.Data);
                process.ErrorDataReceived += (_, e) => Write(e.Data);
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                _running.Add((process, log));
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
            {
                throw new InvalidInputException($"a worker cannot be started: {e.Message}", command[0], innerException: e);
            }
        }
    }

    public void Stop()
    {
        foreach (var running in _running)
        {
            // The end of the pipe is the sign to stop.
            running.Process.StandardInput.Close();
        }

        foreach (var running in _running.ToArray())
        {
            if (!running.Process.WaitForExit(s_grace))
            {
                running.Process.Kill();
            }

            Close(running);
        }
    }

    public void Dispose() => Stop();

    /// <summary>Writes a line, or closes the log: a full disk costs its last lines, and no more.</summary>
    private static void TryWrite(StreamWriter log, string? line)
    {
        lock (log)
        {
            try
            {
                if (line is null)
                {
                    log.Dispose();
                }
                else
                {
                    log.WriteLine(line);
                }
            }
            catch (IOException)
            {
                // The worker's error is on the board, or is told as its last words.
            }
        }
    }

    private void Close((Process Process, StreamWriter Log) ended)
    {
        // Waits for the last lines too.
        ended.Process.WaitForExit();
        TryWrite(ended.Log, null);

        ended.Process.Dispose();
        _running.Remove(ended);
    }
}
