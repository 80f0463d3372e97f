using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// A particle's defocus in coordinates that its phase is linear in: pi lambda (Mean |k|^2 + Cos (kx^2 - ky^2) + Sin 2 kx ky), angstrom; Mean is half the sum
/// of rlnDefocusU and V, (Cos, Sin) half the difference in the direction of twice the angle.
/// </summary>
internal readonly record struct Defocus(double Mean, double Cos, double Sin)
{
    /// <summary>Number of coordinates.</summary>
    public const int Count = 3;

    /// <summary>A coordinate, 0 to 2.</summary>
    public double this[int index] => index == 0 ? Mean : index == 1 ? Cos : Sin;

    /// <summary>The same with another value of a coordinate.</summary>
    public Defocus With(int index, double value) =>
        index == 0 ? this with { Mean = value } : index == 1 ? this with { Cos = value } : this with { Sin = value };

    /// <summary>Half the difference of major and minor defocus, angstrom.</summary>
    public double Astigmatism => Math.Sqrt((Cos * Cos) + (Sin * Sin));

    /// <summary>The coordinates of a CTF.</summary>
    public static Defocus Of(CtfParameters ctf)
    {
        var half = 0.5 * (ctf.DefocusU - ctf.DefocusV);
        var (sin, cos) = Math.SinCos(ctf.DefocusAngleDegrees * (Math.PI / 90));
        return new Defocus(0.5 * (ctf.DefocusU + ctf.DefocusV), half * cos, half * sin);
    }

    /// <summary>The same moved.</summary>
    public Defocus Plus(ReadOnlySpan<double> step) => new(Mean + step[0], Cos + (step.Length > 1 ? step[1] : 0), Sin + (step.Length > 1 ? step[2] : 0));

    /// <summary>A CTF with this defocus.</summary>
    public CtfParameters In(CtfParameters ctf)
    {
        var half = Astigmatism;
        var angle = half > 0 ? 0.5 * Math.Atan2(Sin, Cos) * (180 / Math.PI) : ctf.DefocusAngleDegrees;
        return ctf with { DefocusU = Mean + half, DefocusV = Mean - half, DefocusAngleDegrees = angle < 0 ? angle + 180 : angle };
    }
}
