using System.Diagnostics;
using System.Globalization;

namespace Gmm.Fuzz;

/// <summary>Gives inputs to readers, applies the rules (<see cref="Trial"/>) and counts.</summary>
internal sealed class Judge : IDisposable
{
    public const int MostFindings = 50;

    /// <summary>
    /// Wall time after which a reader is taken to hang: other programs may need the processor too, so a reader may be slow without being at fault.
    /// </summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly FuzzOptions _options;
    private readonly string _work;
    private readonly TextWriter _output;
    private readonly Timer _watch;
    private readonly Dictionary<FuzzTarget, Tally> _tallies = [];
    private (FuzzTarget Target, int Input, byte[] Bytes, long Since)? _now;

    public Judge(FuzzOptions options, string work, TextWriter output)
    {
        (_options, _work, _output) = (options, work, output);
        _watch = new Timer(_ => LookForHang(), null, 1000, 1000);
    }

    public int Findings => _tallies.Values.Sum(t => t.Findings);

    public Tally Of(FuzzTarget target) => _tallies.TryGetValue(target, out var t) ? t : _tallies[target] = new Tally();

    public void Dispose() => _watch.Dispose();

    /// <summary>Whole files must be read: a fuzzer whose seeds are refused tests nothing.</summary>
    public void Whole(FuzzTarget target)
    {
        for (var s = 0; s < target.Seeds.Count; s++)
        {
            var (problem, refused) = Read(target, -1 - s, target.Seeds[s]);
            if ((problem ?? refused) is { } why)
            {
                throw new InvalidOperationException($"{target.Name}: whole file {s} is not read: {why}");
            }
        }
    }

    /// <summary>Makes an input and judges what the reader does with it.</summary>
    public void Input(FuzzTarget target, int input)
    {
        var random = new Random(HashCode(_options.Seed, target.Name, input));
        var seed = random.Next(target.Seeds.Count + Math.Min(target.RealSeeds.Count, target.Seeds.Count));
        var bytes = target.Mutator.Mutate(
            seed < target.Seeds.Count ? target.Seeds[seed] : target.RealSeeds[random.Next(target.RealSeeds.Count)], random);
        var (problem, refused) = Read(target, input, bytes);
        var tally = Of(target);
        tally.Inputs++;
        tally.Read += problem is null && refused is null ? 1 : 0;
        tally.Refused += problem is null && refused is not null ? 1 : 0;
        if (problem is not null)
        {
            tally.Findings++;
            Keep(target, input, bytes, problem);
        }
    }

    private (string? Problem, string? Refused) Read(FuzzTarget target, int input, byte[] bytes)
    {
        _now = (target, input, bytes, Stopwatch.GetTimestamp());
        var trial = Trial.Run(target, Path.Combine(_work, target.File), bytes);
        _now = null;
        Of(target).Seconds += trial.Seconds;
        return (trial.Problem, trial.Refused);
    }

    /// <summary>Random.Shared and string hashes differ from run to run; this does not.</summary>
    private static int HashCode(int seed, string name, int input)
    {
        unchecked
        {
            var hash = 17 + seed;
            foreach (var c in name)
            {
                hash = (hash * 31) + c;
            }

            return (hash * 1_000_003) + input;
        }
    }

    private void Keep(FuzzTarget target, int input, byte[] bytes, string problem)
    {
        Directory.CreateDirectory(_options.Keep);
        var path = Path.Combine(_options.Keep, string.Create(CultureInfo.InvariantCulture, $"{target.Name}_{_options.Seed}_{input}_{target.File}"));
        File.WriteAllBytes(path, bytes);
        _output.WriteLine($"FINDING --target {target.Name} --seed {_options.Seed} --input {input} ({path}): {string.Join('\n', problem.Split('\n').Take(8))}");
    }

    private void LookForHang()
    {
        if (_now is { } now && Stopwatch.GetElapsedTime(now.Since) > Hang)
        {
            Keep(now.Target, now.Input, now.Bytes, $"does not end: {Hang.TotalSeconds} s and no answer");
            _output.Flush();

            // A thread that does not end cannot be stopped.
            Environment.Exit(1);
        }
    }

    /// <summary>Counts of a target.</summary>
    internal sealed class Tally
    {
        public long Inputs { get; set; }

        public long Read { get; set; }

        public long Refused { get; set; }

        public int Findings { get; set; }

        public double Seconds { get; set; }
    }
}
