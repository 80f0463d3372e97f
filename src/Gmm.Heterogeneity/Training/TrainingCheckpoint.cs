using Gmm.Core;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>
/// The state of one half's training in a file: "GMMTS 1\n", the header's length and the header as in <see cref="AutoencoderFile"/>, then float32.
/// In training: weights, best weights, and the optimizers' means and mean squares, as many blocks each as an autoencoder's file has. Finished: mean and
/// inverse standard deviation of the features, the weights, latent points and their standard deviations.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="claim">Announces the file before it is written (<see cref="RunFolder.Claim(string)"/>).</param>
internal sealed class TrainingCheckpoint(string path, Action? claim = null)
{
    private static readonly FloatBlockFile Format = new("GMMTS", 1, "state of a training");

    /// <summary>Whether the half is finished.</summary>
    public bool IsFinished => Read() is ({ Training: not null }, _);

    /// <summary>What was written last; null where there is nothing.</summary>
    /// <exception cref="InvalidInputException">It is damaged.</exception>
    public (TrainingStateHeader Header, float[][] Blocks)? Read()
    {
        if (!Path.Exists(path))
        {
            return null;
        }

        var (text, bytes) = Format.Read(path);
        var header = RecordFile.Parse(text, TrainingJson.Default.TrainingStateHeader, path, "the state of a training");
        var rest = bytes.AsSpan();
        FloatBlockFile.Need(path, rest, header.Blocks.Aggregate((Int128)0, (sum, length) => sum + length));
        var blocks = new float[header.Blocks.Length][];
        for (var b = 0; b < blocks.Length; b++)
        {
            blocks[b] = new float[header.Blocks[b]];
            rest = FloatBlockFile.Take(path, rest, blocks[b]);
        }

        return (header, blocks);
    }

    /// <summary>Takes over what is in another file of the same training, if that has come further.</summary>
    /// <param name="other">The other file; it may be missing.</param>
    /// <exception cref="InvalidInputException">One of the two is damaged, or this one cannot be written.</exception>
    public void TakeFurther(TrainingCheckpoint other)
    {
        if (other.Read() is var (header, blocks) && Reach(header) > (Read() is var (own, _) ? Reach(own) : -1))
        {
            Write(header, blocks);
        }
    }

    /// <summary>Writes where training stands.</summary>
    public void Write(TrainingPosition position, bool usesNetworks, float[][] blocks) =>
        Write(
            new TrainingStateHeader
            {
                Blocks = Lengths(blocks),
                Position = position with { Epochs = EpochRecord.Untimed(position.Epochs) },
                UsesNetworks = usesNetworks,
            }, blocks);

    /// <summary>Writes what a finished half found.</summary>
    /// <param name="autoencoder">The autoencoder.</param>
    /// <param name="training">How training went.</param>
    /// <param name="points">Latent points of the half's particles.</param>
    /// <param name="sigmas">Their standard deviations.</param>
    public void Finish(Autoencoder autoencoder, HalfTraining training, IEnumerable<float[]> points, IEnumerable<float[]> sigmas)
    {
        float[][] blocks =
        [
            autoencoder.FeatureMean.ToArray(), autoencoder.FeatureInverseSd.ToArray(), .. autoencoder.Weights.Select(p => p.Values),
            [.. points.SelectMany(p => p)], [.. sigmas.SelectMany(s => s)],
        ];
        Write(new TrainingStateHeader { Blocks = Lengths(blocks), Training = training.Untimed(), UsesNetworks = autoencoder.UsesNetworks }, blocks);
    }

    /// <summary>What a finished half found.</summary>
    /// <param name="create">Makes the half's autoencoder from mean and inverse standard deviation of its features.</param>
    /// <param name="indices">The half's particles.</param>
    /// <param name="latents">Receives their latent points.</param>
    /// <param name="sigmas">Receives the standard deviations.</param>
    /// <returns>Autoencoder and course of training; null if the half is not finished.</returns>
    public (Autoencoder Autoencoder, HalfTraining Training)? ReadFinished(
        Func<float[], float[], Autoencoder> create, int[] indices, float[][] latents, float[][] sigmas)
    {
        if (Read() is not ({ Training: { } training } header, { } blocks))
        {
            return null;
        }

        CheckLength(blocks, 1, blocks[0].Length);
        var autoencoder = create(blocks[0], blocks[1]);
        CheckLength(blocks, 0, autoencoder.Features.FeatureCount);
        new RecordCheck(path, "blocks").Count(blocks.Length, autoencoder.Weights.Count + 4);
        CheckWeights(autoencoder, blocks, 2);
        autoencoder.UsesNetworks = header.UsesNetworks;
        autoencoder.Restore(blocks[2..^2]);
        DeformationReach.Check(autoencoder.Decoder, autoencoder.Model, path);
        var d = autoencoder.LatentDimension;
        CheckLength(blocks, blocks.Length - 2, indices.Length * (long)d);
        CheckLength(blocks, blocks.Length - 1, indices.Length * (long)d);
        for (var n = 0; n < indices.Length; n++)
        {
            latents[indices[n]] = blocks[^2][(n * d)..((n + 1) * d)];
            sigmas[indices[n]] = blocks[^1][(n * d)..((n + 1) * d)];
        }

        return (autoencoder, training);
    }

    /// <summary>Says that there is all that training needs: weights, best weights, means and mean squares.</summary>
    /// <param name="autoencoder">The autoencoder.</param>
    /// <param name="blocks">The file's blocks.</param>
    /// <exception cref="InvalidInputException">There are more or fewer blocks, or one has another length than the weights.</exception>
    public void CheckState(Autoencoder autoencoder, float[][] blocks)
    {
        var parts = autoencoder.Weights.Count;
        new RecordCheck(path, "blocks").Count(blocks.Length, TrainingStateHeader.BlocksPerPart * parts);
        for (var first = 0; first < blocks.Length; first += parts)
        {
            CheckWeights(autoencoder, blocks, first);
        }
    }

    /// <summary>Says that the weights of an autoencoder are where they are looked for.</summary>
    /// <param name="autoencoder">The autoencoder.</param>
    /// <param name="blocks">The file's blocks.</param>
    /// <param name="first">Block of the first part.</param>
    /// <exception cref="InvalidInputException">A block has another length than the part.</exception>
    private void CheckWeights(Autoencoder autoencoder, float[][] blocks, int first)
    {
        for (var p = 0; p < autoencoder.Weights.Count; p++)
        {
            CheckLength(blocks, first + p, autoencoder.Weights[p].Values.Length);
        }
    }

    private void CheckLength(float[][] blocks, int block, long wanted) =>
        new RecordCheck(path, "blocks")[block].Require(blocks[block].Length == wanted, $"has {blocks[block].Length} values where {wanted} are needed");

    /// <summary>How far a training has come: epochs, or no bounds if it is finished.</summary>
    private static int Reach(TrainingStateHeader header) => header.Training is null ? header.Position!.Epochs.Count : int.MaxValue;

    private static int[] Lengths(float[][] blocks) => Array.ConvertAll(blocks, b => b.Length);

    private void Write(TrainingStateHeader header, float[][] blocks)
    {
        claim?.Invoke();
        Format.Write(path, RecordFile.ToBytes(header, TrainingJson.Default.TrainingStateHeader), blocks, overwrite: true);
    }
}
