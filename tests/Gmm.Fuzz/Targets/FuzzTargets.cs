using Gmm.Cli;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Simulation;

namespace Gmm.Fuzz;

/// <summary>Every reader of the library.</summary>
internal static class FuzzTargets
{
    private static readonly string[] StarWords =
    [
        "data_", "data_particles", "data_optics", "loop_", "_rlnImageName", "_rlnOpticsGroup", "_rlnAngleRot", "_rlnRandomSubset", "_rlnImageSize",
        "_rlnOriginX", "_gmmLatent3", "#", "'", "\"", "1@particles.mrcs",
    ];

    private static readonly string[] CifWords =
    [
        "loop_", "data_x", "save_", "_atom_site.Cartn_x", "_atom_site.id", ";", "?", ".", "'", "HETATM", "global_", "stop_",
    ];

    private static readonly string[] PdbWords = ["ATOM  ", "HETATM", "ENDMDL", "MODEL        2", "END", "TER", "REMARK   3", "CRYST1"];

    public static IEnumerable<FuzzTarget> All(string work)
    {
        var seeds = new SeedFiles(work);
        return
        [
            .. Star(seeds), .. Cryosparc(seeds), .. Mrc(seeds), .. Models(), .. Motion(seeds), .. Records(seeds), .. ClusterReaders.All(seeds),
            .. Verbs(seeds).Select(t => t with { IsVerb = true }),
        ];
    }

    private static FuzzTarget Text(string name, string file, IReadOnlyList<byte[]> seeds, string[] words, Action<string, Numbers> read) =>
        new(name, file, seeds, new TextMutator(words), read);

    private static IEnumerable<FuzzTarget> Star(SeedFiles seeds)
    {
        var poses = new StarParticlesOptions { RequireImages = false, RequireCtf = false, ImageSize = SeedFiles.Box };
        yield return Text("star", "any.star", seeds.Stars, StarWords, StarReaders.RoundTrip);
        yield return Text("particles", "particles.star", seeds.Particles, StarWords, (path, n) => StarReaders.Particles(path, new StarParticlesOptions(), n));
        yield return Text("poses", "poses.star", seeds.Particles, StarWords, (path, n) => StarReaders.Particles(path, poses, n));
        yield return Text("model", "model.star", [seeds.Model], StarWords, (path, n) => StarReaders.Model(GaussianModelFile.Read(path), n));
        string[] tilts = [.. StarWords, "_rlnTomoProjX", "[1,0,0]", "_rlnTomoName", "_rlnTomoTiltSeriesStarFile", "_rlnTomoVisibleFrames", "T"];
        yield return Text("tomograms", "tomograms.star", SeedFiles.Tomograms, tilts, StarReaders.Tomograms);
        yield return Text("subtomograms", "subtomograms.star", [SeedFiles.Subtomograms], tilts, seeds.Tilts);
        yield return Text(
            "tilt-set", "set.star", ["data_\n\n_rlnTomoParticlesFile posed.star\n_rlnTomoTomogramsFile of-tilts.star\n"u8.ToArray()],
            ["loop_", "_rlnTomoParticlesFile", "/dev/null"], (path, _) => OptimisationSet.Read(path, null));
        yield return Text(
            "mtf", "mtf.star", ["data_\n\nloop_\n_rlnResolutionInversePixel\n_rlnMtfValue\n0 1\n0.25 0.6\n0.5 0.2\n"u8.ToArray()],
            ["_rlnMtfValue", "loop_", "1e-30"], (path, n) => n.Add("MTF", MtfReader.Read(path, 1.5).At(0.2)));
        yield return Text("latent", "latent.star", [seeds.Latents], StarWords, StarReaders.Latents);
    }

