// Gmm.Torch on a device. Usage: check|speed|threads|leak cpu|cuda [IMAGES or ROUNDS] [GAUSSIANS]; agree cpu|cuda MODEL.pdb PARTICLES FOLDER [direct|gridding]
using System.Globalization;
using System.Runtime.InteropServices;
using Gmm.Torch;
using Gmm.TorchKit;

// A libtorch that is not the package's (a Python wheel's): KIT_TORCH_LIB names its folder, KIT_SHIM the LibTorchSharp to use with it.
if (Environment.GetEnvironmentVariable("KIT_SHIM") is { Length: > 0 } shim && Environment.GetEnvironmentVariable("KIT_TORCH_LIB") is { } folder)
{
    foreach (var path in new[] { "libc10.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so" }.Select(n => Path.Combine(folder, n)).Where(File.Exists))
    {
        NativeLibrary.Load(path);
    }

    NativeLibrary.Load(shim);
}

int Number(int place, int otherwise) => place < args.Length ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
var mode = args.ElementAtOrDefault(0) ?? "check";
if (mode == "agree")
{
    var tool = new Tool(args[1] == "cpu" ? "torch-cpu" : args[1], args.ElementAtOrDefault(5));
    return new Agreements(tool, new AgreementSet(Directory.CreateDirectory(args[4]).FullName, args[2], Number(3, 400), tool)).Run();
}

var device = TorchDevices.Parse(args.ElementAtOrDefault(1) ?? "cpu");
var paper = new PaperCase(Number(3, 7374));
manual_seed(1);
Console.WriteLine($"{mode} on {device}: {TorchDevices.Describe()}; {get_num_threads()} torch threads, {Environment.ProcessorCount} processors");
Console.WriteLine($"N {paper.Model.Count}, box 196 at 1 A, 3 A: {paper.Disc.Count} coefficients");
switch (mode)
{
    case "check":
        return new Checks(device, paper).Run(Number(2, 64));
    case "speed":
        new Speeds(device, paper).Run(Number(2, 256));
        return 0;
    case "threads":
        new Speeds(device, paper).Threads(Number(2, 16));
        return 0;
    case "leak":
        return new Leaks(device).Run(Number(2, 20));
    default:
        Console.Error.WriteLine($"'{mode}' is none of check, speed, threads, leak, agree");
        return 2;
}
