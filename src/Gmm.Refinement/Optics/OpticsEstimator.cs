using System.Collections.Concurrent;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// Estimates the optics of one half from its own particles and its own model: Gauss-Newton on the likelihood of all of them together, in which each
/// particle's pose, defocus and scale are eliminated, so that what they could explain counts as unknown (docs/optics.md, Finding the terms).
/// </summary>
/// <param name="given">The particles as they were given.</param>
/// <param name="settings">What to estimate, and with what.</param>
/// <param name="compute">Threads.</param>
internal sealed class OpticsEstimator(IParticleSource given, OpticsSettings settings, ComputeOptions compute)
{
    private readonly OpticsOptions _terms = settings.Terms;

    /// <summary>Particles between two sums; decides nothing.</summary>
    private const int Chunk = 256;

    /// <summary>
    /// Coarser rings are left out, angstrom: there all images' CTFs are alike, and a map whose amplitudes are off looks like a phase.
    /// </summary>
    private const double CoarsestRing = 20;

    /// <summary>Standard deviations of its prior beyond which a defocus is held.</summary>
    private const double Farthest = 5;

    /// <summary>Odd steps against a map of the same images are lengthened to no more than twice.</summary>
    private const double LeastShare = 0.25;

    /// <summary>Particles whose sums are made one after the other; decides the rounding only.</summary>
    private const int Together = 32;

    /// <summary>A pose moves no farther with the optics, radians and angstrom.</summary>
    private const double FarthestPose = 0.1;
    private const double FarthestShift = 5;

    /// <summary>Estimates the optics of a half.</summary>
    /// <param name="task">The half.</param>
    /// <param name="isFirst">Whether defoci are searched over their priors' reach first.</param>
    /// <param name="draft">Receives what is found.</param>
    /// <param name="done">Told of the number of particles done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Estimate(OpticsTask task, bool isFirst, OpticsDraft draft, Action<int>? done, CancellationToken cancellationToken)
    {
        var members = task.Particles;
        if (members.Length == 0)
        {
            return;
        }

        var references = References(task, members, draft, cancellationToken);
        var priors = new DefocusPriors(members, given.Particles, i => (Defocus.Of(draft.Ctf[i]), draft.Sigma[i]));
        StrainSteps? strain = null;
        for (var pass = 0; pass < task.Passes; pass++)
        {
            var found = new ParticleOptics?[members.Length];
            var systems = Sum(task, draft, references, members, priors, isFirst && pass == 0, found, pass == 0 ? done : null, cancellationToken);
            (var odd, strain) = Solve(task, pass, systems, draft, references, strain);
            Apply(task.Half, draft, systems);
            Move(task.Half, draft, systems, members, priors, found);
            if (IsNear(systems.Values))
            {
                return;
            }

            if (task.FitsAmplitudes)
            {
                foreach (var (g, system) in systems)
                {
                    references[g] = references[g]!.Refitted(system.Sums!.Rings(odd[g]));
                }
            }
        }
    }

    /// <summary>Whether another look at the same images would move no term by a share of its uncertainty that matters.</summary>
    private static bool IsNear(IEnumerable<OpticsSystem> systems)
    {
        double[] steps =
        [
            .. systems.SelectMany(s => Enumerable.Range(0, s.Terms.Count)
                .Where(j => s.IsDetermined[j] && s.Terms[j].Kind != OpticsTermKind.Amplitude && s.Sigma(j) > 0)
                .Select(j => Math.Abs(s.Step[j] * s.Units[j] / s.Sigma(j)))),
        ];
        return steps.Length == 0 || StationaryTerms.Are(Math.Sqrt(steps.Average(s => s * s)), steps.Max());
    }

    private OpticsReference?[] References(OpticsTask task, int[] members, OpticsDraft draft, CancellationToken cancellationToken)
    {
        var ctfs = members.GroupBy(i => draft.GroupOf[i]).ToDictionary(g => draft.Groups[g.Key].Id, g => draft.Ctf[g.First()]);
        return new ReferenceRecipe(task.Source, task.Limit, settings.NoiseParticles, noise: task.Noise).Make(
            members,
            draft.Poses,
            disc => settings.Projector.Create(task.Model, disc),
            (projector, context) => new OpticsReference(
                projector,
                // The Wiener filter: what of the reference is noise would count as information otherwise, which poses can bear.
                new WhitenedCorrelationScorer(
                    context.Disc, context.NoisePower, Array.ConvertAll(context.ReferenceWeight.ToArray(), w => w * w), context.ReferenceScale,
                    context.Disc.RingOfResolution(CoarsestRing)),
                settings.Projector,
                ctfs[context.Optics.Id],
                Terms(draft, context.Optics)),
            compute,
            cancellationToken);
    }

