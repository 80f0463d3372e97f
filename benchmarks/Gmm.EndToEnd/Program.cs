using Gmm.Core;
using Gmm.EndToEnd;

// dotnet run -c Release --project benchmarks/Gmm.EndToEnd -- projector|poses|crb|crb-tilts|tilt-draws DATA OUT
// |tilt-errors PUBLISHED START REFINED|read-star STAR|read-stack STACK|memory|e2e STAR|reconstruct STAR TRUEMAP|localres|real
// |preparations MODEL|noise|noise-refine
switch (args)
{
    case ["projector"]:
        Machine.Print();
        ProjectorBenchmark.Run();
        return 0;
    case ["poses", .. var rest] when rest.Length <= 1:
        Machine.Print();
        PoseBenchmark.Run(rest is [var count] ? int.Parse(count) : 200);
        return 0;
    case ["crb", .. var rest] when rest.Length <= 1:
        Machine.Print();
        CramerRaoBenchmark.Run(rest is [var particles] ? int.Parse(particles) : 1000);
        return 0;
    case ["crb-tilts", .. var rest] when rest.Length <= 1:
        Machine.Print();
        TiltSeriesBenchmark.Run(rest is [var series] ? int.Parse(series) : 1000);
        return 0;
    case ["tilt-draws", var data, var output, .. var rest] when rest.Length <= 1:
        TiltDraws.Write(data, output, rest is [var draws] ? int.Parse(draws) : 5);
        return 0;
    case ["tilt-errors", var published, var start, var refined]:
        TiltDraws.Compare(published, start, refined);
        return 0;
    case ["read-star", var file]:
        Machine.Print();
        ReadingBenchmark.Star(file);
        return 0;
    case ["read-stack", var file, .. var rest] when rest is [] or ["images-first"]:
        Machine.Print();
        ReadingBenchmark.Stack(file, rest.Length > 0);
        return 0;
    case ["memory", .. var rest]:
        Machine.Print();
        MemoryBenchmark.Run(rest.Length > 0 ? [.. rest.Select(int.Parse)] : [300, 1200]);
        return 0;
    case ["memory-child", var star, var gaussians, var folder]:
        MemoryBenchmark.Child(star, int.Parse(gaussians), folder);
        return 0;
    case ["e2e", var star, .. var rest] when rest.Length <= 1:
        Machine.Print();
        RefinementBenchmark.Run(star, rest is [var iterations] ? int.Parse(iterations) : 1);
        return 0;
    case ["stages", var star, .. var rest] when rest.Length <= 1:
        Machine.Print();
        StageBenchmark.Run(star, rest is [var angstrom] ? Number(angstrom) : 4);
        return 0;
    case ["soak", var star, var minutes, var finest]:
        Machine.Print();
        SoakBenchmark.Run(star, Number(minutes), Number(finest));
        return 0;
    case ["capacity", var total, var box, var milliseconds, var fit, var finish]:
        CapacityBenchmark.Run(
            long.Parse(total), int.Parse(box), Number(milliseconds), Number(fit), Number(finish));
        return 0;
    case ["reconstruct", var star, var truth, .. var rest] when rest.Length <= 2:
        Machine.Print();
        ReconstructBenchmark.Run(star, truth, rest.ElementAtOrDefault(0), SymmetryGroup.Parse(rest.ElementAtOrDefault(1) ?? "C1"));
        return 0;
    case ["preparations", var model, .. var rest] when rest.Length <= 1:
        Machine.Print();
        PreparationsBenchmark.Run(model, rest is [var images] ? int.Parse(images) : 200, 64, 3.5);
        return 0;
    case ["localres"]:
        Machine.Print();
        LocalResolutionBenchmark.Run();
        return 0;
    case ["real"]:
        Machine.Print();
        RealBenchmark.Run();
        return 0;
    case ["noise", .. var rest]:
        Machine.Print();
        NoiseBenchmark.Run(rest.Length > 0 ? int.Parse(rest[0]) : 50, rest.Length > 1 ? [.. rest[1..].Select(int.Parse)] : [64, 128]);
        return 0;
    case ["noise-refine", .. var rest] when rest.Length <= 1:
        Machine.Print();
        NoiseBenchmark.Refine(rest is [var runs] ? int.Parse(runs) : 10);
        return 0;
    default:
        Console.Error.WriteLine(
            "usage: projector | poses [PARTICLES] | crb [PARTICLES] | crb-tilts [PARTICLES] | tilt-draws DATA OUT [DRAWS] | "
            + "tilt-errors PUBLISHED START REFINED | read-star STAR | read-stack STACK [images-first] | memory [COUNT COUNT...] | "
            + "e2e STAR [ITERATIONS] | stages STAR [ANGSTROM] | soak STAR MINUTES ANGSTROM | capacity PARTICLES BOX MS FIT_S FINISH_S | "
            + "reconstruct STAR TRUEMAP [MASK [SYMMETRY]] | localres | real | "
            + "preparations MODEL [PARTICLES] | noise [SEEDS [BOX...]] | noise-refine [SEEDS]");
        return 2;
}

static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
