using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// Short hashes of what decides a run besides numbers in its options, so that a run is not resumed with another mask, model or particle
/// list. Images are not read for it: they have stamps (<see cref="FileStamp"/>).
/// </summary>
internal static class RunFingerprint
{
    /// <summary>Of a map's or a mask's voxels.</summary>
    public static string Of(DensityMap map) => Short(SHA256.HashData(MemoryMarshal.AsBytes(map.Voxels)));

    /// <summary>Of a model's Gaussians.</summary>
    public static string Of(GaussianModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(model.X));
        hash.AppendData(MemoryMarshal.AsBytes(model.Y));
        hash.AppendData(MemoryMarshal.AsBytes(model.Z));
        hash.AppendData(MemoryMarshal.AsBytes(model.Amplitudes));
        hash.AppendData(MemoryMarshal.AsBytes(model.Widths));
        return Short(hash.GetHashAndReset());
    }

    /// <summary>Of the particles' poses, halves, optics and places of their images as they were read.</summary>
    public static string Of(IParticleSource source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var g in source.OpticsGroups)
        {
            hash.AppendData(MemoryMarshal.AsBytes<double>([g.ImageSize, g.PixelSize, (int)g.CtfState]));
            if (g.ImageSize % 2 != 0 && g.OddOrigin != OddOrigin.Relion)
            {
                // Only then, so that runs of earlier versions can be resumed.
                hash.AppendData(MemoryMarshal.AsBytes<double>([(int)g.OddOrigin]));
            }

            if (g.Mtf is { } mtf)
            {
                hash.AppendData(MemoryMarshal.AsBytes<double>([.. mtf.Frequencies, .. mtf.Values]));
            }

            if (g.Aberrations is { IsNone: false } a)
            {
                var m = a.Magnification;
                hash.AppendData(MemoryMarshal.AsBytes<double>([a.Odd.Count, .. a.Odd, a.Even.Count, .. a.Even, m.M00, m.M01, m.M10, m.M11]));
            }
        }

        foreach (var p in source.Particles)
        {
            var c = p.Ctf;
            Append(hash, p.Pose);
            hash.AppendData(MemoryMarshal.AsBytes<double>(
            [
                p.Half, p.OpticsIndex,
                c.DefocusU, c.DefocusV, c.DefocusAngleDegrees, c.VoltageKilovolt, c.SphericalAberrationMillimetre, c.AmplitudeContrast,
                c.PhaseShiftDegrees, c.BFactor, c.ScaleFactor,
                // Only where there is one: runs without keep their fingerprints.
                .. c.PreExposure == 0 ? (ReadOnlySpan<double>)[] : [c.PreExposure],
            ]));
        }

        if (source is StarParticles star)
        {
            for (var i = 0; i < star.Particles.Count && star.Stacks.Count > 0; i++)
            {
                var (stack, image) = star.ImageOf(i);
                hash.AppendData(MemoryMarshal.AsBytes<int>([stack, image]));
            }
        }

        return Short(hash.GetHashAndReset());
    }

    /// <summary>Of whole numbers.</summary>
    public static string Of(int[] numbers) => Short(SHA256.HashData(MemoryMarshal.AsBytes<int>(numbers)));

    /// <summary>Of rows of numbers, in their order.</summary>
    public static string Of(IReadOnlyList<double[]> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows)
        {
            hash.AppendData(MemoryMarshal.AsBytes<double>(row));
        }

        return Short(hash.GetHashAndReset());
    }

    /// <summary>Of texts, in their order.</summary>
    public static string Of(string[] texts) => Short(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', texts))));

    /// <summary>Of poses.</summary>
    public static string Of(IReadOnlyList<Pose> poses)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var p in poses)
        {
            Append(hash, p);
        }

        return Short(hash.GetHashAndReset());
    }

    /// <summary>Takes a pose into a hash.</summary>
    public static void Append(IncrementalHash hash, in Pose pose)
    {
        var r = pose.Rotation;
        hash.AppendData(MemoryMarshal.AsBytes<double>([r.M00, r.M01, r.M02, r.M10, r.M11, r.M12, r.M20, r.M21, r.M22, pose.ShiftX, pose.ShiftY]));
    }

    private static string Short(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, 8));
}
