using System.Diagnostics;
using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Trains the autoencoder of one half on its cached particles: z = encoder + noise of the learnt standard deviation, gain = score of the
/// deformed model less that of the neutral one less the divergence of z's distribution from the standard normal (the evidence lower bound of a
/// variational autoencoder, Kingma and Welling 2014), ascended by Adam. First the linear parts alone, then with the networks.
/// </summary>
/// <remarks>Networks run on the calling thread, particles in parallel, each writing only its own slot: results do not depend on threads.</remarks>
internal sealed class AutoencoderTrainer
{
    private const int LeastHeldOut = 200;
    private const float LeastLogSd = -6;
    private const float GreatestLogSd = 1;

    private readonly Autoencoder _target;
    private readonly MotionCache _cache;
    private readonly HeterogeneityOptions _options;
    private readonly ComputeOptions _compute;
    private readonly int _round;
    private readonly int _batch;
    private readonly float[] _features;
    private readonly float[] _derivatives;
    private readonly double[] _scores;
    private readonly float[][] _gradients;
    private readonly float[][] _encoderGradients;
    private readonly float[][] _decoderGradients;
    private readonly IDeformer[] _deformers;
    private readonly AdamOptimizer[] _optimizers;
    private readonly IControlScores _images;
    private readonly IBatchPass _encoderPass;
    private readonly IBatchPass _decoderPass;
    private readonly List<EpochRecord> _epochs = [];
    private float[][] _best;
    private int _bestEpoch;
    private bool _bestUsesNetworks;
    private double _trainedParticles;
    private double _trainedSeconds;

    public AutoencoderTrainer(
        Autoencoder target, MotionCache cache, IControlScores images, HeterogeneityOptions options, ComputeOptions compute, int round)
    {
        (_target, _cache, _images, _options, _compute, _round) = (target, cache, images, options, compute, round);
        (Train, HeldOut) = Split(cache.Indices.Length, options.HeldOutShare, compute.Seed + target.Half);
        // Small sets need small batches, or an epoch would be a step or two.
        _batch = Math.Clamp(Train.Length / 40, 8, options.BatchSize);
        _features = new float[_batch * cache.FeatureCount];
        _derivatives = new float[_batch * target.Decoder.Deformer.ControlCount];
        _scores = new double[_batch];
        _deformers = Array.ConvertAll(cache.Neutrals.Decoders(target), d => d.Deformer);
        _gradients = [.. target.Weights.Select(p => new float[p.Values.Length])];
        (_encoderGradients, _decoderGradients) = (_gradients[..target.Encoder.Weights.Count], _gradients[target.Encoder.Weights.Count..]);
        _optimizers = [.. target.Weights.Select(p => new AdamOptimizer(p.Values.Length))];
        (_encoderPass, _decoderPass) = (target.Encoder.CreatePass(), target.Decoder.CreatePass());
        _best = target.CopyWeights();
    }

    /// <summary>Particles trained on, by number in the half.</summary>
    public int[] Train { get; }

    /// <summary>Particles held out.</summary>
    public int[] HeldOut { get; }

    /// <summary>Trains, and leaves the best weights in the autoencoder.</summary>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="improved">Called when the autoencoder is better than ever, to write a checkpoint.</param>
    /// <param name="signals">The closed form's signals, for the record.</param>
    /// <param name="kept">Where the state is kept after every epoch; training goes on from what is there.</param>
    /// <returns>How it went.</returns>
    public HalfTraining Run(IProgress<HeterogeneityProgress>? progress, Action? improved, IReadOnlyList<double> signals, TrainingCheckpoint? kept = null)
    {
        var at = kept?.Read() is ({ Position: { } position } header, { } blocks) ? Restore(kept, position, header.UsesNetworks, blocks) : null;
        if (at is null)
        {
            Record("closed form", double.NaN, 0, improved);
            at = Keep(kept, networks: false, 0, 0);
        }

        var stopped = "finished";
        if (!at.Networks)
        {
            stopped = RunStage(at, progress, improved, kept);
            RestoreBest();
            _target.UsesNetworks = _options.Epochs > 0 || _target.UsesNetworks;
            at = at with { Networks = true, Done = 0, WithoutGain = 0 };
        }

        stopped = stopped == "finished" ? RunStage(at, progress, improved, kept) : stopped;
        RestoreBest();
        return new HalfTraining
        {
            Half = _target.Half,
            Particles = _cache.Indices.Length,
            HeldOut = HeldOut.Length,
            Epochs = _epochs,
            BestEpoch = _bestEpoch,
            Stopped = stopped,
            ParticlesPerSecond = _trainedSeconds > 0 ? _trainedParticles / _trainedSeconds : null,
            LinearSignals = signals,
        };
    }

