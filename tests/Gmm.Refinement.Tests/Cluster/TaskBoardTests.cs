using System.Collections.Concurrent;
using Gmm.Core;
using Gmm.IO;
using Gmm.TestData;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gmm.Refinement.Tests;

/// <summary>Tasks on a board, done by workers in this process, which fail, vanish and come back.</summary>
public sealed class TaskBoardTests : IDisposable
{
    private const string Program = "gmm 1, build a";
    private static readonly HashSet<string> Nothing = [];
    private readonly WorkFolder _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void No_task_is_claimed_twice_by_workers_that_come_together()
    {
        var board = Make(40);
        var claimed = new ConcurrentBag<string>();
        Parallel(8, () =>
        {
            while (TaskBoard.Open(board.Folder).Claim("w", Nothing) is { } claim)
            {
                Assert.Equal(1, claim.Try);
                claimed.Add(claim.Task);
            }
        });
        Assert.Equal(board.Record.Tasks, claimed.Order(StringComparer.Ordinal));
        Assert.Equal(40, board.Look().Count(TaskState.Running));
    }

    [Fact]
    public void Results_are_taken_in_their_order_whoever_made_them_and_when()
    {
        var board = Make(9);
        var taken = new List<string>();
        var launcher = new Here(board, (task, path, _) =>
        {
            // The last come first.
            Thread.Sleep(5 * (9 - int.Parse(task[1..], System.Globalization.CultureInfo.InvariantCulture)));
            File.WriteAllText(path, task);
        });
        var runner = Runner(board, launcher, 3);
        foreach (var task in board.Record.Tasks)
        {
            runner.Take(task, path => taken.Add(File.ReadAllText(path)), CancellationToken.None);
        }

        launcher.Stop();
        Assert.Equal(board.Record.Tasks, taken);
        Assert.All(board.Look().Tasks, t => Assert.Equal(1, t.Tries));
        Assert.Empty(board.Look().Workers);
    }

    [Fact]
    public void A_task_that_fails_is_tried_by_another_and_isolated_after_three_tries_once_the_others_are_done()
    {
        var board = Make(4);
        var tries = new ConcurrentDictionary<string, int>();
        var launcher = new Here(board, (task, path, _) =>
        {
            var n = tries.AddOrUpdate(task, 1, (_, before) => before + 1);
            if (task == "t1" || (task == "t2" && n == 1))
            {
                throw new InvalidOperationException($"boom {n}");
            }

            File.WriteAllText(path, task);
        });
        var runner = Runner(board, launcher, 2);
        runner.Take("t0", _ => { }, CancellationToken.None);
        var error = Assert.Throws<InvalidInputException>(() => runner.Take("t1", _ => { }, CancellationToken.None));
        launcher.Stop();
        Assert.Equal("log of a worker", error.File);
        Assert.Contains("task t1 gave no result in 3 tries; the last: InvalidOperationException: boom 3", error.Message, StringComparison.Ordinal);
        Assert.Equal((3, 2), (tries["t1"], tries["t2"]));
        Assert.Equal([TaskState.Done, TaskState.Isolated, TaskState.Done, TaskState.Done], board.Look().Tasks.Select(t => t.State));

        // Somebody has seen it and begins again: what is done is kept, what failed has its tries anew.
        var again = TaskBoard.Create(board.Folder, board.Record);
        Assert.Equal([TaskState.Done, TaskState.Open, TaskState.Done, TaskState.Done], again.Look().Tasks.Select(t => t.State));
        Assert.Equal(0, again.Look().Tasks[1].Tries);
    }