    /// <summary>Where a CTF was applied to the images, only what is not of it can be found.</summary>
    private OpticsTerm[] Terms(OpticsDraft draft, OpticsGroup group)
    {
        var terms = OpticsTerm.Of(_terms, group.CtfState == CtfState.Unmodified, settings.KeepPoses);
        if (DefocusParameters(draft, Array.FindIndex(draft.Groups, g => g.Id == group.Id)) == Defocus.Count)
        {
            // The micrographs' phase shifts are this phase.
            terms = [.. terms.Where(t => t is not { Kind: OpticsTermKind.Even, Degree: 0 })];
        }

        return group.CtfState is CtfState.Unmodified or CtfState.None ? terms : [.. terms.Where(t => t.Kind == OpticsTermKind.Odd)];
    }

    private int DefocusParameters(OpticsDraft draft, int group) =>
        draft.Groups[group].CtfState != CtfState.Unmodified || !_terms.Defocus ? 0
            : !_terms.Astigmatism ? 1
            : _terms.PhaseShift && draft.HasPhasePlate[group] ? Defocus.Count
            : Defocus.Lengths;

    private SortedDictionary<int, OpticsSystem> Sum(
        OpticsTask task, OpticsDraft draft, OpticsReference?[] references, int[] members, DefocusPriors priors, bool searches, ParticleOptics?[] found,
        Action<int>? done, CancellationToken cancellationToken)
    {
        var systems = new SortedDictionary<int, OpticsSystem>();
        var images = new ParticleImages(draft.See(task.Source), task.Limit);
        var workers = new ConcurrentBag<OpticsWorkspace?[]>();
        for (var first = 0; first < members.Length; first += Chunk)
        {
            var count = Math.Min(Chunk, members.Length - first);
            var sums = new OpticsSums?[(count + Together - 1) / Together][];
            Guarded.For(
                0,
                sums.Length,
                compute.StoppedBy(cancellationToken).Parallelism,
                () => workers.TryTake(out var w) ? w : new OpticsWorkspace?[references.Length],
                (b, _, worker) =>
                {
                    sums[b] = new OpticsSums?[references.Length];
                    for (var n = first + (b * Together); n < Math.Min(first + ((b + 1) * Together), first + count); n++)
                    {
                        var g = draft.GroupOf[members[n]];
                        var workspace = worker[g] ??= new OpticsWorkspace(references[g]!, images, !settings.KeepPoses, DefocusParameters(draft, g));
                        var sum = settings.KeepPoses ? sums[b][g] ??= new OpticsSums(references[g]!.Basis.Disc) : null;
                        found[n] = workspace.Evaluate(members[n], draft.Poses[members[n]], priors[n], searches, sum);
                    }

                    return worker;
                },
                workers.Add);
            for (var n = first; n < first + count; n++)
            {
                var g = draft.GroupOf[members[n]];
                if (!systems.TryGetValue(g, out var system))
                {
                    systems.Add(g, system = new OpticsSystem(references[g]!.Basis.Terms, references[g]!.Basis.Units)
                    {
                        Sums = settings.KeepPoses ? new OpticsSums(references[g]!.Basis.Disc) : null,
                    });
                }

                if (found[n] is { } particle)
                {
                    system.Add(particle);
                }
            }

            foreach (var (g, system) in systems)
            {
                foreach (var block in sums)
                {
                    if (block[g] is { } sum)
                    {
                        system.Sums!.Add(sum);
                    }
                }
            }

            done?.Invoke(first + count);
        }

        return systems;
    }

