using Gmm.Core;

namespace Gmm.IO;

/// <summary>Reads the data_optics table: what particles of a group share.</summary>
internal static class OpticsReader
{
    /// <summary>One row of data_optics; values the table does not have are null.</summary>
    public sealed record Row(
        int Id, string Name, int Line, double? PixelSize, int? ImageSize, CtfState? CtfState, double? Voltage, double? Aberration, double? AmplitudeContrast,
        AberrationTerms Terms, string? MtfFile, double? OriginalPixelSize);

    /// <summary>Reads all groups.</summary>
    /// <exception cref="InvalidInputException">A number that is none, a group twice, a pixel size not positive.</exception>
    public static List<Row> Read(StarTable table, bool pixelSizeIsGiven, bool ctfStateIsGiven)
    {
        var rows = new List<Row>();
        var ids = new HashSet<int>();
        for (var r = 0; r < table.RowCount; r++)
        {
            var id = table.GetInteger(r, Labels.Group);
            if (!ids.Add(id))
            {
                throw table.Error($"optics group {id} is there twice", r, Labels.Group);
            }

            rows.Add(new Row(
                id,
                table.Contains(Labels.OpticsName) ? table.GetText(r, Labels.OpticsName) : $"opticsGroup{id}",
                table.LineOf(r),
                PixelSize(table, r, pixelSizeIsGiven),
                ImageSize(table, r),
                ctfStateIsGiven ? null : State(table, r),
                Optional(table, r, Labels.Voltage),
                Optional(table, r, Labels.Aberration),
                Optional(table, r, Labels.AmplitudeContrast),
                AberrationTerms.Read(table, r),
                table.Contains(Labels.MtfFile) && table.GetText(r, Labels.MtfFile) is { Length: > 0 } file and not "None" ? file : null,
                Optional(table, r, Labels.OriginalPixelSize)));
        }

        return rows;
    }

    /// <summary>What the table says has been done to the images; null if it says nothing.</summary>
    /// <exception cref="InvalidInputException">A flag that is neither 0 nor 1, or two that contradict each other.</exception>
    public static CtfState? State(StarTable table, int row)
    {
        bool? Flag(string label) => !table.Contains(label) ? null : table.GetInteger(row, label) switch
        {
            0 => false,
            1 => true,
            var other => throw table.Error($"{other} is neither 0 (no) nor 1 (yes); --ctf-state overrides the file", row, label),
        };
        var premultiplied = Flag(Labels.Premultiplied);
        var flipped = Flag(Labels.PhaseFlipped) ?? Flag(Labels.PhaseFlippedOld);
        if (premultiplied == true && flipped == true)
        {
            throw table.Error(
                $"the images are said to be premultiplied by the CTF and phase-flipped ({Labels.PhaseFlipped}) at once, which cannot be: "
                    + "set one of the two to 0, or give --ctf-state",
                row, Labels.Premultiplied);
        }

        return premultiplied == true ? CtfState.Premultiplied
            : flipped == true ? CtfState.PhaseFlipped
            : premultiplied is null && flipped is null ? null : CtfState.Unmodified;
    }

    private static double? Optional(StarTable table, int row, string label) => table.Contains(label) ? table.GetDouble(row, label) : null;

    private static double? PixelSize(StarTable table, int row, bool isGiven)
    {
        var value = isGiven ? null : Optional(table, row, Labels.ImagePixelSize);
        return value is not { } a || PhysicalLimits.PixelProblem(a) is not { } problem ? value : throw table.Error(problem, row, Labels.ImagePixelSize);
    }

    private static int? ImageSize(StarTable table, int row)
    {
        int? value = table.Contains(Labels.ImageSize) ? table.GetInteger(row, Labels.ImageSize) : null;
        return value is null or > 0 ? value : throw table.Error($"the image size {value} is not positive", row, Labels.ImageSize);
    }
}
