namespace Gmm.Gpu;

/// <summary>Where the numbers of a slot's climb are, in float64.</summary>
internal static class ClimbState
{
    /// <summary>Parameters of a pose step.</summary>
    public const int N = Core.Pose.ParameterCount;

    /// <summary>The pose kept: nine elements of its rotation, row by row, and the shift.</summary>
    public const int Pose = 0;

    /// <summary>The pose tried.</summary>
    public const int Candidate = 11;

    /// <summary>Numbers of a pose.</summary>
    public const int PoseLength = 11;

    /// <summary>Objective, correlation and scale of the pose kept.</summary>
    public const int Score = 22;

    /// <summary>The same of the start.</summary>
    public const int StartScore = 25;

    /// <summary>Damping of the next step.</summary>
    public const int Damping = 28;

    /// <summary>Poses tried after the start; -1 until the start is evaluated.</summary>
    public const int Steps = 29;

    /// <summary>Least gain worth a step.</summary>
    public const int Tolerance = 30;

    /// <summary>The gradient at the pose kept.</summary>
    public const int Gradient = 31;

    /// <summary>The Gauss-Newton matrix there, row by row.</summary>
    public const int Information = Gradient + N;

    /// <summary>Numbers that the host reads.</summary>
    public const int ResultLength = Information + (N * N);

    /// <summary>The gradient at the pose tried.</summary>
    public const int NewGradient = ResultLength;

    /// <summary>The matrix there.</summary>
    public const int NewInformation = NewGradient + N;

    /// <summary>The factor of the damped matrix.</summary>
    public const int Factor = NewInformation + (N * N);

    /// <summary>What scales the matrix to a unit diagonal.</summary>
    public const int Scale = Factor + (N * N);

    /// <summary>The step.</summary>
    public const int Step = Scale + N;

    /// <summary>Numbers of a slot.</summary>
    public const int Length = Step + N;

    /// <summary>Writes a pose.</summary>
    public static void Put(in Core.Pose pose, Span<double> numbers)
    {
        var r = pose.Rotation;
        ReadOnlySpan<double> all = [r.M00, r.M01, r.M02, r.M10, r.M11, r.M12, r.M20, r.M21, r.M22, pose.ShiftX, pose.ShiftY];
        all.CopyTo(numbers);
    }

    /// <summary>Reads the rotation of a pose.</summary>
    public static Core.Rotation Rotation(ArrayView<double> s, long o) =>
        new(s[o], s[o + 1], s[o + 2], s[o + 3], s[o + 4], s[o + 5], s[o + 6], s[o + 7], s[o + 8]);
}