    /// <summary>Solves each group; the scale that all have in common is the map's own and stays.</summary>
    /// <returns>
    /// For each group the odd phase of each coefficient that was found in this pass, where poses are known; and the strains' steps, for the pass after it.
    /// </returns>
    private (Dictionary<int, double[]> Odd, StrainSteps Strain) Solve(
        OpticsTask task, int pass, SortedDictionary<int, OpticsSystem> systems, OpticsDraft draft, OpticsReference?[] references, StrainSteps? before)
    {
        var odd = new Dictionary<int, double[]>();
        foreach (var (g, system) in systems)
        {
            var start = given.OpticsGroups[given.Particles[First(draft, g)].OpticsIndex].Aberrations;
            var moved = GroupOptics.Moved(draft.Groups[g].Aberrations, start, system.Terms, system.Units);
            system.Solve(_terms.LeastParticles, moved);
            if (system.Sums is { } sums)
            {
                (odd[g], var share) = OddPhases.Solve(system, references[g]!.Basis.Phases, sums, moved);
                if (!task.FitsAmplitudes && pass == 0)
                {
                    // A map of the same images has each image's own noise and odd phase in it: the maximum is too near, as a Gauss-Newton step goes too far
                    // by much the same factor. Between the two lies what the next map confirms (measured: docs/optics.md).
                    system.Multiply(OpticsTermKind.Odd, 1 / Math.Sqrt(Math.Clamp(share, LeastShare, 1)));
                }
                else if (!task.FitsAmplitudes)
                {
                    // And would be again.
                    system.Stay(OpticsTermKind.Odd);
                }
            }
        }

        if (!settings.KeepPoses && task.Passes == 1)
        {
            // Passes have the same map.
            Accelerate(task.Half, systems, draft);
        }

        var strain = StrainSteps.Of(systems, before);
        foreach (var system in systems.Values)
        {
            system.Multiply(OpticsTermKind.Magnification, strain.Gain);
        }

        OpticsSystem[] strained = [.. systems.Values.Where(s => StrainSteps.First(s) is { } first && s.IsDetermined[first])];
        OpticsSystem.Constrain(strained, [.. strained.Select(s =>
        {
            var weights = new double[s.Terms.Count];
            weights[StrainSteps.First(s)!.Value] = weights[StrainSteps.First(s)!.Value + 2] = s.Particles * s.Units[StrainSteps.First(s)!.Value];
            return weights;
        })]);
        return (odd, strain);
    }

    /// <summary>Multiplies the steps of odd terms, which move nothing but each other, by what the iteration before tells.</summary>
    private void Accelerate(int half, SortedDictionary<int, OpticsSystem> systems, OpticsDraft draft)
    {
        var (before, steps) = (1.0, new List<(double, double)>());
        foreach (var (g, system) in systems)
        {
            var member = First(draft, g);
            var found = draft.FoundBefore(given.OpticsGroups[given.Particles[member].OpticsIndex].Name, half)?.Terms ?? [];
            for (var j = 0; j < system.Terms.Count; j++)
            {
                var term = system.Terms[j];
                if (term.Kind == OpticsTermKind.Odd && system.IsDetermined[j]
                    && found.FirstOrDefault(t => t.Name == term.Name) is { RelativeStep: { } last } record)
                {
                    before = record.Gain!.Value;
                    steps.Add((last, Math.Sign(GroupOptics.Unit(term, draft.Ctf[member]).Size) * system.Step[j] * system.Units[j] / system.Sigma(j)));
                }
            }
        }

        var gain = StepGain.Of(before, steps);
        foreach (var system in systems.Values)
        {
            system.Multiply(OpticsTermKind.Odd, gain);
        }
    }

    private void Apply(int half, OpticsDraft draft, SortedDictionary<int, OpticsSystem> systems)
    {
        draft.Found[half].Clear();
        foreach (var (g, system) in systems)
        {
            var member = First(draft, g);
            var (group, ctf, source) = (draft.Groups[g], draft.Ctf[member], given.OpticsGroups[given.Particles[member].OpticsIndex]);
            double[] step = [.. system.Step.Zip(system.Units, (s, u) => s * u)];
            var after = step.Any(s => s != 0) ? GroupOptics.After(group.Aberrations, ctf, system.Terms, step) : group.Aberrations;
            var (start, strain) = (source.Aberrations?.Magnification ?? Magnification.None, StrainSteps.First(system));
            var isStrained = strain is { } first && system.IsDetermined[first]
                && GroupOptics.Differs(after?.Magnification ?? Magnification.None, start, Block(system, first));
            if (!isStrained && after is not null)
            {
                after = new Aberrations(after.Odd, after.Even, start);
            }

            draft.Groups[g] = group with { Aberrations = after is { IsNone: false } ? after : null };
            draft.Found[half].Add(new OpticsGroupRecord(
                source.Name, half + 1, system.Particles,
                [.. GroupOptics.Describe(after, draft.Before(g), source.Aberrations, ctf, system.Terms, system.Sigma)
                    .Select((t, j) => t with
                    {
                        Gain = t.Sigma is null ? null : system.Gains[j],
                        IsKept = t.IsKept || (system.Terms[j].Kind == OpticsTermKind.Magnification && !isStrained),
                    })],
                system.Particles < _terms.LeastParticles && system.Terms.Any(t => t.Kind != OpticsTermKind.Amplitude)
                    ? $"{system.Particles} particles are too few for terms of its own (at least {_terms.LeastParticles}); they stay as they are"
                    : null));
        }
    }

