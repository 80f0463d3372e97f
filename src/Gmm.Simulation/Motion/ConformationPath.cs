using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>
/// A path between conformations: the structure at a coordinate from 0 to 1 lies between two neighbouring frames, its atoms on the straight
/// line from the one place to the other. The frames are evenly spaced along the coordinate.
/// </summary>
public sealed class ConformationPath
{
    private readonly double[][] _frames;

    /// <summary>Makes a path.</summary>
    /// <param name="frames">
    /// At least two frames, in order; each has x, y, z of every atom given to the simulator, one atom after the other, in angstrom in the
    /// model's own coordinates. Kept, not copied.
    /// </param>
    /// <exception cref="InvalidInputException">Fewer than two frames, frames of different length, or a coordinate that is not finite.</exception>
    public ConformationPath(IReadOnlyList<double[]> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count < 2)
        {
            throw new InvalidInputException("a path needs at least two frames");
        }

        for (var f = 0; f < frames.Count; f++)
        {
            if (frames[f].Length != frames[0].Length || frames[f].Length % 3 != 0)
            {
                throw new InvalidInputException($"frame {f + 1} of the path has {frames[f].Length / 3} atoms, frame 1 has {frames[0].Length / 3}");
            }

            if (!Array.TrueForAll(frames[f], double.IsFinite))
            {
                throw new InvalidInputException($"frame {f + 1} of the path has a coordinate that is not finite");
            }
        }

        _frames = [.. frames];
    }

    /// <summary>Number of frames.</summary>
    public int FrameCount => _frames.Length;

    /// <summary>Number of atoms.</summary>
    public int AtomCount => _frames[0].Length / 3;

    /// <summary>Where the atoms are.</summary>
    /// <param name="coordinate">0 to 1.</param>
    /// <param name="positions">Filled with x, y, z of each atom, angstrom in the model's own coordinates.</param>
    /// <exception cref="ArgumentOutOfRangeException">A coordinate outside 0 to 1.</exception>
    public void At(double coordinate, Span<double> positions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(coordinate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(coordinate, 1);
        var at = coordinate * (_frames.Length - 1);
        var first = Math.Min((int)at, _frames.Length - 2);
        var part = at - first;
        double[] a = _frames[first], b = _frames[first + 1];
        for (var i = 0; i < a.Length; i++)
        {
            positions[i] = a[i] + (part * (b[i] - a[i]));
        }
    }
}
