using FsCheck;
using FsCheck.Fluent;

namespace Gmm.Fuzz.Tests;

/// <summary>
/// A damaged file is read rightly or refused with one line that names it: no other exception, no number that is not finite, no second of the processor, no
/// more memory than ten times the file and 64 MB (<see cref="Trial"/>). A failure is shrunk to the fewest and smallest damages that make it.
/// </summary>
/// <remarks>The rules that know the formats, and many more inputs, are those of the program Gmm.Fuzz (CONTRIBUTING.md).</remarks>
public sealed class DamagedFileTests(FuzzFolder folder) : IClassFixture<FuzzFolder>
{
    private const int Cases = 200;

    /// <summary>The readers; the verbs are given damaged files by Gmm.Fuzz.</summary>
    public static TheoryData<string> Readers =>
    [
        "star", "particles", "poses", "model", "tomograms", "subtomograms", "tilt-set", "latent", "cs", "csg", "pickle", "pickle-ctf", "pose-pickle",
        "latents-pkl", "latents-npy", "latents-text",
        "cistem", "eman-list", "hdf", "eman", "map", "map-gz", "mask", "stack", "pdb", "cif", "pdb-gz", "cif-gz", "dcd",
        "autoencoder", "training", "sums", "points", "run", "state", "patch-state", "provenance", "manifest", "composite", "heterogeneity", "motion",
    ];

    [Theory]
    [MemberData(nameof(Readers))]
    public void What_is_damaged_is_read_rightly_or_refused(string reader)
    {
        var target = folder.Targets.Single(t => t.Name == reader).With(Path.Combine(AppContext.BaseDirectory, "real"));
        byte[][] files = [.. target.Seeds, .. target.RealSeeds];

        // Whole files first: code that is compiled on the way takes time and memory that are not the file's.
        Assert.All(target.Seeds, file => Assert.Equal((null, null), Outcome(target, file)));
        var property = Prop.ForAll(Damages.Of(files.Length), damages =>
        {
            var file = target.Mutator.Around(files[damages.Seed], whole => damages.All.Aggregate(whole, (bytes, d) => d.To(bytes)));

            // What is slow by chance is not so twice.
            var problem = Outcome(target, file).Problem is null ? null : Outcome(target, file).Problem;
            return (problem is null).Label(problem ?? string.Empty);
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithQuietOnSuccess(true).WithReplay(1, 1), property);
    }

    private (string? Problem, string? Refused) Outcome(FuzzTarget target, byte[] file)
    {
        var trial = Trial.Run(target, Path.Combine(folder.Path, target.File), file);
        return (trial.Problem, trial.Refused);
    }
}
