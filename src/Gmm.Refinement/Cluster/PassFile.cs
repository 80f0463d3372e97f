using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>
/// What the controlling process has made ready for an iteration's parts, to the last bit: a header (<see cref="HashedFile{T}"/>, "GMMPASS1"), then for each
/// particle pose, scale and weight; the models; noise and signals of each half by optics group; and the particles that are refined already.
/// </summary>
internal static class PassFile
{
    private const int Version = 1;

    /// <summary>Numbers of a group's signals: whether there are any, limit, scale, whether there is a mean, mean, spread.</summary>
    private const int SignalNumbers = 6;

    private static ReadOnlySpan<byte> Kind => "GMMPASS1"u8;

    /// <summary>Writes it.</summary>
    public static void Write(string path, PassInput pass)
    {
        var state = pass.State;
        var info = new PassInfo
        {
            FormatVersion = Version,
            Iteration = state.Iteration,
            Limit = state.Limit,
            Ewald = state.Ewald,
            MapSize = pass.Grid.Size,
            MapPixelSize = pass.Grid.PixelSize,
            Particles = state.Particles.Count,
            Groups = pass.Groups,
            HasSignals = pass.Signals[0] is not null,
            Known = pass.Known.Count,
            Models = [.. pass.Models.Select(ModelBytes.Describe)],
        };
        HashedOutput.Write(path, Kind, info, PassJson.Default.PassInfo, overwrite: true, output =>
        {
            foreach (var p in state.Particles)
            {
                EstimateBytes.Put(output, p.Pose);
                output.Put<double>([p.Scale]);
                output.Put<float>([p.Weight]);
            }

            foreach (var m in pass.Models)
            {
                ModelBytes.Put(output, m);
            }

            for (var h = 0; h < 2; h++)
            {
                for (var g = 0; g < pass.Groups; g++)
                {
                    var power = pass.Noise[h][g];
                    output.Put<int>([power?.Length ?? 0]);
                    output.Put<double>(power);
                }

                foreach (var s in pass.Signals[h] ?? [])
                {
                    output.Put<double>([s is null ? 0 : 1, s?.RestLimit ?? 0, s?.Scale ?? 0, s?.Mean is null ? 0 : 1, s?.Mean ?? 0, s?.Spread ?? 0]);
                }
            }

            foreach (var (index, estimate) in pass.Known)
            {
                output.Put<int>([index]);
                EstimateBytes.Put(output, estimate);
            }
        });
    }

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="particles">Number of particles that it must have.</param>
    /// <param name="groups">Number of optics groups.</param>
    /// <exception cref="InvalidInputException">It cannot be read, is damaged, or of other particles.</exception>
    public static PassInput Read(string path, int particles, int groups)
    {
        using var file = HashedFile<PassInfo>.Open(path, Kind, PassJson.Default.PassInfo, "what an iteration was made ready with");
        var info = file.Header;
        var check = new RecordCheck(path, string.Empty);
        check["format_version"].Version(info.FormatVersion, Version);
        check["particles"].Require(info.Particles == particles, "is another number than the run's");
        check["groups"].Require(info.Groups == groups, "is another number than the run's");

        // What the header claims must fit the file before memory is taken for it; the noise says its own length.
        Int128 least = ((Int128)particles * (EstimateBytes.OfPose + sizeof(double) + sizeof(float)))
            + info.Models.Aggregate((Int128)0, (sum, m) => sum + ModelBytes.Of(m))
            + ((Int128)info.Known * (sizeof(int) + EstimateBytes.OfEstimate));
        check["known"].Require(least <= file.ContentLength, "says more than the file holds: it is cut off or damaged");
        var results = new ParticleResult[particles];
        for (var i = 0; i < particles; i++)
        {
            results[i] = new ParticleResult(EstimateBytes.ReadPose(file, path), double.NaN, double.NaN, double.NaN, PoseStatus.Refined)
            {
                Scale = One<double>(file),
                Weight = One<float>(file),
            };
        }

        GaussianModel[] models = [.. info.Models.Select(m => ModelBytes.Read(file, m, path))];
        var noise = new MeasuredNoise[2];
        var signals = new SignalGroup?[]?[2];
        for (var h = 0; h < 2; h++)
        {
            noise[h] = ReadNoise(file, groups, path);
            signals[h] = info.HasSignals ? [.. Enumerable.Range(0, groups).Select(_ => ReadSignal(file))] : null;
        }

        var known = new (int, PoseEstimate)[info.Known];
        for (var n = 0; n < known.Length; n++)
        {
            var index = One<int>(file);
            check["known"].Require(index >= 0 && index < particles, "names a particle that there is not");
            known[n] = (index, EstimateBytes.ReadEstimate(file, path));
        }

        file.RequireHash();
        return new PassInput(new SearchState(info.Iteration, results, info.Limit) { Ewald = info.Ewald }, models, noise, signals, known)
        {
            Groups = groups,
            Grid = new WorkingGrid(info.MapSize, info.MapPixelSize),
        };
    }

