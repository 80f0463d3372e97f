using FsCheck;
using FsCheck.Fluent;

namespace Gmm.Fuzz.Tests;

/// <summary>Damages to a file, for FsCheck.</summary>
/// <param name="Seed">Which of the whole files, as many of them as there are.</param>
/// <param name="All">The damages, one after the other.</param>
internal sealed record Damages(int Seed, IReadOnlyList<Damage> All)
{
    private const int Most = 4;

    /// <summary>Any damages to one of some files; those that break a rule are tried again with fewer, smaller and earlier ones.</summary>
    /// <param name="files">Number of whole files.</param>
    public static Arbitrary<Damages> Of(int files)
    {
        var damage =
            from kind in Gen.Elements(Enum.GetValues<DamageKind>())

            // Headers lie at the beginning, so that half of the places are there.
            from early in Gen.Elements(false, true)
            from at in Gen.Choose(0, early ? Damage.End / 16 : Damage.End)
            from size in Gen.Choose(0, 9)
            from length in Gen.Choose(1, 1 << size)
            from value in Gen.Choose(0, 1000)
            select new Damage(kind, at, length, value);
        var all =
            from seed in Gen.Choose(0, files - 1)
            from count in Gen.Choose(1, Most)
            from damages in Gen.ListOf(damage, count)
            select new Damages(seed, [.. damages]);
        return Arb.From(all, Smaller);
    }

    /// <inheritdoc/>
    public override string ToString() => $"file {Seed}: {string.Join(", ", All)}";

    private static IEnumerable<Damages> Smaller(Damages damages)
    {
        for (var i = 0; i < damages.All.Count && damages.All.Count > 1; i++)
        {
            yield return damages with { All = [.. damages.All.Take(i), .. damages.All.Skip(i + 1)] };
        }

        for (var i = 0; i < damages.All.Count; i++)
        {
            foreach (var smaller in Smaller(damages.All[i]))
            {
                yield return damages with { All = [.. damages.All.Take(i), smaller, .. damages.All.Skip(i + 1)] };
            }
        }
    }

    private static IEnumerable<Damage> Smaller(Damage damage)
    {
        if (damage.At > 0)
        {
            yield return damage with { At = damage.At / 2 };
            yield return damage with { At = damage.At - 1 };
        }

        if (damage.Length > 1)
        {
            yield return damage with { Length = damage.Length / 2 };
        }

        if (damage.Value > 0)
        {
            yield return damage with { Value = damage.Value / 2 };
        }
    }
}
