using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>A condition on the rows of a table: a column compared with a value.</summary>
/// <param name="Label">The column.</param>
/// <param name="Operator">One of =, !=, &lt;, &lt;=, &gt;, &gt;=.</param>
/// <param name="Value">What it is compared with: numbers as numbers, other texts for equality only.</param>
internal sealed record RowCondition(string Label, string Operator, string Value)
{
    private static readonly string[] s_operators = ["!=", "<=", ">=", "==", "=", "<", ">"];

    /// <summary>Reads a condition such as "gmmPoseScore&gt;0.2".</summary>
    /// <param name="text">The text.</param>
    /// <returns>The condition; null if it is none.</returns>
    public static RowCondition? Parse(string text)
    {
        var at = text.IndexOfAny(['=', '!', '<', '>']);
        var op = at <= 0 ? null : Array.Find(s_operators, o => text.AsSpan(at).StartsWith(o, StringComparison.Ordinal));
        var value = op is null ? string.Empty : text[(at + op.Length)..].Trim();

        // What is left when an operator is none that there is ("=<", "=>", "<>") is no value.
        return op is null || value.Length == 0 || value[0] is '=' or '<' or '>' or '!'
            ? null
            : new RowCondition(text[..at].Trim().TrimStart('_'), op == "==" ? "=" : op, value);
    }

    /// <summary>The rows that fulfil all conditions.</summary>
    /// <exception cref="InvalidInputException">
    /// A column that the table does not have, or a cell that is no number; the message names file, row and column.
    /// </exception>
    public static int[] Rows(StarTable table, IReadOnlyList<RowCondition> conditions)
    {
        foreach (var c in conditions.Where(c => !table.Contains(c.Label)))
        {
            throw new InvalidInputException("there is no such column", table.Source, null, c.Label);
        }

        return [.. Enumerable.Range(0, table.RowCount).Where(row => conditions.All(c => c.Holds(table, row)))];
    }

    private bool Holds(StarTable table, int row)
    {
        if (!double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            var same = table.GetText(row, Label) == Value;
            return Operator switch
            {
                "=" => same,
                "!=" => !same,
                _ => throw new InvalidInputException($"\"{Value}\" is no number, so that {Operator} cannot be asked", table.Source, null, Label),
            };
        }

        var cell = table.GetDouble(row, Label);
        return Operator switch
        {
            "=" => cell == number,
            "!=" => cell != number,
            "<" => cell < number,
            "<=" => cell <= number,
            ">" => cell > number,
            _ => cell >= number,
        };
    }
}
