using Field = Gmm.IO.ParticleField;

namespace Gmm.IO;

/// <summary>The cells of one row of particles, split.</summary>
internal readonly ref struct ParticleCells(ParticleColumns columns, int row, ReadOnlySpan<byte> line, TextRange[] tokens)
{
    private readonly ReadOnlySpan<byte> _line = line;

    /// <summary>A cell's text, with its quotes.</summary>
    public ReadOnlySpan<byte> Raw(Field field) => columns.Raw(field, row, _line, tokens);

    /// <summary>A cell as a finite number.</summary>
    public double Number(Field field) => columns.Number(Raw(field), row, field);

    /// <summary>A cell as a finite number, or what it is where there is no such column.</summary>
    public double Number(Field field, double missing) => columns.Has(field) ? Number(field) : missing;

    /// <summary>A cell as a whole number.</summary>
    public int Integer(Field field) => columns.Integer(Raw(field), row, field);
}