    /// <summary>Trains the linear parts alone, or all; why it stopped.</summary>
    private string RunStage(TrainingPosition at, IProgress<HeterogeneityProgress>? progress, Action? improved, TrainingCheckpoint? kept)
    {
        var (networks, done, without) = (at.Networks, at.Done, at.WithoutGain);
        var epochs = networks ? _options.Epochs : _options.LinearEpochs;
        while (done < epochs && without < _options.Patience)
        {
            var clock = Stopwatch.StartNew();
            var gain = TrainEpoch(_epochs.Count, networks, (double)done / epochs, progress);
            _trainedSeconds += clock.Elapsed.TotalSeconds;
            _trainedParticles += Train.Length;
            if (!double.IsFinite(gain) || !Record(networks ? "network" : "linear", gain, clock.Elapsed.TotalSeconds, improved))
            {
                return Diverged(gain);
            }

            done++;
            without = _bestEpoch == _epochs.Count - 1 ? 0 : without + 1;
            Keep(kept, networks, done, without);
        }

        return networks && without >= _options.Patience ? "no more gain" : "finished";
    }

    /// <summary>Writes where training stands.</summary>
    private TrainingPosition Keep(TrainingCheckpoint? kept, bool networks, int done, int without)
    {
        var optimizers = Array.ConvertAll(_optimizers, o => o.State);
        var position = new TrainingPosition
        {
            Networks = networks,
            Done = done,
            WithoutGain = without,
            Epochs = _epochs,
            BestEpoch = _bestEpoch,
            BestUsesNetworks = _bestUsesNetworks,
            Steps = Array.ConvertAll(optimizers, o => o.Steps),
        };
        kept?.Write(
            position, _target.UsesNetworks,
            [.. _target.Weights.Select(p => p.Values), .. _best, .. optimizers.Select(o => o.Mean), .. optimizers.Select(o => o.Square)]);
        return position;
    }

    /// <summary>Puts back what <see cref="Keep"/> wrote.</summary>
    private TrainingPosition Restore(TrainingCheckpoint kept, TrainingPosition position, bool usesNetworks, float[][] blocks)
    {
        var parts = _target.Weights.Count;
        kept.CheckState(_target, blocks);
        _target.Restore(blocks[..parts]);
        _target.UsesNetworks = usesNetworks;
        _best = blocks[parts..(2 * parts)];
        for (var p = 0; p < parts; p++)
        {
            _optimizers[p].State = (position.Steps[p], blocks[(2 * parts) + p], blocks[(3 * parts) + p]);
        }

        _epochs.AddRange(position.Epochs);
        (_bestEpoch, _bestUsesNetworks) = (position.BestEpoch, position.BestUsesNetworks);
        return position;
    }

    /// <summary>Splits the particles at random, the same way for the same seed.</summary>
    private static (int[] Train, int[] HeldOut) Split(int count, double share, int seed)
    {
        var order = Shuffled([.. Enumerable.Range(0, count)], seed, 0);
        // A mean over a handful would tell nothing, so small sets give up to a quarter.
        var held = Math.Max((int)Math.Round(share * count), Math.Min(LeastHeldOut, count / 4));
        return ([.. order.Skip(held).Order()], [.. order.Take(held).Order()]);
    }

    private static int[] Shuffled(int[] values, int seed, int epoch)
    {
        var random = new SeededGenerator(seed, 61, epoch);
        random.Shuffle(values);
        return values;
    }

