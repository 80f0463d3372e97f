using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.Maps;

namespace Gmm.Fuzz;

/// <summary>What readers of learnt motions and of partial sums are asked to do.</summary>
internal static class MotionReaders
{
    public static void Autoencoder(Autoencoder autoencoder, Numbers numbers)
    {
        numbers.Add("resolution", autoencoder.Resolution);
        numbers.Add("focus", autoencoder.FocusWeights);
        foreach (var part in autoencoder.Weights)
        {
            numbers.Add("weight", part.Values);
        }

        // The point 0 is the neutral model whatever the weights are.
        var deformation = new ModelDeformation(autoencoder.Model.Count);
        autoencoder.Decoder.Decode(new float[autoencoder.LatentDimension], deformation);
        numbers.Add("deformation", deformation.X);
    }

    public static void Training(string path, SeedFiles seeds, Numbers numbers)
    {
        var checkpoint = new TrainingCheckpoint(path);
        if (checkpoint.Read() is ({ Position: not null }, { } blocks))
        {
            checkpoint.CheckState(seeds.Learnt, blocks);
            foreach (var block in blocks)
            {
                numbers.Add("weight", block);
            }

            return;
        }

        float[][] latents = new float[2][], sigmas = new float[2][];
        if (checkpoint.ReadFinished(seeds.NewAutoencoder, [0, 1], latents, sigmas) is not { } finished)
        {
            return;
        }

        Autoencoder(finished.Autoencoder, numbers);
        numbers.Add("point", [.. latents[0], .. latents[1], .. sigmas[0], .. sigmas[1]]);
        _ = (finished.Training.HeldOutGain, finished.Training.LinearGain, finished.Training.MotionFound);
    }

    public static void PartialSums(string path, Numbers numbers)
    {
        var info = PartialReconstruction.ReadInfo(path);
        numbers.Add("pixel size", info.PixelSize, info.PaddingFactor, info.MaxResolution);
        var halves = PartialReconstruction.Finish([path], new ComputeOptions { Threads = 1 });
        numbers.Add("half map 1", halves.Half1.Voxels);
        numbers.Add("half map 2", halves.Half2.Voxels);
    }
}
