using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// How the images of a particle are tilted against its first one, T_i = A_i A_0^T by the poses in the source, and where they have the particle, t_i:
/// with the rotation R, the shift V and the own shifts d the poses are (T_i R, t_i + (T_i V)_xy + d_i).
/// </summary>
internal sealed class SeriesGeometry
{
    private readonly Rotation[] _turn;
    private readonly (double X, double Y)[] _place;

    /// <summary>Takes the geometry from the poses of a source.</summary>
    public SeriesGeometry(IReadOnlyList<Particle> particles, IReadOnlyList<int> members)
    {
        First = particles[members[0]].Pose.Rotation;
        var first = First.Transpose();
        _turn = [.. members.Select(i => (particles[i].Pose.Rotation * first).Orthonormalized())];
        _place = [.. members.Select(i => (particles[i].Pose.ShiftX, particles[i].Pose.ShiftY))];
    }

    /// <summary>The rotation of the first image in the source.</summary>
    public Rotation First { get; }

    /// <summary>Number of images.</summary>
    public int Count => _turn.Length;

    /// <summary>T_i.</summary>
    public Rotation Turn(int image) => _turn[image];

    /// <summary>The pose of an image.</summary>
    public Pose Pose(SeriesPose pose, int image)
    {
        var turn = _turn[image];
        var (x, y, _) = turn.Apply(pose.Shift.X, pose.Shift.Y, pose.Shift.Z);
        return new Pose(
            (turn * pose.Rotation).Orthonormalized(), _place[image].X + x + pose.Own[image].X, _place[image].Y + y + pose.Own[image].Y);
    }

    /// <summary>
    /// The pose of a series from those of its images: V by least squares, the own shifts what it leaves. The rotation is the first image's.
    /// </summary>
    public SeriesPose Split(IReadOnlyList<Pose> poses)
    {
        Span<double> normal = stackalloc double[9], right = stackalloc double[3], shift = stackalloc double[3];
        normal.Clear();
        right.Clear();
        for (var i = 0; i < Count; i++)
        {
            var t = _turn[i];
            ReadOnlySpan<double> rows = [t.M00, t.M01, t.M02, t.M10, t.M11, t.M12];
            double x = poses[i].ShiftX - _place[i].X, y = poses[i].ShiftY - _place[i].Y;
            for (var p = 0; p < 3; p++)
            {
                right[p] += (rows[p] * x) + (rows[3 + p] * y);
                for (var q = 0; q < 3; q++)
                {
                    normal[(3 * p) + q] += (rows[p] * rows[q]) + (rows[3 + p] * rows[3 + q]);
                }
            }
        }

        // Images of one direction say nothing of the height: the least shift is taken.
        for (var p = 0; p < 3; p++)
        {
            normal[4 * p] += 1e-9 * Count;
        }

        Cholesky.TrySolve(normal, right, 0, shift);
        var own = new (double, double)[Count];
        for (var i = 0; i < Count; i++)
        {
            var (x, y, _) = _turn[i].Apply(shift[0], shift[1], shift[2]);
            own[i] = (poses[i].ShiftX - _place[i].X - x, poses[i].ShiftY - _place[i].Y - y);
        }

        return new SeriesPose(poses[0].Rotation, (shift[0], shift[1], shift[2]), own);
    }
}
