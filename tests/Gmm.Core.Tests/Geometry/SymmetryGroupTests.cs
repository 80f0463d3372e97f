using System.Globalization;

namespace Gmm.Core.Tests;

/// <summary>The operators, against those that RELION 3.1.3 prints (Data/README.md) and against the group axioms.</summary>
public sealed class SymmetryGroupTests
{
    /// <summary>RELION prints six digits at most.</summary>
    private const double PrintedRadians = 2e-4;

    public static TheoryData<string> Names => ["C1", "C2", "C3", "C7", "D1", "D2", "D3", "D7", "D7Y", "T", "O", "I", "I1", "I2", "I3", "I4"];

    [Theory]
    [InlineData("C3")]
    [InlineData("D2")]
    [InlineData("D3")]
    [InlineData("T")]
    [InlineData("O")]
    [InlineData("I1")]
    [InlineData("I2")]
    [InlineData("I3")]
    [InlineData("I4")]
    public void The_operators_are_those_of_relion(string name)
    {
        var relion = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "relion_symmetry_operators.txt"))
            .Select(line => line.Split(' '))
            .Where(f => f[0] == name)
            .Select(f => f.Skip(1).Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray())
            .Select(m => new Rotation(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]).Orthonormalized())
            .ToArray();
        var group = SymmetryGroup.Parse(name);
        Assert.Equal(relion.Length, group.Order);
        Assert.All(relion, r => Assert.Contains(group.Operators, s => s.AngleTo(r) < PrintedRadians));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(7, false)]
    public void A_dihedral_group_about_y_is_that_about_x_turned_a_quarter(int n, bool same)
    {
        Rotation[] x = [.. SymmetryGroup.Parse($"D{n}").Operators], y = [.. SymmetryGroup.Parse($"d{n}y").Operators];
        var turn = Rotation.FromRotationVector(0, 0, Math.PI / 2);
        Assert.Equal(2 * n, y.Length);
        Assert.All(x, a => Assert.Contains(y, b => b.AngleTo(turn * a * turn.Transpose()) < 1e-9));
        Assert.Contains(y, b => b.AngleTo(Rotation.FromRotationVector(0, Math.PI, 0)) < 1e-9);
        Assert.Equal(same, x.All(a => y.Any(b => b.AngleTo(a) < 1e-6)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_operators_form_a_group(string name)
    {
        var operators = SymmetryGroup.Parse(name).Operators;
        Assert.Equal(Rotation.Identity, operators[0]);
        foreach (var a in operators)
        {
            Assert.Single(operators, s => s.AngleTo(a) < 1e-6);
            Assert.Single(operators, s => s.AngleTo(a.Transpose()) < 1e-6);
            Assert.All(operators, b => Assert.Single(operators, s => s.AngleTo(a * b) < 1e-6));
        }
    }

    [Theory]
    [InlineData("c4", "C4", 4)]
    [InlineData(" d3 ", "D3", 6)]
    [InlineData("i", "I2", 60)]
    [InlineData("C1", "C1", 1)]
    public void Names_are_read_in_either_case(string name, string expected, int order)
    {
        var group = SymmetryGroup.Parse(name);
        Assert.Equal(expected, group.Name);
        Assert.Equal(order, group.Order);
    }

    [Theory]
    [InlineData("")]
    [InlineData("C")]
    [InlineData("C0")]
    [InlineData("C-2")]
    [InlineData("C101")]
    [InlineData("I5")]
    [InlineData("H")]
    [InlineData("D2x")]
    public void A_name_that_is_no_group_is_refused(string name)
    {
        var error = Assert.Throws<InvalidInputException>(() => SymmetryGroup.Parse(name));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }
}