    private static MeasuredNoise ReadNoise(HashedFile<PassInfo> file, int groups, string path)
    {
        var noise = new MeasuredNoise();
        for (var g = 0; g < groups; g++)
        {
            var length = One<int>(file);
            if (length < 0 || (long)length * sizeof(double) > file.ContentLength)
            {
                throw new InvalidInputException("says more noise than the file holds: it is cut off or damaged", path);
            }

            if (length > 0)
            {
                file.Fill<double>(noise[g] = new double[length]);
            }
        }

        return noise;
    }

    private static T One<T>(HashedFile<PassInfo> file)
        where T : unmanaged
    {
        Span<T> number = stackalloc T[1];
        file.Fill(number);
        return number[0];
    }

    private static SignalGroup? ReadSignal(HashedFile<PassInfo> file)
    {
        Span<double> n = stackalloc double[SignalNumbers];
        file.Fill(n);
        return n[0] == 0 ? null : new SignalGroup(n[1], n[2]) { Mean = n[3] == 0 ? null : n[4], Spread = n[5] };
    }
}

/// <summary>The header of what an iteration was made ready with.</summary>
internal sealed record PassInfo : IRecord
{
    /// <summary>Version of the format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The iteration before.</summary>
    public required int Iteration { get; init; }

    /// <summary>The resolution limit, angstrom.</summary>
    [JsonPropertyName("limit_A")]
    public required double Limit { get; init; }

    /// <summary>What is known of the Ewald sphere's curvature.</summary>
    public EwaldRecord? Ewald { get; init; }

    /// <summary>Voxels of a side of the maps; 0 where they are made after the pass.</summary>
    public required int MapSize { get; init; }

    /// <summary>Angstrom per voxel of the maps.</summary>
    [JsonPropertyName("map_pixel_size_A")]
    public required double MapPixelSize { get; init; }

    /// <summary>Number of particles.</summary>
    public required int Particles { get; init; }

    /// <summary>Number of optics groups.</summary>
    public required int Groups { get; init; }

    /// <summary>Whether scales of the signal are estimated.</summary>
    public required bool HasSignals { get; init; }

    /// <summary>Particles that are refined already.</summary>
    public required int Known { get; init; }

    /// <summary>The models of the halves.</summary>
    public required IReadOnlyList<PassModel> Models { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["limit_A"].Positive(Limit);
        check["known"].NotNegative(Known);
        check["map_size"].Within(MapSize, 0, 1 << 14);
        check["models"].Count(Models.Count, 2);
        for (var i = 0; i < Models.Count; i++)
        {
            check["models"][i].Some(Models[i]);
            check["models"][i]["gaussians"].NotNegative(Models[i].Gaussians);
        }

        check["ewald"].Maybe(Ewald);
    }
}

/// <summary>Source-generated JSON of the headers of what processes exchange; numbers to the last bit.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PassInfo))]
[JsonSerializable(typeof(PartInfo))]
internal sealed partial class PassJson : JsonSerializerContext;
