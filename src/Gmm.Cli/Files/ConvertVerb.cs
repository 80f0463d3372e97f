using System.CommandLine;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>gmm convert: particles and models from one program's files to another's.</summary>
internal sealed class ConvertVerb : VerbCommand
{
    private const string AsItIs = "same";
    private readonly Argument<string[]> _inputs = new("IN")
    {
        Description = "Particles (RELION's or cisTEM's .star, .cs, .csg, EMAN2's .lst; a stack with --poses and --ctf; several are put together) or a Gaussian "
            + "model (.star, or EMAN2's .txt), or a stack or map (.mrc, .mrcs, .map, .hdf).",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string> _out = Declare.Out(
        "OUT", "The file to write; its ending says of which kind. Particles: .star, .cs (with its .csg), .lst (EMAN2), .pkl "
            + "(cryoDRGN's OUT_pose.pkl and OUT_ctf.pkl). "
            + "Models: .star, .txt (EMAN2), .cif, .pdb, .bild. Stacks and maps: .mrc, .mrcs, .hdf (EMAN2).");
    private readonly Option<string> _star = Declare.Choice(
        "--star", "Version of particles written as .star: that of the file (3.1 of several, and of other programs'), RELION's 3.0, 3.1 or 5, or cistem.",
        AsItIs, "3.0", "3.1", "5", "cistem");
    private readonly Option<string?> _like = Declare.Text(
        "--like", "PARTICLES.cs", "cryoSPARC's own file of these particles: told by uid (ucsfUid) or image, with its other fields kept bit for bit. With "
            + "--tomograms RELION's own file.");
    private readonly Option<string[]> _where = Declare.Words(
        "--where", "CONDITION", "Only particles for which it holds, such as rlnRandomSubset=1, rlnVoltage=200 (of data_optics) or \"gmmPoseScore>0.2\"; "
            + "of several all must.");
    private readonly Option<string?> _rows = Declare.Text(
        "--rows", "IND.pkl", "Only the particles of this selection of cryoDRGN's: numbers from 0, in its order, or a mask of true and false.");
    private readonly Option<string?> _poses = Declare.Text(
        "--poses", "POSES", "Poses of cryoDRGN's (.pkl) or of EMAN2's list (.lst), one for each particle, in place of those that are there.");
    private readonly Option<string?> _ctf = Declare.Text(
        "--ctf", "CTF.pkl", "CTFs of cryoDRGN's, one for each particle, in place of those that are there.");
    private readonly Option<string?> _columns = Declare.Text(
        "--columns", "TABLE", "Adds a table's columns, for --where: of a STAR file, told by rlnImageName, such as gmmComponent1 of gmm landscape's "
            + "scores.star; of a .pkl, .npy, .csv or .txt, row by row, as latent1, latent2, ... (cryoDRGN's z.N.pkl).");
    private readonly Option<string?> _stack = Declare.Text(
        "--stack", "STACK", "The stack of all images, where a file of cisTEM's does not name it.");
    private readonly Option<string?> _tomograms = Declare.Text(
        "--tomograms", "TOMOGRAMS.star", "Not needed where IN is an optimisation_set.star of RELION's, which names it. IN are particles of RELION or WarpTools "
            + "whose images are stacks of tilts, of these tomograms: writes single tilts, a row for each, that gmm refine "
            + "--tilt-series rlnTomoParticleName takes. With --like PARTICLES.star the way back: "
            + "IN are such tilts, refined, whose poses go into those particles.");
    private readonly Option<string?> _root = new ParticleInput().Root;
    private readonly Option<int?> _box = Declare.Count(
        "--box", "N", "Side of the images, pixels, where neither file nor stack says; of an EMAN2 model its box, voxels, with padding.");
    private readonly Option<double?> _pixel = Declare.Number(
        "--pixel-size", "A", "Angstrom per pixel of the images, in place of what file or stack says; per voxel of an EMAN2 model.");

    public ConvertVerb()
        : base(
            "convert",
            "Converts particles and models between RELION, cryoSPARC, cisTEM, cryoDRGN and EMAN2.",
            "Converts particles between cryoSPARC's .cs, RELION's STAR files (3.0 to 5), cisTEM's, EMAN2's lists and cryoDRGN's pickles, aberrations, halves "
                + "and uids among them, puts files together and takes particles out; and Gaussian models from and to EMAN2's, and to atoms and spheres for "
                + "viewers. docs/formats.md has what becomes of each field; columns that the new file has no place for are named.",
            "gmm convert particles.cs --out from_cs.star",
            "gmm convert run_data.star --out run_data.cs",
            "gmm convert run_data.star --out best.star --where rlnRandomSubset=1 --where \"gmmPoseRotationSigma<2\" --star 5",
            "gmm convert run_data.star --columns scores.star --where \"gmmComponent1>0\" --out open.cs",
            "gmm convert run_data.star --out run_data_cistem.star --star cistem",
            "gmm convert run_data.star --out run_data.lst",
            "gmm convert run_data.lst --out from_eman.star",
            "gmm convert run_data.star --out drgn.pkl",
            "gmm convert particles.mrcs --poses drgn_pose.pkl --ctf drgn_ctf.pkl --out from_drgn.star",
            "gmm convert particles.star more.star --out both.star --star 3.1",
            "gmm convert particles.mrcs --out particles.hdf",
            "gmm convert subtomos.star --tomograms tomograms.star --out tilts.star",
            "gmm convert m1.star --out m1.bild")
    {
        Arguments.Add(_inputs);
        AddOptions(_out, _star, _like, _where, _columns, _rows, _poses, _ctf, _stack, _tomograms, _root, _box, _pixel);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var (inputs, output) = (call.Get(_inputs), call.Get(_out));
        InputFiles.Check([.. inputs, call.Get(_like), call.Get(_columns), call.Get(_rows), call.Get(_poses), call.Get(_ctf), call.Get(_tomograms)]);
        var ending = Path.GetExtension(output).ToLowerInvariant();
        string[] files = ending switch
        {
            ".cs" => [output, CsPoses.GroupOf(output)],
            ".pkl" => [output[..^4] + "_pose.pkl", output[..^4] + "_ctf.pkl"],
            _ => [output],
        };
        var set = inputs.Length == 1 ? OptimisationSet.Read(inputs[0], call.Get(_root)) : null;
        var report = (call.Get(_tomograms) ?? set?.Tomograms) is { } tomograms ? Tilts(call, set is null ? inputs : [set.Particles], tomograms, output, ending)
            : ImageConversion.IsEnding(ending) ? Images(call, inputs, output)
            : ModelConversion.IsModel(inputs[0]) ? Model(call, inputs, output, ending, files) : Particles(call, inputs, output, ending, files);
        return VerbResult.Of(
            report, FileReports.Default.ConvertReport,
            report.Kind == "model" ? Texts.Line($"{report.Written} Gaussians")
                : report.Kind is "images" or "map" ? Texts.Line($"{report.Written} {report.Kind}")
                : report.Kind == "tilts" ? Texts.Line($"{report.Written} tilts of {report.Read} particles")
                : call.Get(_tomograms) is not null ? Texts.Line($"{report.Written} particles of {report.Read} tilts")
                : Texts.Line($"{report.Written} of {report.Read} particles"),
            $"wrote {string.Join(", ", files)}");
    }

    private Option[] OfParticles => [_like, _where, _star, _columns, _rows, _poses, _ctf, _stack, _tomograms];

    private ConvertReport Images(VerbCall call, string[] inputs, string output)
    {
        if (inputs.Length > 1)
        {
            throw new InvalidInputException("stacks and maps are not put together; give one", inputs[1]);
        }

        foreach (var option in OfParticles.Append(_box))
        {
            Refuse(call, option, true, "is not for a stack or a map that is written");
        }

        if (!StackList.IsStack(inputs[0]) && !inputs[0].EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            && !ImageConversion.IsEnding(Path.GetExtension(inputs[0]).ToLowerInvariant()))
        {
            throw new InvalidInputException($"is no stack or map, so that {Path.GetFileName(output)} cannot be made of it", inputs[0]);
        }

        OutputFiles.Take(call, output);
        var (isMap, count) = ImageConversion.Convert(call, inputs[0], output, call.Get(_pixel));
        return new ConvertReport(isMap ? "map" : "images", count, count, null, null, [output]);
    }

    private ConvertReport Model(VerbCall call, string[] inputs, string output, string ending, string[] files)
    {
        if (inputs.Length > 1)
        {
            throw new InvalidInputException("Gaussian models are not put together; give one", inputs[1]);
        }

        foreach (var option in OfParticles)
        {
            Refuse(call, option, true, "is for particles, not for a model");
        }

        Option[] ofText = [_box, _pixel];
        foreach (var option in ofText)
        {
            Refuse(call, option, !ModelConversion.HasNoUnits(inputs[0]), "is for a model of EMAN2's (.txt); others say it themselves");
        }

        ModelConversion.RequireEnding(ending, _out.Name);
        OutputFiles.Take(call, files);
        var model = ModelConversion.Read(inputs[0], call.Get(_box), call.Get(_pixel));
        call.CancellationToken.ThrowIfCancellationRequested();
        ModelConversion.Write(output, ending, model, call.Overwrite);
        return new ConvertReport("model", model.Count, model.Count, null, null, files);
    }

    /// <summary>Refuses an option that is given where it would change nothing.</summary>
    private static void Refuse(VerbCall call, Option option, bool isIdle, string why)
    {
        if (isIdle && call.Parsed.GetResult(option) is { Implicit: false })
        {
            throw new InvalidInputException(why, option.Name);
        }
    }

    /// <summary>Single tilts of stacks of them, or with --like the way back.</summary>
    private ConvertReport Tilts(VerbCall call, string[] inputs, string tomograms, string output, string ending)
    {
        foreach (var option in new Option[] { _where, _star, _columns, _rows, _poses, _ctf, _stack, _box, _pixel }
            .Where(o => call.Parsed.GetResult(o) is { Implicit: false }))
        {
            throw new InvalidInputException("not with --tomograms", option.Name);
        }

        if (inputs.Length > 1 || ending != ".star")
        {
            throw new InvalidInputException("takes one STAR file and writes one", _tomograms.Name);
        }

        tomograms = OptimisationSet.Read(tomograms, call.Get(_root))?.Tomograms ?? tomograms;

        OutputFiles.Take(call, output);
        if (call.Get(_like) is { } like)
        {
            var back = TiltCollapse.Write(inputs[0], like, tomograms, output, call.Get(_root), call.Overwrite);
            return new ConvertReport("particles", back.Images, back.Particles, null, null, [output]);
        }

        var tilts = TiltExpansion.Write(inputs[0], tomograms, output, call.Get(_root), call.Overwrite);
        call.Warn(tilts.Warnings);
        return new ConvertReport("tilts", tilts.Particles, tilts.Images, null, null, [output]);
    }

    private ConvertReport Particles(VerbCall call, string[] inputs, string output, string ending, string[] files)
    {
        if (ending is not (".star" or ".cs" or ".pkl" or ".lst"))
        {
            throw new InvalidInputException($"{output} is no particle file by its ending: .star, .cs, .lst and .pkl are", _out.Name);
        }

        if (call.Get(_like) is not null && ending != ".cs")
        {
            throw new InvalidInputException("is for a .cs file that is written", _like.Name);
        }

        var conditions = call.Get(_where).Select(w => RowCondition.Parse(w)
            ?? throw new InvalidInputException($"'{w}' is no condition; COLUMN=VALUE is one, and !=, <, <=, >, >= can be asked too", _where.Name)).ToArray();
        OutputFiles.Take(call, files);
        var conversion = Read(call, inputs);
        var read = conversion.Count;
        if (read == 0)
        {
            throw new InvalidInputException("the table has no particles", inputs[0]);
        }

        if (call.Get(_rows) is { } rows)
        {
            conversion.Keep(rows);
        }

        call.CancellationToken.ThrowIfCancellationRequested();
        conversion.Keep(conditions);
        if (conversion.Count == 0)
        {
            throw new InvalidInputException($"leaves none of the {read} particles", conditions.Length > 0 ? _where.Name : _rows.Name);
        }

        Refuse(
            call, _pixel, ending == ".cs" && conversion.IsCryosparc, "is not for a .cs file made of cryoSPARC's own particles, whose fields are kept");
        Refuse(
            call, _pixel, ending == ".star" && !conversion.HasOptics && call.Get(_star) == AsItIs,
            "is not for a table without optics groups that is written as it is; add --star 3.1");
        // What is begun is written whole.
        call.CancellationToken.ThrowIfCancellationRequested();
        var groups = ending switch
        {
            ".cs" => conversion.WriteCryosparc(output, call.Get(_like), call.Overwrite),
            ".lst" => conversion.WriteList(output, call.Overwrite),
            ".pkl" => conversion.WritePickles(files[0], files[1], call.Overwrite),
            _ => conversion.WriteStar(output, call.Get(_star) is var v && v != AsItIs ? v : null, call.Overwrite),
        };
        call.Warn(conversion.Warnings);
        if (conversion.Dropped.Count > 0)
        {
            call.Warn([$"{output} has no place for {string.Join(", ", conversion.Dropped)}, which {(conversion.Dropped.Count == 1 ? "is" : "are")} left out"]);
        }

        return new ConvertReport("particles", read, conversion.Count, groups, conversion.Dropped, files);
    }

    /// <summary>The particles with the poses, CTFs and columns that options give them.</summary>
    private ParticleTransfer Read(VerbCall call, string[] inputs)
    {
        if (call.Get(_pixel) is { } pixel && PhysicalLimits.PixelProblem(pixel) is { } problem)
        {
            throw new InvalidInputException(problem, _pixel.Name);
        }

        var transfer = new ParticleTransfer(inputs, new StarParticlesOptions
        {
            Root = call.Get(_root),
            ImageSize = call.Get(_box),
            PixelSize = call.Get(_pixel),
            Stack = call.Get(_stack),
            RequireImages = false,
            RequireBothHalves = false,
        });
        call.CancellationToken.ThrowIfCancellationRequested();
        Refuse(call, _stack, !transfer.HasCistem, "is for a file of cisTEM's, and none of the inputs is one");
        Refuse(call, _box, !transfer.NeedsImageSize, "is not needed: the particles' file or their stack says how large the images are");
        if (call.Get(_poses) is not null)
        {
            transfer.MakeRoomForPoses();
        }

        if (call.Get(_ctf) is { } ctf)
        {
            transfer.TakeCtfs(ctf);
        }

        if (call.Get(_poses) is { } poses)
        {
            // Their shifts are in box lengths, so that the pixel size of the CTFs must be known before.
            transfer.TakePoses(poses);
        }
        else if (transfer.HasStacks)
        {
            throw new InvalidInputException($"is needed: {inputs[0]} is a stack of images, without poses", _poses.Name);
        }

        call.CancellationToken.ThrowIfCancellationRequested();
        if (call.Get(_columns) is { } columns)
        {
            transfer.TakeColumns(columns);
        }

        return transfer;
    }
}
