using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>
/// What the controlling process has made ready for an iteration of patches, to the last bit: a header (<see cref="HashedFile{T}"/>, "GMMPATC1"); the models
/// of the halves with the distributions of motions, for the poses, or neither, for the maps; and for each patch a pose of each particle.
/// </summary>
internal static class PatchPassFile
{
    private const int Version = 1;
    private const int MotionNumbers = RigidMotionPrior.Parameters * RigidMotionPrior.Parameters;

    private static ReadOnlySpan<byte> Kind => "GMMPATC1"u8;

    /// <summary>Writes it.</summary>
    public static void Write(string path, PatchPass pass) => HashedOutput.Write(
        path, Kind,
        new PatchPassInfo
        {
            FormatVersion = Version,
            Limit = pass.Limit,
            Patches = [.. pass.Patches],
            Models = [.. pass.Models.Select(ModelBytes.Describe)],
            Particles = pass.Poses is { Count: > 0 } poses ? poses[0].Count : 0,
        },
        PatchPassJson.Default.PatchPassInfo, overwrite: true, output =>
        {
            foreach (var (model, motions) in pass.Models.Zip(pass.Motions))
            {
                ModelBytes.Put(output, model);
                foreach (var motion in motions)
                {
                    output.Put(motion.Covariance);
                }
            }

            foreach (var pose in (pass.Poses ?? []).SelectMany(p => p))
            {
                EstimateBytes.Put(output, pose);
            }
        });

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="particles">Number of particles that it must have, where it has poses.</param>
    /// <exception cref="InvalidInputException">It cannot be read, is damaged, or of other particles.</exception>
    public static PatchPass Read(string path, int particles)
    {
        using var file = HashedFile<PatchPassInfo>.Open(path, Kind, PatchPassJson.Default.PatchPassInfo, "what an iteration of patches was made ready with");
        var info = file.Header;
        new RecordCheck(path, "format_version").Version(info.FormatVersion, Version);
        new RecordCheck(path, "particles").Require(info.Particles == 0 || info.Particles == particles, "is another number than the run's");
        file.RequireContent(
            info.Models.Aggregate((Int128)0, (sum, m) => sum + ModelBytes.Of(m) + ((Int128)sizeof(double) * MotionNumbers * info.Patches.Count))
                + ((Int128)EstimateBytes.OfPose * info.Particles * info.Patches.Count));
        var models = new List<GaussianModel>();
        var motions = new List<IReadOnlyList<RigidMotionPrior>>();
        foreach (var m in info.Models)
        {
            models.Add(ModelBytes.Read(file, m, path));
            motions.Add([.. info.Patches.Select(p => ReadMotion(file, p, path))]);
        }

        IReadOnlyList<Pose>[]? poses = info.Particles == 0 ? null
            : [.. info.Patches.Select(_ => (Pose[])[.. Enumerable.Range(0, particles).Select(_ => EstimateBytes.ReadPose(file, path))])];
        file.RequireHash();
        return new PatchPass(info.Limit, info.Patches, models, motions, poses);
    }

    private static RigidMotionPrior ReadMotion(HashedFile<PatchPassInfo> file, PatchPlace patch, string path)
    {
        Span<double> covariance = stackalloc double[MotionNumbers];
        file.Fill(covariance);
        try
        {
            return new RigidMotionPrior((patch.Centre[0], patch.Centre[1], patch.Centre[2]), covariance);
        }
        catch (ArgumentException e)
        {
            throw new InvalidInputException($"holds what is no distribution of motions: {e.Message}", path, innerException: e);
        }
    }
}

/// <summary>What an iteration of patches is made ready with.</summary>
/// <param name="Limit">The resolution limit, angstrom.</param>
/// <param name="Patches">The patches; their masks are in the run's folder.</param>
/// <param name="Models">The model of each half; none where maps are to be made.</param>
/// <param name="Motions">For each half the distribution of each patch's motion.</param>
/// <param name="Poses">For each patch a pose of each particle: where it starts, or is put into the map; null for the consensus.</param>
internal sealed record PatchPass(
    double Limit, IReadOnlyList<PatchPlace> Patches, IReadOnlyList<GaussianModel> Models, IReadOnlyList<IReadOnlyList<RigidMotionPrior>> Motions,
    IReadOnlyList<IReadOnlyList<Pose>>? Poses);

/// <summary>The header of what an iteration of patches was made ready with.</summary>
internal sealed record PatchPassInfo : IRecord
{
    /// <summary>Version of the format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The resolution limit, angstrom.</summary>
    [JsonPropertyName("limit_A")]
    public required double Limit { get; init; }

    /// <summary>The patches.</summary>
    public required IReadOnlyList<PatchPlace> Patches { get; init; }

    /// <summary>The models of the halves; none where maps are to be made.</summary>
    public required IReadOnlyList<PassModel> Models { get; init; }

    /// <summary>Number of particles with poses; 0 for the consensus.</summary>
    public required int Particles { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["limit_A"].Positive(Limit);
        check["particles"].NotNegative(Particles);
        check["models"].Require(Models.Count is 0 or 2, "is not none, or one of each half");
        for (var i = 0; i < Models.Count; i++)
        {
            check["models"][i].Some(Models[i]);
            check["models"][i]["gaussians"].NotNegative(Models[i].Gaussians);
        }

        check["patches"].All(Patches);
    }
}

/// <summary>Source-generated JSON of the header; numbers to the last bit.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PatchPassInfo))]
[JsonSerializable(typeof(PatchPartInfo))]
internal sealed partial class PatchPassJson : JsonSerializerContext;
