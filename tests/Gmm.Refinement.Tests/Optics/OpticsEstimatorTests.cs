using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class OpticsEstimatorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Terms_and_defoci_come_out_within_their_uncertainties(bool keepPoses)
    {
        var (particles, truth) = OpticsTestData.Make(160, noise: 0.6, defocusError: 250);
        var (draft, state) = OpticsTestData.Estimate(particles, new OpticsOptions(), 3, keepPoses);
        var found = draft.Found[0];
        Assert.Equal([("g1", 80), ("g2", 80)], found.Select(g => (g.Name, g.Particles)));
        var expected = new[] { OpticsTestData.Truth, null }
            .Select(a => GroupOptics.Describe(a, null, null, truth[0], OpticsTerm.Of(new OpticsOptions(), true, keepPoses), _ => 1)).ToArray();
        var off = new List<double>();
        for (var g = 0; g < 2; g++)
        {
            foreach (var (term, wanted) in found[g].Terms.Zip(expected[g]).Where(p => !p.First.IsKept))
            {
                Assert.NotNull(term.Sigma);
                var z = (term.Value - wanted.Value) / term.Sigma.Value;
                Assert.True(Math.Abs(z) < 4.5, $"{found[g].Name} {term.Name}: {term.Value} +- {term.Sigma} for {wanted.Value}");
                off.Add(z * z);
            }
        }

        Assert.True(off.Count > 15, $"only {off.Count} terms were found");
        Assert.InRange(off.Average(), 0.3, 2);
        var tilt = found[0].Terms.Single(t => t.Name == "beam_tilt_x");
        Assert.True(tilt.Sigma < 0.15, $"{tilt.Sigma}");

        // 250 A off at the start.
        var errors = truth.Select((t, i) => (Defocus.Of(state.Ctf[i]).Mean - Defocus.Of(t).Mean, state.Sigma[i].Mean)).ToArray();
        Assert.All(errors, e => Assert.InRange(e.Mean, 1, 150));
        Assert.InRange(errors.Average(e => e.Item1 * e.Item1 / (e.Mean * e.Mean)), 0.6, 1.5);
    }

    [Theory]
    [InlineData(0)]
    // A reference that was not sharpened as the images' structure is.
    [InlineData(1.3)]
    public void Passes_over_one_given_reference_find_terms_that_are_far_off(double blur)
    {
        var (particles, truth) = OpticsTestData.Make(160, noise: 0.6, defocusError: 250);
        var m = OpticsTestData.Model;
        var reference = new GaussianModel(
            m.X, m.Y, m.Z, m.Amplitudes, [.. m.Widths.ToArray().Select(w => (float)Math.Sqrt((w * w) + (blur * blur)))], m.BoxSize, m.PixelSize);
        var (draft, _) = OpticsTestData.Estimate(particles, new OpticsOptions(), 1, passes: 4, reference: reference);
        var off = new List<double>();
        for (var g = 0; g < 2; g++)
        {
            var expected = GroupOptics.Describe(
                g == 0 ? OpticsTestData.Truth : null, null, null, truth[0], OpticsTerm.Of(new OpticsOptions(), true, true), _ => 1);
            foreach (var (term, wanted) in draft.Found[0][g].Terms.Zip(expected).Where(p => !p.First.IsKept))
            {
                var z = (term.Value - wanted.Value) / term.Sigma!.Value;
                Assert.True(Math.Abs(z) < 4.5, $"{term.Name}: {term.Value} +- {term.Sigma} for {wanted.Value}");
                off.Add(z * z);
            }
        }

        Assert.True(off.Count > 15, $"only {off.Count} terms were found");
        Assert.InRange(off.Average(), 0.3, 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Phase_shifts_of_micrographs_are_found(bool keepPoses)
    {
        double[] shifts = [74, 97, 108, 90, 83];
        var (particles, truth) = OpticsTestData.Make(160, noise: 0.6, defocusError: 250, phaseShifts: shifts);
        var (draft, state) = OpticsTestData.Estimate(particles, new OpticsOptions(), 3, keepPoses);
        var off = Enumerable.Range(0, 160).Select(i =>
            (Error: state.Ctf[i].PhaseShiftDegrees - truth[i].PhaseShiftDegrees, Sigma: state.Sigma[i].PhaseDegrees)).ToArray();
        Assert.All(off, o => Assert.True(Math.Abs(o.Error) < 5 && o.Sigma is > 0.1 and < 3, $"{o}"));
        Assert.InRange(off.Average(o => o.Error * o.Error / (o.Sigma * o.Sigma)), 0.1, 2.5);
        Assert.InRange(draft.Record(particles.Particles).PhaseShiftSigma!.Value, 0.1, 3);
        // It is said once.
        Assert.DoesNotContain(draft.Found[0].SelectMany(g => g.Terms), t => t.Name == "phase");
    }

    [Fact]
    public void Phase_shifts_stay_where_images_say_nothing_or_the_file_has_none()
    {
        var (blank, _) = OpticsTestData.Make(60, noise: 60, defocusError: 100, phaseShifts: [74, 97, 108, 90, 83]);
        var (_, state) = OpticsTestData.Estimate(blank, new OpticsOptions { LeastParticles = 10 }, 1);
        // Within the prior, 11.5 degrees, and not known much better than by it.
        Assert.All(state.Ctf, c => Assert.InRange(c.PhaseShiftDegrees, 78, 102));
        var sigmas = state.Sigma.Where(s => s.Phase > 0).ToArray();
        Assert.NotEmpty(sigmas);
        Assert.All(sigmas, s => Assert.InRange(s.Phase, 60, 250));
        var (none, _) = OpticsTestData.Make(60, noise: 0.7, defocusError: 100);
        (_, state) = OpticsTestData.Estimate(none, new OpticsOptions { LeastParticles = 10 }, 1);
        Assert.All(state.Ctf, c => Assert.Equal(0, c.PhaseShiftDegrees));
        Assert.All(state.Sigma, s => Assert.Equal(0, s.Phase));
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var (particles, _) = OpticsTestData.Make(60, noise: 0.7, defocusError: 250);
        var (_, one) = OpticsTestData.Estimate(particles, new OpticsOptions { LeastParticles = 20 }, 2, keepPoses: false, threads: 1);
        var (_, four) = OpticsTestData.Estimate(particles, new OpticsOptions { LeastParticles = 20 }, 2, keepPoses: false, threads: 4);
        Assert.Equal(one.Groups, four.Groups);
        Assert.Equal(one.Ctf, four.Ctf);
        Assert.Equal(one.Sigma, four.Sigma);
        Assert.NotNull(one.Groups[0].Aberrations);
    }

    [Fact]
    public void A_group_of_few_particles_keeps_its_terms_and_says_so()
    {
        var (particles, _) = OpticsTestData.Make(60, noise: 0.7, defocusError: 250);
        var (draft, state) = OpticsTestData.Estimate(particles, new OpticsOptions { LeastParticles = 31 }, 1);
        Assert.All(state.Groups, g => Assert.Null(g.Aberrations));
        Assert.All(draft.Found[0], g => Assert.StartsWith("30 particles are too few", g.Kept, StringComparison.Ordinal));
        Assert.All(draft.Found[0], g => Assert.All(g.Terms, t => Assert.True(t.IsKept)));
        Assert.Equal(2, draft.Record(particles.Particles).Warnings().Count(w => w.StartsWith("optics group g", StringComparison.Ordinal)));
        Assert.Equal(60, draft.Record(particles.Particles).Defoci);
    }

    [Fact]
    public void Images_that_say_nothing_leave_terms_where_they_were()
    {
        var (particles, _) = OpticsTestData.Make(60, noise: 60, defocusError: 100);
        var (draft, state) = OpticsTestData.Estimate(particles, new OpticsOptions { LeastParticles = 10 }, 1);
        Assert.Contains(draft.Found[0].SelectMany(g => g.Terms), t => t is { IsKept: true, Sigma: null });
        // And the priors hold the defoci: within their micrograph's spread.
        Assert.All(
            Enumerable.Range(0, 60), i => Assert.InRange(Defocus.Of(state.Ctf[i]).Mean - (2500 + (700 * (i % 5))), -900, 900));

        // Each is counted once, and what looks unlike the reference stays as it was and is told.
        var record = draft.Record(particles.Particles);
        Assert.InRange(record.Unlike, 1, 59);
        Assert.Equal(60, record.Defoci + record.Unlike);
        Assert.Equal(record.Defoci, record.Groups.Sum(g => g.Particles));
        Assert.Contains(record.Warnings(), w => w.StartsWith($"{record.UnlikeText()} (", StringComparison.Ordinal));
        Assert.Equal(
            record.Unlike, Enumerable.Range(0, 60).Count(i => state.Ctf[i] == particles.Particles[i].Ctf && state.Sigma[i].Mean == 0));
    }

    [Theory]
    [InlineData(5000, 200, 80, 1000, "the defoci ended 5000 A from those given (median of 100; 80 of them by more than 1000 A), with an uncertainty of 200 A")]
    [InlineData(600, 30, 0, 100, "the defoci ended 600 A from those given")]
    [InlineData(400, 900, 12, 100, "12 of them by more than 1000 A")]
    [InlineData(400, 40, 2, 700, "the defoci are spread by 700 A about their micrographs' (those given by 10 A)")]
    [InlineData(170, 24, 2, 250, null)]
    public void Defoci_that_drift_are_told(double moved, double sigma, int far, double spread, string? words)
    {
        var record = new OpticsRecord([], 100, 0, 1, moved, sigma, null, null, [spread, 100], null) { Far = far, GivenSpread = [10, 5] };
        Assert.Equal(words is not null, record.Warnings().Any(w => w.Contains(words ?? " A ", StringComparison.Ordinal)));
        Assert.Equal(words is null, !record.Warnings().Any());
    }

    [Fact]
    public void A_term_that_is_not_determined_does_not_spoil_the_others()
    {
        var terms = OpticsTerm.Of(new OpticsOptions { Even = false, Magnification = false }, false, false);
        var system = new OpticsSystem(terms, [0.1, 0.1, 0.1, 0.1]);
        var particle = new ParticleOptics(0, 4);
        // The third and the fourth say the same; the second little.
        double[] information = [900, 0, 0, 0, 0, 2, 0, 0, 0, 0, 400, 400, 0, 0, 400, 400];
        information.CopyTo(particle.Information, 0);
        new double[] { 90, 1, 40, 40 }.CopyTo(particle.Gradient, 0);
        system.Add(particle);
        system.Solve(1);
        Assert.Equal([true, false], system.IsDetermined[..2]);
        Assert.True(system.IsDetermined[2] ^ system.IsDetermined[3]);
        Assert.Equal(0.1, system.Step[0], 4);
        Assert.Equal(0, system.Step[1]);
        Assert.Equal(0.1, system.Step[2] + system.Step[3], 4);
        Assert.Equal(0.1 / 30, system.Sigma(0), 5);
        Assert.Equal(double.NaN, system.Sigma(1));
    }

    [Fact]
    public void A_constraint_is_met_at_the_least_cost()
    {
        var terms = OpticsTerm.Of(new OpticsOptions { Even = false, Magnification = false }, false, false);
        OpticsSystem[] systems = [.. new[] { 100.0, 400 }.Select(information =>
        {
            var system = new OpticsSystem(terms, [0.1, 0.1, 0.1, 0.1]);
            var particle = new ParticleOptics(0, 4);
            for (var j = 0; j < 4; j++)
            {
                (particle.Information[5 * j], particle.Gradient[j]) = (information, 0.2 * information);
            }

            system.Add(particle);
            system.Solve(1);
            return system;
        })];
        OpticsSystem.Constrain(systems, [[1, 0, 0, 0], [1, 0, 0, 0]]);
        Assert.Equal(0, systems[0].Step[0] + systems[1].Step[0], 12);
        // The one that is known four times as well moves a quarter as far.
        Assert.Equal(0.2 - 0.32, systems[0].Step[0], 4);
        Assert.Equal(0.2 - 0.08, systems[1].Step[0], 4);
        Assert.Equal(0.2, systems[0].Step[1], 4);
    }
}
