using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>Poses and estimates of poses in binary files, to the last bit.</summary>
internal static class EstimateBytes
{
    private const int PoseNumbers = 11;
    private const int ScoreNumbers = 3;
    private const int CovarianceNumbers = Pose.ParameterCount * Pose.ParameterCount;
    private const int Numbers = PoseNumbers + (2 * ScoreNumbers) + CovarianceNumbers;

    /// <summary>Whole numbers of an estimate: status, steps, and whether it has a covariance.</summary>
    private const int Words = 3;

    /// <summary>Bytes of a pose.</summary>
    public const int OfPose = PoseNumbers * sizeof(double);

    /// <summary>Bytes of an estimate.</summary>
    public const int OfEstimate = (Words * sizeof(int)) + (Numbers * sizeof(double));

    /// <summary>Writes a pose.</summary>
    public static void Put(HashedOutput output, in Pose pose)
    {
        Span<double> numbers = stackalloc double[PoseNumbers];
        Copy(pose, numbers);
        output.Put<double>(numbers);
    }

    /// <summary>Writes an estimate.</summary>
    public static void Put(HashedOutput output, PoseEstimate estimate)
    {
        output.Put<int>([(int)estimate.Status, estimate.Steps, estimate.Covariance is null ? 0 : 1]);
        Span<double> numbers = stackalloc double[Numbers];
        Copy(estimate.Pose, numbers);
        Copy(estimate.Score, numbers[PoseNumbers..]);
        Copy(estimate.StartScore, numbers[(PoseNumbers + ScoreNumbers)..]);
        numbers[^CovarianceNumbers..].Clear();
        estimate.Covariance?.CopyTo(numbers[^CovarianceNumbers..]);
        output.Put<double>(numbers);
    }

    /// <summary>Reads a pose.</summary>
    /// <exception cref="InvalidInputException">It is cut off or not finite.</exception>
    public static Pose ReadPose<T>(HashedFile<T> file, string path)
        where T : class, IRecord
    {
        Span<double> numbers = stackalloc double[PoseNumbers];
        file.Fill(numbers);
        return PoseOf(numbers, path);
    }

    /// <summary>Reads an estimate.</summary>
    /// <exception cref="InvalidInputException">It is cut off, or no estimate.</exception>
    public static PoseEstimate ReadEstimate<T>(HashedFile<T> file, string path)
        where T : class, IRecord
    {
        Span<int> words = stackalloc int[Words];
        Span<double> numbers = stackalloc double[Numbers];
        file.Fill(words);
        file.Fill(numbers);
        var status = (PoseStatus)words[0];
        if (!Enum.IsDefined(status) || words[1] < 0 || words[2] is not (0 or 1))
        {
            throw new InvalidInputException("holds what is no estimate of a pose", path);
        }

        return new PoseEstimate(
            PoseOf(numbers, path), ScoreOf(numbers[PoseNumbers..]), ScoreOf(numbers[(PoseNumbers + ScoreNumbers)..]),
            words[2] == 0 ? null : numbers[^CovarianceNumbers..].ToArray(), words[1], status);
    }

    private static void Copy(in Pose pose, Span<double> to)
    {
        var r = pose.Rotation;
        ReadOnlySpan<double> numbers = [r.M00, r.M01, r.M02, r.M10, r.M11, r.M12, r.M20, r.M21, r.M22, pose.ShiftX, pose.ShiftY];
        numbers.CopyTo(to);
    }

    private static void Copy(in PoseScore score, Span<double> to) => (to[0], to[1], to[2]) = (score.Objective, score.Correlation, score.Scale);

    private static PoseScore ScoreOf(ReadOnlySpan<double> n) => new(n[0], n[1], n[2]);

    private static Pose PoseOf(ReadOnlySpan<double> n, string path) =>
        System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(n[..PoseNumbers])
            ? new Pose(new Rotation(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8]), n[9], n[10])
            : throw new InvalidInputException("holds a pose that is not finite", path);
}