    [Fact]
    public void A_worker_that_is_gone_or_silent_loses_its_task_to_another()
    {
        var board = Make(2);
        board.Enter(Worker("dead", Environment.MachineName, 1 << 22));
        board.Enter(Worker("far", "another-machine", 1));
        board.Beat("far");
        Assert.Equal(("t0", 1), board.Claim("dead", Nothing));
        Assert.Equal(("t1", 1), board.Claim("far", Nothing));
        var launcher = new Here(board, (task, path, _) => File.WriteAllText(path, task));
        var clock = new Clock();
        var runner = Runner(board, launcher, 1, lost: 0.5, clock);
        runner.Take("t0", _ => { }, CancellationToken.None);
        Assert.Equal(TryEnd.Lost, board.ReadEnd("t0", 1)!.End);

        // As long as it is heard of it keeps its task.
        for (var n = 0; n < 6; n++)
        {
            board.Beat("far");
            clock.Ticks += TimeSpan.FromSeconds(0.15).Ticks;
            using var soon = new CancellationTokenSource(100);
            Assert.Throws<OperationCanceledException>(() => runner.Take("t1", _ => { }, soon.Token));
        }

        Assert.Null(board.ReadEnd("t1", 1));
        clock.Ticks += TimeSpan.FromSeconds(0.6).Ticks;
        runner.Take("t1", _ => { }, CancellationToken.None);
        launcher.Stop();
        Assert.Contains("nothing was heard", board.ReadEnd("t1", 1)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_that_left_after_its_last_task_is_not_lost()
    {
        // The board is looked at; then the result appears and the worker leaves, before it is asked whether its process lives.
        var board = Make(1);
        board.Enter(Worker("gone", Environment.MachineName, 1 << 22));
        board.Claim("gone", Nothing);
        var launcher = new Here(board, (_, _, _) => throw new InvalidOperationException("it is done"));
        var times = new TaskTimes { Poll = TimeSpan.FromMilliseconds(5) };
        var runner = new TaskRunner(board, launcher, 1, times, NullLogger.Instance, TimeProvider.System)
        {
            Seen = _ => File.WriteAllText(board.ResultOf("t0"), "result"),
        };
        runner.Take("t0", path => Assert.Equal("result", File.ReadAllText(path)), CancellationToken.None);
        launcher.Stop();
        Assert.Null(board.ReadEnd("t0", 1));
    }

    [Fact]
    public void A_worker_that_is_stopped_gives_its_task_back()
    {
        var board = Make(1);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Work(board, (_, _, token) =>
        {
            stop.Cancel();
            token.ThrowIfCancellationRequested();
        }, stop.Token));
        Assert.Equal(TryEnd.Stopped, board.ReadEnd("t0", 1)!.End);
        Assert.Equal(TaskState.Open, board.Look().Tasks[0].State);
        Work(board, (task, path, _) => File.WriteAllText(path, task), CancellationToken.None);
        Assert.Equal(TaskState.Done, board.Look().Tasks[0].State);
    }

    [Fact]
    public void A_damaged_result_is_made_again()
    {
        var board = Make(1);
        var made = 0;
        var launcher = new Here(board, (_, path, _) => File.WriteAllText(path, made++ == 0 ? "bad" : "good"));
        Runner(board, launcher, 1).Take(
            "t0", path => Assert.True(File.ReadAllText(path) == "good" ? true : throw new InvalidInputException("the checksum does not fit", path)),
            CancellationToken.None);
        launcher.Stop();
        Assert.Equal(2, made);
        Assert.Contains("checksum", board.ReadEnd("t0", 1)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_ends_the_run_at_once_and_is_no_fault_of_a_task()
    {
        var board = Make(5);
        var launcher = new Here(board, (_, path, _) =>
            throw new InvalidInputException("cannot be written", path, innerException: new IOException("No space left on device", 28)));
        var error = Assert.Throws<InvalidInputException>(() => Runner(board, launcher, 1).Take("t0", _ => { }, CancellationToken.None));
        launcher.Stop();
        Assert.Contains("there is no room for a result; 0 of 5 tasks are done and kept, --resume goes on", error.Message, StringComparison.Ordinal);
        Assert.Contains(board.Look().Tasks, t => t.Tries == 0);
        Assert.All(TaskBoard.Create(board.Folder, board.Record).Look().Tasks, t => Assert.Equal((TaskState.Open, 0), (t.State, t.Tries)));
    }

    [Fact]
    public void Logs_that_a_warning_named_outlive_their_board()
    {
        var board = Make(3);
        foreach (var (task, end) in new[] { ("t0", TryEnd.Failed), ("t1", TryEnd.Stopped), ("t2", TryEnd.Lost) })
        {
            board.Claim("w", Nothing);
            File.WriteAllText(board.In($"worker_{task}.log"), task);
            board.End(task, 1, new EndRecord { End = end, Worker = "w", Log = board.In($"worker_{task}.log"), Message = "m" });
        }

        for (var times = 0; times < 2; times++)
        {
            TaskBoard.RemoveAll(_work["tasks"], keepLogs: true);
            Assert.Equal(["worker_t0.log", "worker_t2.log"], Directory.GetFiles(board.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }

        TaskBoard.RemoveAll(_work["tasks"], keepLogs: false);
        Assert.False(Directory.Exists(_work["tasks"]));
    }

    [Fact]
    public void Results_of_other_work_are_not_kept()
    {
        var board = Make(2);
        Work(board, (task, path, _) => File.WriteAllText(path, task), CancellationToken.None);
        File.WriteAllText(board.In("notes.txt"), "mine");
        var same = TaskBoard.Create(board.Folder, board.Record);
        Assert.Equal(2, same.Look().Count(TaskState.Done));
        foreach (var other in new[] { board.Record with { Key = "other" }, board.Record with { Program = "gmm 2" } })
        {
            Work(board, (task, path, _) => File.WriteAllText(path, task), CancellationToken.None);
            Assert.Equal(0, TaskBoard.Create(board.Folder, other).Look().Count(TaskState.Done));
            TaskBoard.Create(board.Folder, board.Record);
        }

        TaskBoard.RemoveAll(_work["tasks"], keepLogs: true);
        Assert.Equal(["notes.txt"], Directory.GetFiles(board.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_worker_whose_run_has_ended_without_it_goes_and_leaves_nothing()
    {
        var board = Make(3);
        var done = 0;
        Work(board, (_, path, _) =>
        {
            done++;
            TaskBoard.RemoveAll(_work["tasks"], keepLogs: true);
            Assert.False(Directory.Exists(board.Folder));
            board.Beat("me");
            File.WriteAllText(path, "late");
        }, CancellationToken.None);
        Assert.Equal(1, done);
        Assert.False(Directory.Exists(_work["tasks"]));
    }

    [Fact]
    public void Another_build_of_the_program_works_on_nothing_and_the_controller_says_so()
    {
        var board = Make(1);
        var launcher = new Here(board, (_, _, _) => Assert.Fail("it worked"), "gmm 1, build b");
        var error = Assert.Throws<InvalidInputException>(() => Runner(board, launcher, 1).Take("t0", _ => { }, CancellationToken.None));
        Assert.Contains("this is gmm 1, build b, the run is of gmm 1, build a", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, launcher.Starts);
    }

    private static WorkerRecord Worker(string id, string host, int process) =>
        new() { Id = id, Host = host, Process = process, Started = DateTime.UtcNow, Log = string.Empty };

    private static void Work(TaskBoard board, Action<string, string, CancellationToken> work, CancellationToken token, string program = Program) =>
        new TaskWorker(board, "log of a worker", TimeSpan.FromSeconds(0.1), NullLogger.Instance, TimeProvider.System).Run(program, () => work, token);

    private static TaskRunner Runner(TaskBoard board, IWorkerLauncher launcher, int workers, double lost = 60, TimeProvider? time = null) => new(
        board, launcher, workers, new TaskTimes { Poll = TimeSpan.FromMilliseconds(5), LostAfter = TimeSpan.FromSeconds(lost) }, NullLogger.Instance,
        time ?? TimeProvider.System);

    /// <summary>A clock that is set by hand: how busy the machine is decides nothing.</summary>
    private sealed class Clock : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }

    private static void Parallel(int count, Action action) =>
        Task.WaitAll([.. Enumerable.Range(0, count).Select(_ => Task.Run(action))]);

    private TaskBoard Make(int tasks)
    {
        Directory.CreateDirectory(_work["tasks"]);
        return TaskBoard.Create(_work["tasks/it001"], new BoardRecord
        {
            Version = BoardRecord.CurrentVersion,
            Program = Program,
            Key = "key",
            Work = "test",
            CallFolder = _work.Root,
            CallWords = ["test"],
            Tasks = [.. Enumerable.Range(0, tasks).Select(n => $"t{n}").Order(StringComparer.Ordinal)],
        });
    }

    /// <summary>Workers on threads of this process.</summary>
    private sealed class Here(TaskBoard board, Action<string, string, CancellationToken> work, string program = Program) : IWorkerLauncher
    {
        private readonly List<Task> _tasks = [];

        public int Starts { get; private set; }

        public int? Alive() => _tasks.Count(t => !t.IsCompleted);

        public void Start(int count)
        {
            Starts++;
            for (var n = 0; n < count; n++)
            {
                _tasks.Add(Task.Run(() => Work(board, work, CancellationToken.None, program)));
            }
        }

        public void Stop()
        {
            try
            {
                Task.WaitAll([.. _tasks]);
            }
            catch (AggregateException)
            {
                // Refused.
            }
        }
    }
}