    private static IEnumerable<FuzzTarget> Cryosparc(SeedFiles seeds)
    {
        var poses = new StarParticlesOptions { RequireImages = false, RequireCtf = false };
        var bytes = new ByteMutator(4096);
        yield return new("cs", "particles.cs", seeds.Cryosparc, bytes, (path, n) => StarReaders.Particles(path, new StarParticlesOptions(), n));
        yield return new("cs-poses", "poses.cs", seeds.Cryosparc, bytes, (path, n) => StarReaders.Particles(path, poses, n));
        var words = new TextMutator(["'descr'", "'<f4'", "'|O'", "(2,)", "'uid'", "'shape'", "(", "]"]);
        yield return new("cs-text", "text.cs", seeds.Cryosparc, words, (path, n) => StarReaders.Particles(path, poses, n));
        yield return Text("csg", "group.csg", ["results:\n  blob:\n    metafile: '>seed.cs'\n  ctf:\n    metafile: '>seed.cs'\n"u8.ToArray()],
            ["results:", "metafile:", "'>", "seed.cs", "  x:"], (path, n) => StarReaders.Particles(path, poses, n));
        yield return new("pickle", "ind.pkl", SeedFiles.Pickles, new ByteMutator(), (path, n) =>
            n.Add("selection", [.. CryodrgnFiles.ReadSelection(path, 1000).Select(i => (double)i)]));
        yield return new("pickle-ctf", "ctf.pkl", [SeedFiles.CtfPickle], new ByteMutator(), (path, n) => StarReaders.Transfer(seeds.Posed, path, n));
        yield return Text("cistem", "cistem.star", [seeds.Cistem], ["_cisTEMPositionInStack", "_cisTEMImageShiftX", "_cisTEMAssignedSubset", "-1"],
            (path, n) => StarReaders.Particles(path, poses, n));
        yield return new("pose-pickle", "pose.pkl", SeedFiles.PosePickles, new ByteMutator(), seeds.Poses);
        yield return new("latents-pkl", "z.pkl", [SeedFiles.CtfPickle], new ByteMutator(), (path, n) =>
            n.Add("latents", [.. NumberTable.Read(path).SelectMany(c => c)]));
        yield return Text("latents-text", "z.csv", ["# z\n1,2\n-0.5,3e-1\n"u8.ToArray()], ["nan", "1e999"], (path, n) =>
            n.Add("latents", [.. NumberTable.Read(path).SelectMany(c => c)]));
        yield return new("latents-npy", "z.npy", [SeedFiles.PlainNpy], new ByteMutator(128), (path, n) =>
            n.Add("latents", [.. NumberTable.Read(path).SelectMany(c => c)]));
        yield return Text("eman-list", "eman.lst", [seeds.EmanList], ["xform.projection", "matrix", "[", "{", "\"class\":", "\t", "-1"],
            (path, n) => StarReaders.Particles(path, poses, n));
        yield return new("hdf", "stack.hdf", SeedFiles.EmanStacks, new ByteMutator(4096), (path, n) => MapReaders.EmanImages(path, n));
        yield return Text("eman", "model.txt", ["# made\n0.1 -0.2 0.25 0.5 1.5\n-4.0e-01 0 0 1 1\n"u8.ToArray()], ["1e30", "NaN"], (path, n) =>
            StarReaders.Model(EmanModelFile.Read(path, 64, 1.5), n));
    }

    private static IEnumerable<FuzzTarget> Mrc(SeedFiles seeds)
    {
        var header = new ByteMutator(MrcHeader.ByteCount);
        yield return new("map", "map.mrc", seeds.Maps, header, (path, n) => MapReaders.Volume(path, n));
        yield return new("cube", "cube.mrc", [seeds.Cube], header, (path, n) => MapReaders.Cube(MrcFile.ReadMap(path), n));
        yield return new("mask", "mask.mrc", [seeds.Cube], header, (path, n) => MapReaders.Cube(MrcFile.ReadMask(path), n));
        yield return new("map-gz", "map.mrc.gz", [.. seeds.Maps.Select(ZippedMutator.Zip)], new ZippedMutator(header), (path, n) => MapReaders.Volume(path, n));
        yield return new("stack", "stack.mrcs", seeds.Stacks, header, MapReaders.Stack);
        yield return new("stack-star", "fuzzed.mrcs", [seeds.Stacks[0]], header, (path, n) => StarReaders.Particles(
            seeds.StarOf(path), new StarParticlesOptions(), n))
        {
            IsFoundByName = true,
        };
    }

    private static IEnumerable<FuzzTarget> Models()
    {
        yield return Text("pdb", "model.pdb", [SeedFiles.Pdb], PdbWords, ModelReaders.Atoms);
        yield return Text("cif", "model.cif", [SeedFiles.Cif], CifWords, ModelReaders.Atoms);
        yield return new("pdb-gz", "model.pdb.gz", [ZippedMutator.Zip(SeedFiles.Pdb)], new ZippedMutator(new TextMutator(PdbWords)), ModelReaders.Atoms);
        yield return new("cif-gz", "model.cif.gz", [ZippedMutator.Zip(SeedFiles.Cif)], new ZippedMutator(new TextMutator(CifWords)), ModelReaders.Atoms);
        yield return new("dcd", "path.dcd", SeedFiles.Trajectories, new ByteMutator(256), ModelReaders.Trajectory);
    }

    private static IEnumerable<FuzzTarget> Motion(SeedFiles seeds)
    {
        yield return new("autoencoder", "half1.gmmae", seeds.Autoencoders, new HeadedMutator(8), (path, n) => MotionReaders.Autoencoder(
            AutoencoderFile.Read(path, seeds.Gaussians), n));
        yield return new("training", "half1.gmmts", seeds.Trainings, new HeadedMutator(8), (path, n) => MotionReaders.Training(path, seeds, n))
        {
            MayBeAbsent = true,
        };
        yield return new("sums", "part.gmmsum", [seeds.PartialSums], new HeadedMutator(8, 32), MotionReaders.PartialSums);
        yield return new("figures", "run_images.gmmfig", [seeds.Figures], new HeadedMutator(8, 32), (path, n) =>
            n.Add("figures", [.. ImageFiguresFile.Read(path, SeedFiles.FiguresCount, string.Empty).Select(f => (double)f.Deviation)]));
        yield return Text("points", "points.txt", ["# points\n1 2\n-0.5, 3e-1\n"u8.ToArray()], [], (path, n) =>
        {
            foreach (var point in LatentTrajectory.Read(path, 2))
            {
                n.Add("point", point);
            }
        });
    }

