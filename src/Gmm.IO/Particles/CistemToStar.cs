using Gmm.Core;

namespace Gmm.IO;

/// <summary>Says what cisTEM's particles are in RELION's columns (3.1).</summary>
/// <remarks>
/// Names and units of cisTEM 2 (WriteTocisTEMStarFile); signs of its export to RELION (ExportRefinementPackageWizard): phi, theta, psi are
/// rot, tilt, psi, shifts are minus the origins. docs/formats.md has the table. Columns that mean nothing here are kept under their names.
/// </remarks>
internal static class CistemToStar
{
    private static readonly string[] s_mapped =
    [
        CistemLabels.Position, CistemLabels.Stack, CistemLabels.Psi, CistemLabels.Theta, CistemLabels.Phi, CistemLabels.ShiftX, CistemLabels.ShiftY,
        CistemLabels.Defocus1, CistemLabels.Defocus2, CistemLabels.DefocusAngle, CistemLabels.PhaseShift, CistemLabels.PixelSize, CistemLabels.Voltage,
        CistemLabels.Aberration, CistemLabels.AmplitudeContrast, CistemLabels.BeamTiltX, CistemLabels.BeamTiltY, CistemLabels.ImageShiftX,
        CistemLabels.ImageShiftY, CistemLabels.Subset,
    ];

    /// <summary>Makes the STAR file; null if the file is none of cisTEM's.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its name.</param>
    /// <param name="options">How it is read; <see cref="StarParticlesOptions.Stack"/> is the stack of files that do not name it.</param>
    /// <exception cref="InvalidInputException">A column that is needed is missing, or a number is none; the message names file, row and column.</exception>
    public static ParticleFile? Convert(StarFile file, string path, StarParticlesOptions options)
    {
        bool IsCistems(StarTable? t) => t is not null && t.Contains(CistemLabels.Psi) && !t.Contains(Labels.ImageName);
        if (file.Blocks.FirstOrDefault(b => IsCistems(b.Table)) is not { Table: { } table } block)
        {
            return null;
        }

        var names = Names(table, options.Stack);
        var result = table.Without(table.Labels);
        result.SetColumn(Labels.ImageName, names);
        var optics = new OpticsGathering();
        using var stacks = new ForeignStacks(path, file.Comments, options);
        result.SetColumn(Labels.Group, [.. Enumerable.Range(0, table.RowCount).Select(
            row => optics.IdOf(Optics(table, row, stacks.Side(StackOf(table, row, options.Stack)))))]);
        foreach (var (from, to) in CistemLabels.Copied)
        {
            Require(table, from);
            result.SetColumn(to, table.GetColumn(from));
        }

        if (table.Contains(CistemLabels.PhaseShift))
        {
            result.SetColumn(Labels.PhaseShift, table.GetColumn(CistemLabels.PhaseShift));
        }

        foreach (var (from, to) in CistemLabels.Shifts.Where(s => table.Contains(s.Cistem)))
        {
            result.SetColumn(to, [.. Enumerable.Range(0, table.RowCount).Select(row => PoseText.Text(-table.GetDouble(row, from)))]);
        }

        if (table.Contains(CistemLabels.Subset) && Enumerable.Range(0, table.RowCount).Any(row => table.GetInteger(row, CistemLabels.Subset) > 0))
        {
            result.SetColumn(Labels.Half, table.GetColumn(CistemLabels.Subset));
        }

        string[] warnings = [.. Inactive(table, result), .. Tilted(table)];
        foreach (var label in table.Labels.Except(s_mapped))
        {
            result.SetColumn(label, table.GetColumn(label));
        }

        return new ParticleFile(optics.File(result, block.Comments), null, warnings);
    }

    private static string[] Names(StarTable table, string? stack)
    {
        Require(table, CistemLabels.Position);
        if (stack is null && !table.Contains(CistemLabels.Stack))
        {
            throw table.Error(
                "the column is missing, and nothing else says in which stack the images are: gmm convert FILE --stack STACK --out NEW.star names it", null,
                CistemLabels.Stack);
        }

        return [.. Enumerable.Range(0, table.RowCount).Select(row =>
        {
            var (position, name) = (table.GetInteger(row, CistemLabels.Position), StackOf(table, row, stack));
            return position < 1 ? throw table.Error($"{position} is no image of a stack; they are counted from 1", row, CistemLabels.Position)
                : name.Length == 0 ? throw table.Error("the name of the stack is empty; --stack of gmm convert names it", row, CistemLabels.Stack)
                : StarParticles.ImageName(position - 1, name);
        })];
    }

    private static string StackOf(StarTable table, int row, string? given) => given ?? table.GetText(row, CistemLabels.Stack);

    private static ParticleOptics Optics(StarTable table, int row, int? side)
    {
        double Number(string label) => table.Contains(label) ? table.GetDouble(row, label) : 0;
        string? Text(string label) => table.Contains(label) && double.IsFinite(Number(label)) ? table.GetText(row, label) : null;
        double tiltX = Number(CistemLabels.BeamTiltX), tiltY = Number(CistemLabels.BeamTiltY);
        var shift = CsAberrations.None with { ShiftX = Number(CistemLabels.ImageShiftX), ShiftY = Number(CistemLabels.ImageShiftY) };
        var isTilted = tiltX != 0 || tiltY != 0;
        return new ParticleOptics(
            Text(CistemLabels.Voltage), Text(CistemLabels.Aberration), Text(CistemLabels.AmplitudeContrast), Text(CistemLabels.PixelSize),
            side)
        {
            TiltX = isTilted ? PoseText.Text(-tiltX) : null,
            TiltY = isTilted ? PoseText.Text(-tiltY) : null,
            Odd = shift.Odd(1, 1) is { Length: > 0 } odd ? AberrationTerms.List(odd) : null,
        };
    }

    /// <summary>Particles that cisTEM leaves out of its sums count nothing here either, but stay.</summary>
    private static string[] Inactive(StarTable table, StarTable result)
    {
        if (!table.Contains(CistemLabels.Activity))
        {
            return [];
        }

        bool[] off = [.. Enumerable.Range(0, table.RowCount).Select(row => table.GetInteger(row, CistemLabels.Activity) < 0)];
        var count = off.Count(o => o);
        if (count == 0)
        {
            return [];
        }

        result.SetColumn(StarParticles.WeightLabel, [.. off.Select(o => o ? "0" : "1")]);
        return [$"{table.Source}: {count} particles are not active ({CistemLabels.Activity} under 0); they stay, with {StarParticles.WeightLabel} 0: "
            + "they count nothing in sums"];
    }

    private static string[] Tilted(StarTable table) =>
        CistemLabels.Tilts.Any(l => table.Contains(l) && Enumerable.Range(0, table.RowCount).Any(row => table.GetDouble(row, l) != 0))
            ? [$"{table.Source}: beam tilts are turned about, as cisTEM's source says; no images with known truth were at hand to check the sign"]
            : [];

    private static void Require(StarTable table, string label)
    {
        if (!table.Contains(label))
        {
            throw table.Error("the column is missing", null, label);
        }
    }
}
