using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The optics and poses of an iteration while its halves are worked on; each half changes its own groups and particles only.</summary>
internal sealed class OpticsDraft(OpticsState state, IReadOnlyList<Pose> poses, OpticsRecord? found = null)
{
    private readonly OpticsState _before = state;

    /// <summary>What the iteration before found of a group in a half; null where there is none.</summary>
    public OpticsGroupRecord? FoundBefore(string name, int half) => found?.Groups.FirstOrDefault(g => g.Name == name && g.Half == half + 1);

    /// <summary>The groups.</summary>
    public OpticsGroup[] Groups { get; } = [.. state.Groups];

    /// <summary>A group's aberrations as the iteration began with them.</summary>
    public Aberrations? Before(int group) => _before.Groups[group].Aberrations;

    /// <summary>For each particle its group.</summary>
    public IReadOnlyList<int> GroupOf { get; } = state.GroupOf;

    /// <summary>For each particle its CTF.</summary>
    public CtfParameters[] Ctf { get; } = [.. state.Ctf];

    /// <summary>For each particle the uncertainty of its defocus, angstrom.</summary>
    public Defocus[] Sigma { get; } = [.. state.Sigma];

    /// <summary>For each group whether its images were taken with a phase plate.</summary>
    public bool[] HasPhasePlate { get; } =
        [.. state.Groups.Select((_, g) => state.Ctf.Zip(state.GroupOf).Any(p => p.Second == g && p.First.PhaseShiftDegrees != 0))];

    /// <summary>For each particle its pose.</summary>
    public Pose[] Poses { get; } = [.. poses];

    /// <summary>Whether a particle's defocus was estimated.</summary>
    public bool[] IsEstimated { get; } = new bool[poses.Count];

    /// <summary>Whether a particle's image does not look like the reference at all, so that its defocus stays.</summary>
    public bool[] IsUnlike { get; } = new bool[poses.Count];

    /// <summary>Particles of each half that were held at their micrograph's defocus.</summary>
    public int[] Held { get; } = new int[2];

    /// <summary>Spread of the defoci about their micrograph's in each half, angstrom.</summary>
    public double[] PriorSigma { get; } = new double[2];

    /// <summary>The same of the defoci that were given.</summary>
    public double[] GivenSpread { get; } = new double[2];

    /// <summary>What was found of the groups of each half.</summary>
    public List<OpticsGroupRecord>[] Found { get; } = [[], []];

    /// <summary>The images as the draft's optics see them.</summary>
    public PreparedParticles See(PreparedParticles source) => source.WithOptics(
        Groups, (i, p) => p with { OpticsIndex = GroupOf[i], Ctf = Ctf[i] with { ScaleFactor = p.Ctf.ScaleFactor } });

    /// <summary>The optics as they are now.</summary>
    public OpticsState State() => _before with { Groups = Groups, Ctf = Ctf, Sigma = Sigma };

    /// <summary>What was found, in numbers.</summary>
    /// <param name="given">The particles as they were given.</param>
    public OpticsRecord Record(IReadOnlyList<Particle> given)
    {
        int[] defoci = [.. Enumerable.Range(0, IsEstimated.Length).Where(i => IsEstimated[i])];
        double? Median(Func<int, double> value) => Medians.FiniteOrNull(Medians.OfFinite(defoci.Select(value)));
        double From(CtfParameters ctf, int i) => Math.Abs(Defocus.Of(Ctf[i]).Mean - Defocus.Of(ctf).Mean);
        OpticsGroupRecord[] groups = [.. Found.SelectMany(f => f)];
        return new OpticsRecord(
            groups, defoci.Length, Held.Sum(), Median(i => From(_before.Ctf[i], i)), Median(i => From(given[i].Ctf, i)),
            Median(i => Sigma[i].Mean), Median(i => Sigma[i].Cos),
            Median(i => Sigma[i].Phase > 0 ? Sigma[i].PhaseDegrees : double.NaN), PriorSigma, OpticsRecord.Difference(groups))
        {
            Unlike = IsUnlike.Count(u => u),
            Far = defoci.Count(i => From(given[i].Ctf, i) > OpticsRecord.FarAngstrom),
            GivenSpread = GivenSpread,
        };
    }
}
