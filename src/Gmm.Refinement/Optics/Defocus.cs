using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// A particle's defocus in coordinates that its phase is linear in: pi lambda (Mean |k|^2 + Cos (kx^2 - ky^2) + Sin 2 kx ky), angstrom; Mean is half the sum
/// of rlnDefocusU and V, (Cos, Sin) half the difference in the direction of twice the angle; and the phase shift of a phase plate, milliradian, about as large
/// in its effect as the others are.
/// </summary>
internal readonly record struct Defocus(double Mean, double Cos, double Sin, double Phase = 0)
{
    /// <summary>Number of coordinates.</summary>
    public const int Count = 4;

    /// <summary>Number of those that are lengths, without the phase shift.</summary>
    public const int Lengths = 3;

    private const double Milliradian = Math.PI / 180 * 1000;

    /// <summary>A coordinate, 0 to 3.</summary>
    public double this[int index] => index == 0 ? Mean : index == 1 ? Cos : index == 2 ? Sin : Phase;

    /// <summary>The same with another value of a coordinate.</summary>
    public Defocus With(int index, double value) =>
        index == 0 ? this with { Mean = value } : index == 1 ? this with { Cos = value } : index == 2 ? this with { Sin = value } : this with { Phase = value };

    /// <summary>The phase shift in degrees.</summary>
    public double PhaseDegrees => Phase / Milliradian;

    /// <summary>Half the difference of major and minor defocus, angstrom.</summary>
    public double Astigmatism => Math.Sqrt((Cos * Cos) + (Sin * Sin));

    /// <summary>The coordinates of a CTF.</summary>
    public static Defocus Of(CtfParameters ctf)
    {
        var half = 0.5 * (ctf.DefocusU - ctf.DefocusV);
        var (sin, cos) = Math.SinCos(ctf.DefocusAngleDegrees * (Math.PI / 90));
        return new Defocus(0.5 * (ctf.DefocusU + ctf.DefocusV), half * cos, half * sin, ctf.PhaseShiftDegrees * Milliradian);
    }

    /// <summary>The same moved.</summary>
    public Defocus Plus(ReadOnlySpan<double> step)
    {
        var moved = this;
        for (var c = 0; c < step.Length; c++)
        {
            moved = moved.With(c, moved[c] + step[c]);
        }

        return moved;
    }

    /// <summary>A CTF with this defocus.</summary>
    public CtfParameters In(CtfParameters ctf)
    {
        var half = Astigmatism;
        var angle = half > 0 ? 0.5 * Math.Atan2(Sin, Cos) * (180 / Math.PI) : ctf.DefocusAngleDegrees;
        return ctf with
        {
            DefocusU = Mean + half,
            DefocusV = Mean - half,
            DefocusAngleDegrees = angle < 0 ? angle + 180 : angle,
            PhaseShiftDegrees = Phase == ctf.PhaseShiftDegrees * Milliradian ? ctf.PhaseShiftDegrees : PhaseDegrees,
        };
    }
}
