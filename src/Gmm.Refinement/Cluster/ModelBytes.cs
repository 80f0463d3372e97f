using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>Gaussian models in binary files, to the last bit.</summary>
internal static class ModelBytes
{
    private const int Columns = 5;

    /// <summary>What a header says of a model.</summary>
    public static PassModel Describe(GaussianModel m) => new(m.Count, m.BoxSize, m.PixelSize, m.Provenance);

    /// <summary>Bytes of a model.</summary>
    public static Int128 Of(PassModel m) => (Int128)Columns * sizeof(float) * m.Gaussians;

    /// <summary>Writes a model.</summary>
    public static void Put(HashedOutput output, GaussianModel m)
    {
        output.Put(m.X);
        output.Put(m.Y);
        output.Put(m.Z);
        output.Put(m.Amplitudes);
        output.Put(m.Widths);
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidInputException">It is cut off, or no model.</exception>
    public static GaussianModel Read<T>(HashedFile<T> file, PassModel m, string path)
        where T : class, IRecord
    {
        var columns = new float[Columns][];
        for (var c = 0; c < Columns; c++)
        {
            columns[c] = new float[m.Gaussians];
            file.Fill<float>(columns[c]);
        }

        try
        {
            return new GaussianModel(columns[0], columns[1], columns[2], columns[3], columns[4], m.BoxSize, m.PixelSize, m.Provenance);
        }
        catch (ArgumentException e)
        {
            throw new InvalidInputException($"holds what is no model: {e.Message}", path, innerException: e);
        }
    }
}

/// <summary>A half's model in the header.</summary>
/// <param name="Gaussians">Their number.</param>
/// <param name="BoxSize">Voxels of a side of the maps.</param>
/// <param name="PixelSize">Angstrom.</param>
/// <param name="Provenance">Where it comes from.</param>
internal sealed record PassModel(int Gaussians, int BoxSize, [property: JsonPropertyName("pixel_size_A")] double PixelSize, string Provenance);
