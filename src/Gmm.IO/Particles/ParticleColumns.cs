using System.Text;
using Field = Gmm.IO.ParticleField;

namespace Gmm.IO;

/// <summary>The columns of a table of particles that are read, and where each is in the text of a row.</summary>
internal sealed class ParticleColumns
{
    private static readonly string[] s_labels = [.. Enum.GetValues<Field>().Select(Label)];
    private readonly StarTable _table;
    private readonly int[] _rawIndex;

    /// <summary>Finds the columns.</summary>
    public ParticleColumns(StarTable table)
    {
        _table = table;
        _rawIndex = [.. Enum.GetValues<Field>().Select(f => table.RawIndexOf(LabelOf(f)))];
    }

    /// <summary>The label of a column, without underscore.</summary>
    public static string LabelOf(Field field) => s_labels[(int)field];

    /// <summary>Whether the table has a column.</summary>
    public bool Has(Field field) => _rawIndex[(int)field] != -1;

    /// <summary>The cells of a row.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="tokens">Room for the places of all columns that the text has; the cells are good until it is used again.</param>
    public ParticleCells Row(int row, TextRange[] tokens) => new(this, row, _table.SplitRow(row, tokens), tokens);

    /// <summary>A cell's text, with its quotes.</summary>
    public ReadOnlySpan<byte> Raw(Field field, int row, ReadOnlySpan<byte> line, TextRange[] tokens)
    {
        var at = _rawIndex[(int)field];
        return at < 0 ? Encoding.UTF8.GetBytes(_table.GetText(row, LabelOf(field))) : line.Slice(tokens[at].Start, tokens[at].Length);
    }

    /// <summary>A cell's text as a finite number.</summary>
    public double Number(ReadOnlySpan<byte> raw, int row, Field field) => _table.ParseDouble(raw, row, LabelOf(field));

    /// <summary>A cell's text as a whole number.</summary>
    public int Integer(ReadOnlySpan<byte> raw, int row, Field field) => _table.ParseInteger(raw, row, LabelOf(field));

    private static string Label(Field field) => field switch
    {
        Field.Group => Labels.Group,
        Field.Half => Labels.Half,
        Field.Rot => PoseText.Rot,
        Field.Tilt => PoseText.Tilt,
        Field.Psi => PoseText.Psi,
        Field.OriginXAngstrom => PoseText.OriginXAngstrom,
        Field.OriginYAngstrom => PoseText.OriginYAngstrom,
        Field.BFactor => Labels.BFactor,
        Field.Scale => Labels.Scale,
        Field.Aberration => Labels.Aberration,
        Field.PreExposure => Labels.PreExposure,
        Field.GmmScale => StarParticles.ScaleLabel,
        Field.GmmWeight => StarParticles.WeightLabel,
        _ => "rln" + field,
    };
}