    private static int First(OpticsDraft draft, int group) => Enumerable.Range(0, draft.GroupOf.Count).First(i => draft.GroupOf[i] == group);

    private static double[] Block(OpticsSystem system, int first)
    {
        var n = system.Terms.Count;
        var unit = system.Units[first];
        return [.. Enumerable.Range(0, 9).Select(i => system.Covariance[((first + (i / 3)) * n) + first + (i % 3)] * unit * unit)];
    }

    /// <summary>Moves the particles' own parameters with the group's.</summary>
    private void Move(
        int half, OpticsDraft draft, SortedDictionary<int, OpticsSystem> systems, int[] members, DefocusPriors priors, ParticleOptics?[] found)
    {
        var posteriors = new (Defocus Value, Defocus Variance)?[members.Length];
        draft.Held[half] = 0;
        for (var n = 0; n < members.Length; n++)
        {
            var (i, g) = (members[n], draft.GroupOf[members[n]]);
            var (first, count) = (settings.KeepPoses ? 0 : Pose.ParameterCount, DefocusParameters(draft, g));
            draft.IsUnlike[i] = found[n] is null && !draft.IsEstimated[i];
            if (found[n] is not { } particle)
            {
                continue;
            }

            var step = particle.StepWith(systems[g].Step);
            if (first > 0 && step[..3].All(s => Math.Abs(s) < FarthestPose) && step[3..5].All(s => Math.Abs(s) < FarthestShift))
            {
                draft.Poses[i] = draft.Poses[i].Step(step.AsSpan(0, first));
            }

            if (count == 0)
            {
                continue;
            }

            var value = particle.Defocus.Plus(step.AsSpan(first, count));
            draft.IsEstimated[i] = true;
            if (Enumerable.Range(0, count).Any(c => !(Math.Abs(value[c] - priors[n].Mean[c]) < Farthest * priors[n].Sigma[c])))
            {
                draft.Held[half]++;
                draft.Ctf[i] = Rounded(draft.Ctf[i], priors[n].Mean);
                draft.Sigma[i] = priors[n].Sigma;
                continue;
            }

            // What was not estimated, the image says nothing of.
            var variance = new Defocus(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
            for (var c = 0; c < count; c++)
            {
                variance = variance.With(c, particle.Variance[first + c]);
            }

            posteriors[n] = (value, variance);
        }

        priors.Update(posteriors, members.Max(i => DefocusParameters(draft, draft.GroupOf[i])));
        (draft.PriorSigma[half], draft.GivenSpread[half]) = (priors.Spread, priors.Given);
        for (var n = 0; n < members.Length; n++)
        {
            if (posteriors[n] is { } posterior)
            {
                Keep(members[n], posterior.Value, posterior.Variance, found[n]!, systems[draft.GroupOf[members[n]]], draft);
            }
        }
    }

    private void Keep(int i, Defocus value, Defocus variance, ParticleOptics particle, OpticsSystem system, OpticsDraft draft)
    {
        var (first, count) = (settings.KeepPoses ? 0 : Pose.ParameterCount, DefocusParameters(draft, draft.GroupOf[i]));
        draft.Ctf[i] = Rounded(draft.Ctf[i], value);
        for (var c = 0; c < count; c++)
        {
            // What the group's terms leave open comes on top.
            var open = particle.VarianceWith(first + c, system.Covariance) - particle.Variance[first + c];
            draft.Sigma[i] = draft.Sigma[i].With(c, Math.Round(Math.Sqrt(variance[c] + open), 6));
        }
    }

    /// <summary>As a file holds it, so that a run that is resumed goes on from the same numbers.</summary>
    private static CtfParameters Rounded(CtfParameters before, Defocus value)
    {
        var ctf = value.In(before);
        return ctf with
        {
            DefocusU = Math.Round(ctf.DefocusU, 6),
            DefocusV = Math.Round(ctf.DefocusV, 6),
            DefocusAngleDegrees = Math.Round(ctf.DefocusAngleDegrees, 6),
            PhaseShiftDegrees = ctf.PhaseShiftDegrees == before.PhaseShiftDegrees ? before.PhaseShiftDegrees : Math.Round(ctf.PhaseShiftDegrees, 6),
        };
    }
}
