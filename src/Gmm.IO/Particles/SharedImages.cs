using Gmm.Core;

namespace Gmm.IO;

/// <summary>Images that more than one row has, told by the file they lie in and not by how the row spells it.</summary>
/// <param name="Repeated">Rows whose image an earlier row of the same half has.</param>
/// <param name="FirstRepeated">The first of them.</param>
/// <param name="Across">Rows whose image an earlier row has in the other half.</param>
/// <param name="FirstAcross">The first of them, and the earlier row.</param>
internal sealed record SharedImages(int Repeated, int FirstRepeated, int Across, (int Row, int Earlier) FirstAcross)
{
    /// <summary>Looks for them.</summary>
    /// <param name="images">Stack (one number for a file) and image of each row.</param>
    /// <param name="particles">The rows' particles.</param>
    public static SharedImages Find((int Stack, int Index)[] images, Particle[] particles)
    {
        var first = new Dictionary<(int, int), int>(images.Length);
        var found = new SharedImages(0, -1, 0, (-1, -1));
        for (var i = 0; i < images.Length; i++)
        {
            if (first.TryAdd(images[i], i))
            {
                continue;
            }

            var earlier = first[images[i]];
            if (particles[earlier].Half == particles[i].Half)
            {
                found = found with { Repeated = found.Repeated + 1, FirstRepeated = found.Repeated == 0 ? i : found.FirstRepeated };
            }
            else
            {
                found = found with { Across = found.Across + 1, FirstAcross = found.Across == 0 ? (i, earlier) : found.FirstAcross };
            }
        }

        return found;
    }

    /// <summary>What rows in both halves mean, for a message about the first of them; null if there are none.</summary>
    public string? AcrossText(StarTable table) => Across == 0 ? null
        : $"the image is in both half sets (the other half has it at row {table.LineOf(FirstAcross.Earlier)}), as are {Across} in all: their FSC "
        + "would be too good. "
        + $"Take the copies out, or give them the same {Labels.Half}";
}