    /// <summary>Measures the held-out particles and notes the epoch. False if training has diverged.</summary>
    private bool Record(string stage, double trainingGain, double seconds, Action? improved)
    {
        var (gain, error) = Measure();
        _epochs.Add(new EpochRecord
        {
            Epoch = _epochs.Count,
            Stage = stage,
            HeldOutGain = gain,
            HeldOutError = error,
            TrainingGain = trainingGain,
            Seconds = seconds,
        });
        var best = _epochs[_bestEpoch].HeldOutGain;
        if (_epochs.Count == 1 || gain > best)
        {
            _bestEpoch = _epochs.Count - 1;
            _best = _target.CopyWeights();
            _bestUsesNetworks = _target.UsesNetworks;
            improved?.Invoke();
        }

        return double.IsFinite(gain) && gain > Math.Min(0, _epochs[0].HeldOutGain) - 10 - (10 * error);
    }

    private string Diverged(double trainingGain) => double.IsFinite(trainingGain) && double.IsFinite(_epochs[^1].HeldOutGain)
        ? FormattableString.Invariant($"diverged: held-out particles fit worse than the neutral model by {-_epochs[^1].HeldOutGain:F1}; the weights ")
            + FormattableString.Invariant($"of epoch {_bestEpoch} were kept")
        : FormattableString.Invariant($"diverged: the score is not finite, or a Gaussian left the box; the weights of epoch {_bestEpoch} were kept");

    private void RestoreBest()
    {
        _target.Restore(_best);
        _target.UsesNetworks = _bestUsesNetworks;
    }

    private double TrainEpoch(int epoch, bool networks, double share, IProgress<HeterogeneityProgress>? progress)
    {
        var order = Shuffled((int[])Train.Clone(), _compute.Seed + _target.Half, epoch);
        // Down to a tenth over the stage, by a cosine.
        double sum = 0;
        var scale = new LatentScale(_target.LatentDimension);
        var stage = networks ? HeterogeneityStage.TrainingNetworks : HeterogeneityStage.TrainingLinear;
        var epochs = networks ? _options.Epochs : _options.LinearEpochs;
        for (var first = 0; first < order.Length; first += _batch)
        {
            var rows = Math.Min(_batch, order.Length - first);
            var at = share + ((double)first / order.Length / epochs);
            var rate = 0.55 + (0.45 * Math.Cos(Math.PI * at));
            sum += TrainBatch(order.AsSpan(first, rows), epoch, networks, rate, scale);
            if (!double.IsFinite(sum))
            {
                return double.NaN;
            }

            progress?.Report(new HeterogeneityProgress(_target.Half, stage, epoch, first + rows, order.Length, _epochs[^1].HeldOutGain, _round));
        }

        scale.Apply(_target);
        return sum / order.Length;
    }

    private double TrainBatch(ReadOnlySpan<int> batch, int epoch, bool networks, double rate, LatentScale scale)
    {
        int d = _target.LatentDimension, rows = batch.Length;
        var members = batch.ToArray();
        var (encoded, latent, noise) = Sample(members, epoch);
        var controls = _decoderPass.Forward(latent, rows);
        var n = _target.Decoder.Deformer.ControlCount;
        Score(members, controls, _derivatives.AsMemory(0, rows * n));
        foreach (var g in _gradients)
        {
            Array.Clear(g);
        }

        // Adam descends: derivatives of minus the gain, averaged over the batch.
        for (var i = 0; i < rows * n; i++)
        {
            _derivatives[i] *= -1f / rows;
        }

        var dLatent = _decoderPass.Backward(_derivatives.AsSpan(0, rows * n), _decoderGradients);
        var dEncoded = new float[encoded.Length];
        double sum = 0;
        for (var b = 0; b < rows; b++)
        {
            sum += _scores[b] - Divergence(encoded.AsSpan(2 * d * b, 2 * d));
            scale.Add(encoded.AsSpan(2 * d * b, d), encoded.AsSpan((2 * d * b) + d, d));
            for (var k = 0; k < d; k++)
            {
                var (mean, log, slot) = (encoded[(2 * d * b) + k], encoded[(2 * d * b) + d + k], (2 * d * b) + k);
                dEncoded[slot] = dLatent[(d * b) + k] + (mean / rows);
                var sd = MathF.Exp(Math.Clamp(log, LeastLogSd, GreatestLogSd));
                dEncoded[slot + d] = log is > LeastLogSd and < GreatestLogSd
                    ? (dLatent[(d * b) + k] * noise[(d * b) + k] * sd) + (((sd * sd) - 1) / rows)
                    : (log > 0 ? 1f : -1f) / rows;
            }
        }

        _encoderPass.Backward(dEncoded, _encoderGradients);
        for (var p = 0; p < _gradients.Length; p++)
        {
            var block = _target.Weights[p];
            if (networks || !block.IsNetwork)
            {
                var learning = block.Rate * (block.IsNetwork ? _options.LearningRate : _options.LinearLearningRate);
                _optimizers[p].Step(block.Values, _gradients[p], learning * rate * (networks && !block.IsNetwork ? 0.5 : 1));
            }
        }

        return sum;
    }

