using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>
/// What one part of a half of patches gave, to the last bit: a header (<see cref="HashedFile{T}"/>, "GMMPATR1"), for each patch the estimate of each
/// particle, and for each particle what its image says of motions.
/// </summary>
internal static class PatchPartFile
{
    private const int Version = 1;
    private const int Steps = Pose.ParameterCount;

    /// <summary>Status, and whether there is a covariance; then the step, the covariance and the correlation.</summary>
    private const int Words = 2;
    private const int Numbers = Steps + (Steps * Steps) + 1;

    private static ReadOnlySpan<byte> Kind => "GMMPATR1"u8;

    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">What the tasks are done on.</param>
    /// <param name="task">Which part it is.</param>
    /// <param name="particles">Its particles.</param>
    /// <param name="estimates">For each patch what was found for each particle of the source.</param>
    /// <param name="pass">What their images say of motions.</param>
    public static void Write(string path, string key, string task, int[] particles, PatchEstimate?[][] estimates, PatchHalfPass pass) => HashedOutput.Write(
        path, Kind,
        new PatchPartInfo { FormatVersion = Version, Key = key, Task = task, Particles = particles.Length, Patches = estimates.Length },
        PatchPassJson.Default.PatchPartInfo, overwrite: true, output =>
        {
            foreach (var patch in estimates)
            {
                foreach (var i in particles)
                {
                    Put(output, patch[i]!);
                }
            }

            foreach (var i in particles)
            {
                var evidence = pass.EvidenceOf(i) ?? [];
                output.Put<int>([evidence.Count]);
                foreach (var e in evidence)
                {
                    output.Put<int>([e.First, e.Right.Length]);
                    EstimateBytes.Put(output, new Pose(e.Rotation, 0, 0));
                    output.Put<double>(e.Information);
                    output.Put<double>(e.Right);
                }
            }
        });

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">What the tasks are done on.</param>
    /// <param name="task">Which part it must be.</param>
    /// <param name="particles">Its particles.</param>
    /// <param name="estimates">For each patch, receives what was found for each particle.</param>
    /// <param name="pass">Receives what their images say of motions. Both only once the file is known to be whole.</param>
    /// <exception cref="InvalidInputException">It cannot be read, is damaged, or of other work.</exception>
    public static void Read(string path, string key, string task, int[] particles, PatchEstimate?[][] estimates, PatchHalfPass pass)
    {
        using var file = HashedFile<PatchPartInfo>.Open(path, Kind, PatchPassJson.Default.PatchPartInfo, "the result of a part of patches");
        var info = file.Header;
        new RecordCheck(path, "format_version").Version(info.FormatVersion, Version);
        if (info.Key != key || info.Task != task || info.Particles != particles.Length || info.Patches != estimates.Length)
        {
            throw new InvalidInputException("is the result of other work", path, null, "key");
        }

        var found = estimates.Select(_ => particles.Select(_ => ReadEstimate(file, path)).ToArray()).ToArray();
        var evidence = particles.Select(_ => ReadEvidence(file, path, estimates.Length)).ToArray();
        file.RequireHash();
        for (var n = 0; n < particles.Length; n++)
        {
            for (var k = 0; k < estimates.Length; k++)
            {
                estimates[k][particles[n]] = found[k][n];
            }

            pass.Take(particles[n], evidence[n]);
        }
    }

    private static void Put(HashedOutput output, PatchEstimate e)
    {
        output.Put<int>([(int)e.Status, e.Covariance is null ? 0 : 1]);
        EstimateBytes.Put(output, e.Pose);
        Span<float> numbers = stackalloc float[Numbers];
        numbers.Clear();
        e.Step.CopyTo(numbers);
        e.Covariance?.CopyTo(numbers[Steps..]);
        numbers[^1] = e.Correlation;
        output.Put<float>(numbers);
    }

    private static PatchEstimate ReadEstimate(HashedFile<PatchPartInfo> file, string path)
    {
        Span<int> words = stackalloc int[Words];
        Span<float> numbers = stackalloc float[Numbers];
        file.Fill(words);
        var pose = EstimateBytes.ReadPose(file, path);
        file.Fill(numbers);
        return Enum.IsDefined((PoseStatus)words[0]) && words[1] is 0 or 1
            ? new PatchEstimate(pose, numbers[..Steps].ToArray(), words[1] == 0 ? null : numbers[Steps..^1].ToArray(), numbers[^1], (PoseStatus)words[0])
            : throw new InvalidInputException("holds what is no estimate of a patch's pose", path);
    }

    private static MotionEvidence[] ReadEvidence(HashedFile<PatchPartInfo> file, string path, int patches)
    {
        Span<int> count = stackalloc int[1], words = stackalloc int[2];
        file.Fill(count);
        var evidence = new MotionEvidence[count[0] >= 0 && count[0] <= patches ? count[0] : throw Damaged(path)];
        for (var n = 0; n < evidence.Length; n++)
        {
            file.Fill(words);
            var rotation = EstimateBytes.ReadPose(file, path).Rotation;
            var length = words[1] > 0 && words[1] % Steps == 0 && words[0] >= 0 && words[0] + (words[1] / Steps) <= patches ? words[1] : throw Damaged(path);
            double[] information = new double[length * length], right = new double[length];
            file.Fill<double>(information);
            file.Fill<double>(right);
            evidence[n] = new MotionEvidence(rotation, words[0], information, right);
        }

        return evidence;
    }

    private static InvalidInputException Damaged(string path) => new("holds what no image says of motions", path);
}

/// <summary>The header of the result of a part of patches.</summary>
internal sealed record PatchPartInfo : IRecord
{
    /// <summary>Version of the format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>What the tasks are done on.</summary>
    public required string Key { get; init; }

    /// <summary>Which part it is.</summary>
    public required string Task { get; init; }

    /// <summary>Number of particles.</summary>
    public required int Particles { get; init; }

    /// <summary>Number of patches.</summary>
    public required int Patches { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["particles"].NotNegative(Particles);
        check["patches"].NotNegative(Patches);
    }
}
