using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Fuzz;

/// <summary>What processes of a cluster exchange on a shared disk.</summary>
internal static class ClusterReaders
{
    private const string Key = "key";
    private const string Task = "half1_part0001";
    private const int Particles = 3;
    private const int Groups = 2;
    private static readonly int[] s_part = [0, 2];

    public static IEnumerable<FuzzTarget> All(SeedFiles seeds)
    {
        var (headed, json) = (new HeadedMutator(8, 32), new JsonMutator());
        FuzzTarget Record<T>(string name, string file, T record, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
            where T : class, IRecord =>
            new(name, file, [RecordFile.ToBytes(record, type)], json, (path, _) => RecordFile.Read(path, type, "a record of a cluster"));
        yield return new(
            "cluster", "cluster.json", ["""{ "workers": 3, "time": "1:00:00", "more": { "account": "a" }, "lost_after_s": 60 }"""u8.ToArray()], json,
            (path, _) => ClusterSettings.Read(path));
        yield return new("board", "board.json", [RecordFile.ToBytes(Board, TaskJson.Default.BoardRecord)], json,
            (path, _) => TaskBoard.Open(Path.GetDirectoryName(path)!))
        {
            IsFoundByName = true,
        };
        yield return Record(
            "task-worker", "worker_a.json", new WorkerRecord { Id = "a", Host = "h", Process = 1, Started = DateTime.UnixEpoch, Log = "a.log" },
            TaskJson.Default.WorkerRecord);
        yield return Record("task-try", "t0.try1", new ClaimRecord { Worker = "a" }, TaskJson.Default.ClaimRecord);
        yield return Record(
            "task-end", "t0.end1", new EndRecord { End = TryEnd.Failed, Worker = "a", Log = "a.log", Message = "m" }, TaskJson.Default.EndRecord);
        yield return new("pass", "input.gmmpass", [seeds.Saved("a.gmmpass", path => PassFile.Write(path, Pass(seeds.Gaussians)))], headed, (path, n) =>
        {
            var pass = PassFile.Read(path, Particles, Groups);
            AddPoses(n, pass.State.Poses);
            foreach (var model in pass.Models)
            {
                StarReaders.Model(model, n);
            }
        });
        var grid = new ReconstructionGrid(6, 2, 2, 0);
        PoseEstimate[] estimates = [.. Pass(seeds.Gaussians).Known.Select(k => k.Estimate)];
        yield return new(
            "part", "part.result",
            [seeds.Saved("a.result", path => PartFile.Write(path, Key, Task, estimates, new FourierAccumulator(grid) { SliceCount = 7 }))], headed,
            (path, n) =>
            {
                var sums = new FourierAccumulator(grid);
                AddPoses(n, PartFile.Read(path, Key, Task, estimates.Length, sums).Select(e => e.Pose));
                for (var z = 0; z < grid.PlaneCells.Length; z++)
                {
                    n.Add("sums", sums.PlaneSums(z));
                }
            });
        yield return new(
            "patch-pass", "input.gmmpatch",
            [.. PatchPasses(seeds.Gaussians).Select(p => seeds.Saved("a.gmmpatch", path => PatchPassFile.Write(path, p)))], headed, (path, n) =>
            {
                var pass = PatchPassFile.Read(path, Particles);
                AddPoses(n, (pass.Poses ?? []).SelectMany(p => p));
                n.Add("centre", [.. pass.Patches.SelectMany(p => p.Centre)]);
            });
        yield return new("patch-part", "patches.result", [seeds.Saved("b.result", WritePatchPart)], headed, (path, n) =>
        {
            PatchEstimate?[][] found = [new PatchEstimate?[Particles], new PatchEstimate?[Particles]];
            PatchPartFile.Read(path, Key, Task, s_part, found, NewPass());
            AddPoses(n, found.SelectMany(f => f).OfType<PatchEstimate>().Select(e => e.Pose));
        });
    }

    private static BoardRecord Board => new()
    {
        Version = BoardRecord.CurrentVersion,
        Program = "p",
        Key = "0123456789abcdef",
        Work = "test",
        CallFolder = "/",
        CallWords = ["refine", "a.star"],
        Tasks = ["t0", "t1"],
    };

    private static void AddPoses(Numbers numbers, IEnumerable<Pose> poses)
    {
        foreach (var p in poses)
        {
            numbers.Add("pose", p.Rotation.M00, p.Rotation.M12, p.Rotation.M22, p.ShiftX, p.ShiftY);
        }
    }

    private static Pose At(double shift) => new(Rotation.FromRotationVector(0.1, 0.2, shift), 1 / 3.0, shift);

    private static PassInput Pass(GaussianModel model)
    {
        ParticleResult Result(double shift) => new(At(shift), 0, 0, 0, PoseStatus.Refined) { Scale = 0.125, Weight = 0.5f };
        var noise = new MeasuredNoise { [0] = [1 / 3.0, 2, 1e-300] };
        return new PassInput(
            new SearchState(4, [Result(1), Result(2), Result(3)], 1 / 0.3), [model, model], [noise, noise],
            [[new SignalGroup(1 / 7.0, 2) { Mean = 3, Spread = 0.1 }, null], [null, new SignalGroup(1, 2)]],
            [
                (1, new PoseEstimate(
                    At(0.5), new PoseScore(1 / 3.0, 2, 3), default, [.. Enumerable.Range(0, 25).Select(i => i / 7.0)], 5, PoseStatus.Refined)),
                (2, new PoseEstimate(At(0.7), default, default, null, 0, PoseStatus.UnusableImage)),
            ])
        {
            Groups = Groups,
            Grid = new WorkingGrid(48, 1 / 0.3),
        };
    }

    private static IEnumerable<PatchPass> PatchPasses(GaussianModel model)
    {
        PatchPlace[] places = [new("patch01", [1, 1 / 3.0, 3]), new("patch02", [-1, 0, 0.1])];
        IReadOnlyList<RigidMotionPrior> Motions(double degrees) =>
            [.. places.Select(p => RigidMotionPrior.Start((p.Centre[0], p.Centre[1], p.Centre[2]), degrees))];
        yield return new(1 / 0.3, places, [model, model], [Motions(1.3), Motions(2.7)], null);
        yield return new(1 / 0.3, places, [], [], [.. places.Select(_ => (Pose[])[At(0), At(1), At(2)])]);
    }

    private static PatchHalfPass NewPass() => new(null!, [], [], [], s_part, new ComputeOptions());

    private static void WritePatchPart(string path)
    {
        PatchEstimate?[][] estimates = [new PatchEstimate?[Particles], new PatchEstimate?[Particles]];
        foreach (var i in s_part)
        {
            estimates[0][i] = new PatchEstimate(
                At(i), [0.1f, 0.2f, i, 0, 0], [.. Enumerable.Range(0, 25).Select(n => n / 7f)], 0.1f, PoseStatus.Refined);
            estimates[1][i] = new PatchEstimate(At(-i), [0, 0, 0, 0, 0], null, 0, PoseStatus.UnusableImage);
        }

        var pass = NewPass();
        pass.Take(2, [Evidence(0, 5), Evidence(1, 5)]);
        PatchPartFile.Write(path, Key, Task, s_part, estimates, pass);
    }

    private static MotionEvidence Evidence(int first, int length) => new(
        At(first).Rotation, first, [.. Enumerable.Range(0, length * length).Select(n => n / 11.0)], [.. Enumerable.Range(0, length).Select(n => n / 13.0)]);
}