    /// <summary>Scores particles against the model deformed by their controls, less what the neutral model scores.</summary>
    private void Score(int[] members, float[] controls, Memory<float> derivatives)
    {
        _images.Score(members, _deformers, controls, _scores, derivatives);
        for (var b = 0; b < members.Length; b++)
        {
            _scores[b] -= _cache.ReadNeutral(members[b]);
        }
    }

    /// <summary>Encodes particles and draws a latent point for each.</summary>
    private (float[] Encoded, float[] Latent, float[] Noise) Sample(int[] members, int epoch)
    {
        int d = _target.LatentDimension, f = _cache.FeatureCount;
        for (var b = 0; b < members.Length; b++)
        {
            _cache.ReadFeatures(members[b], _features.AsSpan(b * f, f));
        }

        var encoded = _encoderPass.Forward(_features.AsSpan(0, members.Length * f), members.Length);
        float[] latent = new float[members.Length * d], noise = new float[members.Length * d];
        for (var b = 0; b < members.Length; b++)
        {
            var random = new SeededGenerator(_compute.Seed, 1000 + epoch, members[b]);
            for (var k = 0; k < d; k++)
            {
                var sd = MathF.Exp(Math.Clamp(encoded[(2 * d * b) + d + k], LeastLogSd, GreatestLogSd));
                noise[(b * d) + k] = (float)random.Normal();
                latent[(b * d) + k] = encoded[(2 * d * b) + k] + (sd * noise[(b * d) + k]);
            }
        }

        return (encoded, latent, noise);
    }

    /// <summary>Kullback-Leibler divergence of a particle's latent distribution from the standard normal.</summary>
    private static double Divergence(ReadOnlySpan<float> encoded)
    {
        var d = encoded.Length / 2;
        double sum = 0;
        for (var k = 0; k < d; k++)
        {
            double mean = encoded[k], log = Math.Clamp(encoded[d + k], LeastLogSd, GreatestLogSd);
            sum += 0.5 * ((mean * mean) + Math.Exp(2 * log) - 1 - (2 * log));
        }

        return sum;
    }

    /// <summary>Mean gain of the held-out particles, with the same noise every time, and its standard error.</summary>
    private (double Mean, double Error) Measure()
    {
        var d = _target.LatentDimension;
        double sum = 0, square = 0;
        for (var first = 0; first < HeldOut.Length; first += _batch)
        {
            var members = HeldOut.AsSpan(first, Math.Min(_batch, HeldOut.Length - first)).ToArray();
            var (encoded, latent, _) = Sample(members, -1);
            var controls = _decoderPass.Forward(latent, members.Length);
            Score(members, controls, default);
            for (var b = 0; b < members.Length; b++)
            {
                var gain = _scores[b] - Divergence(encoded.AsSpan(2 * d * b, 2 * d));
                sum += gain;
                square += gain * gain;
            }
        }

        var mean = sum / HeldOut.Length;
        return (mean, Math.Sqrt(Math.Max(0, (square / HeldOut.Length) - (mean * mean)) / Math.Max(1, HeldOut.Length - 1)));
    }
}
