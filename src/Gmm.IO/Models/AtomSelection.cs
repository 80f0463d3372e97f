using System.Globalization;
using System.Text.RegularExpressions;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// Atoms of a model by chain and residue number, from text such as <c>A:335-520,528,B:10-20,C</c>: a chain's residues follow its name and a
/// colon, ranges include both ends, and a name alone is the whole chain. <c>:10-20</c> is of the chain without a name.
/// </summary>
public sealed partial class AtomSelection
{
    private readonly List<(string Chain, int First, int Last)> _ranges = [];

    private AtomSelection(string text) => Text = text;

    /// <summary>The text it was made from.</summary>
    public string Text { get; }

    /// <summary>Reads a selection.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The selection.</returns>
    /// <exception cref="InvalidInputException">A text that is none; the message shows the part that is wrong.</exception>
    public static AtomSelection Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var selection = new AtomSelection(text);
        string? chain = null;
        foreach (var token in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var residues = token;
            if (token.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
            {
                (chain, residues) = (token[..colon], token[(colon + 1)..]);
            }
            else if (chain is null || !Residues().IsMatch(token))
            {
                (chain, residues) = (token, string.Empty);
            }

            if (chain.Length == 0 && residues.Length == 0)
            {
                throw Wrong(token, text);
            }

            selection.Add(chain, residues, token);
        }

        return selection;
    }

    /// <summary>Whether a residue's atoms belong to it.</summary>
    /// <param name="chain">Name of the chain.</param>
    /// <param name="residue">Number of the residue.</param>
    /// <returns>True if they do.</returns>
    public bool Contains(string chain, int residue) => _ranges.Exists(r => r.Chain == chain && r.First <= residue && residue <= r.Last);

    /// <summary>Finds the atoms in a model.</summary>
    /// <param name="model">The model.</param>
    /// <returns>Indices of the atoms, in order.</returns>
    /// <exception cref="InvalidInputException">A chain or range that has no atom in the model.</exception>
    public int[] Find(AtomicModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var found = new bool[_ranges.Count];
        var atoms = new List<int>();
        for (var i = 0; i < model.Count; i++)
        {
            var member = false;
            for (var r = 0; r < _ranges.Count; r++)
            {
                var (chain, first, last) = _ranges[r];
                if (model.Chains[i] == chain && first <= model.ResidueNumbers[i] && model.ResidueNumbers[i] <= last)
                {
                    (member, found[r]) = (true, true);
                }
            }

            if (member)
            {
                atoms.Add(i);
            }
        }

        if (Array.IndexOf(found, false) is >= 0 and var missing)
        {
            var (chain, first, last) = _ranges[missing];
            var what = first == int.MinValue ? $"chain {chain}" : $"residues {first} to {last} of chain {chain}";
            throw new InvalidInputException($"the model has no atoms of {what} ('{Text}'); its chains are {string.Join(' ', model.Chains.Distinct())}");
        }

        return [.. atoms];
    }

    [GeneratedRegex(@"^(-?\d+)(?:-(-?\d+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Residues();

    private static InvalidInputException Wrong(string token, string text) =>
        new($"'{token}' in '{text}' is no selection; A:335-520,528 selects residues of chain A, and A all of them");

    private void Add(string chain, string residues, string token)
    {
        if (residues.Length == 0)
        {
            _ranges.Add((chain, int.MinValue, int.MaxValue));
            return;
        }

        var match = Residues().Match(residues);
        if (!match.Success || !int.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var first))
        {
            throw Wrong(token, Text);
        }

        var last = first;
        if (match.Groups[2].Success
            && (!int.TryParse(match.Groups[2].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out last) || last < first))
        {
            throw Wrong(token, Text);
        }

        _ranges.Add((chain, first, last));
    }
}