    private static IEnumerable<FuzzTarget> Records(SeedFiles seeds)
    {
        var json = new JsonMutator();
        FuzzTarget Record(string name, string file, byte[] seed, Action<string> read) => new(name, file, [seed], json, (path, _) => read(path));
        yield return Record("run", "run.json", SeedRecords.Of<RunRecord>(), path => RunRecord.Read(path));
        yield return Record("state", "run_it001_state.json", SeedRecords.Of<StateFile>(), path => RecordFile.Read(path, JobJson.Default.StateFile, "a state"));
        yield return Record("patch-state", "run_it002_state.json", SeedRecords.Of<PatchStateFile>(), path => RecordFile.Read(
            path, PatchJson.Default.PatchStateFile, "a state"));
        yield return Record("provenance", "provenance.json", SeedRecords.Of<PatchProvenance>(), path => PatchProvenance.Read(path));
        yield return Record("manifest", "manifest.json", SeedRecords.Manifest, path => RunManifest.Read(path)) with { MayBeAbsent = true };
        yield return Record("composite", "composite.json", SeedRecords.Of<RunRecord>(), path => CompositeInputs.Read(path));
        yield return Record(
            "heterogeneity", "heterogeneity.json", SeedRecords.Of<HeterogeneityRecord>(),
            path => new HeterogeneityFolder(Path.GetDirectoryName(path)!).ReadRecord());
        yield return Record("landscape", "landscape.json", SeedRecords.Of<LandscapeRecord>(), path => LandscapeRecord.Read(path));
        var atoms = seeds.Atoms;
        yield return Record("motion", "motion.json", SeedRecords.Motion, path => MotionReader.Read(path, atoms));
    }

    /// <summary>The verbs that are given files of any origin.</summary>
    private static IEnumerable<FuzzTarget> Verbs(SeedFiles seeds)
    {
        var header = new ByteMutator(MrcHeader.ByteCount);
        FuzzTarget Star(string name, string file, Action<string, Numbers> read) => Text(name, file, [.. seeds.Stars, seeds.Model], StarWords, read);
        yield return Star("validate-star", "validate.star", (path, n) => VerbReaders.Look("validate", path, n));
        yield return Star("info-star", "info.star", (path, n) => VerbReaders.Look("info", path, n));
        yield return new("validate-cs", "validate.cs", seeds.Cryosparc, new ByteMutator(4096), (path, n) => VerbReaders.Look("validate", path, n));
        yield return new("validate-map", "validate.mrc", seeds.Maps, header, (path, n) => VerbReaders.Look("validate", path, n));
        yield return new("validate-stack", "validate.mrcs", seeds.Stacks, header, (path, n) => VerbReaders.Look("validate", path, n));
        yield return Text("validate-list", "validate.lst", [seeds.EmanList], ["xform.projection", "matrix", "{", "\t", "# gmm image root: %00"],
            (path, n) => VerbReaders.Look("validate", path, n));
        yield return new("validate-hdf", "validate.hdf", SeedFiles.EmanStacks, new ByteMutator(4096), (path, n) => VerbReaders.Look("validate", path, n));
        yield return new(
            "validate-pkl", "validate.pkl", [.. SeedFiles.Pickles, SeedFiles.CtfPickle, .. SeedFiles.PosePickles], new ByteMutator(),
            (path, n) => VerbReaders.Look("validate", path, n));
        yield return new("convert-hdf", "convert.hdf", SeedFiles.EmanStacks, new ByteMutator(4096), (path, n) =>
            VerbReaders.Convert(path, "converted.mrcs", n));
        yield return Text("validate-cif", "validate.cif", [SeedFiles.Cif], CifWords, (path, n) => VerbReaders.Look("validate", path, n));
        yield return new("validate-dcd", "validate.dcd", SeedFiles.Trajectories, new ByteMutator(256), (path, n) => VerbReaders.Look("validate", path, n));
        yield return Text("convert-star", "convert.star", seeds.Particles, StarWords, (path, n) => VerbReaders.Convert(path, "converted.cs", n));
        yield return Text("convert-5", "convert5.star", seeds.Particles, StarWords, (path, n) => VerbReaders.Convert(path, "converted.star", n));
        yield return new("convert-cs", "convert.cs", seeds.Cryosparc, new ByteMutator(4096), (path, n) => VerbReaders.Convert(path, "converted.star", n));
        yield return Text("convert-model", "convert-model.star", [seeds.Model], StarWords, (path, n) => VerbReaders.Convert(path, "converted.bild", n));
    }
}
