using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Heterogeneity;

/// <summary>
/// The folder of a heterogeneity analysis: latent.star, autoencoder_half1.gmmae, autoencoder_half2.gmmae, the models they belong to
/// (model_half1.star, model_half2.star), and heterogeneity.json with the settings and the course of training.
/// </summary>
/// <remarks>
/// <example>
/// <code>
/// var folder = new HeterogeneityFolder("motion");
/// HeterogeneityRecord record = folder.ReadRecord();
/// Autoencoder half1 = folder.ReadAutoencoder(1);
/// LatentTable latents = folder.ReadLatents();
/// </code>
/// </example>
/// </remarks>
/// <param name="path">The folder.</param>
public sealed class HeterogeneityFolder(string path)
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = path;

    /// <summary>The table of latent points.</summary>
    public string Latents => In("latent.star");

    /// <summary>Settings and course of training.</summary>
    public string Record => In("heterogeneity.json");

    /// <summary>The focus mask, where the motion was learnt in one; what follows takes it from here.</summary>
    public string Focus => In("focus.mrc");

    /// <summary>The files an analysis writes; with a focus mask <see cref="Focus"/> too.</summary>
    public IReadOnlyList<string> All => [.. Names.Select(In)];

    /// <summary>Their names in the folder.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["latent.star", "autoencoder_half1.gmmae", "autoencoder_half2.gmmae", "model_half1.star", "model_half2.star", "heterogeneity.json"];

    /// <summary>The autoencoder of a half.</summary>
    /// <param name="half">1 or 2.</param>
    /// <returns>The file's name.</returns>
    public string Autoencoder(int half) => In(FormattableString.Invariant($"autoencoder_half{half}.gmmae"));

    /// <summary>The neutral model of a half.</summary>
    /// <param name="half">1 or 2.</param>
    /// <returns>The file's name.</returns>
    public string Model(int half) => In(FormattableString.Invariant($"model_half{half}.star"));

    /// <summary>Reads the neutral model of a half.</summary>
    /// <param name="half">1 or 2.</param>
    /// <returns>The model.</returns>
    /// <exception cref="InvalidInputException">The file is missing or damaged, or of the other half.</exception>
    public GaussianModel ReadModel(int half) => GaussianModelFile.ReadOrigin(Model(half)) is { } origin && origin.Half != half
        ? throw new InvalidInputException($"is a model of half {origin.Half}, found as that of half {half}: the files were swapped", Model(half))
        : GaussianModelFile.Read(Model(half));

    /// <summary>Reads the autoencoder of a half.</summary>
    /// <param name="half">1 or 2.</param>
    /// <param name="decoder">Makes its decoder, where that is none of this library's.</param>
    /// <param name="encoder">Makes its encoder, where that is none of this library's.</param>
    /// <returns>The autoencoder, with its model.</returns>
    /// <exception cref="InvalidInputException">A file is missing or damaged, the two do not belong together, or a part is not known.</exception>
    public Autoencoder ReadAutoencoder(int half, IDecoderFactory? decoder = null, IEncoderFactory? encoder = null) =>
        AutoencoderFile.Read(Autoencoder(half), ReadModel(half), decoder, encoder);

    /// <summary>Reads the latent points.</summary>
    /// <returns>The table.</returns>
    /// <exception cref="InvalidInputException">The file is missing or damaged.</exception>
    public LatentTable ReadLatents() => LatentTable.Read(Latents);

    /// <summary>Reads the settings and the course of training.</summary>
    /// <returns>The record.</returns>
    /// <exception cref="InvalidInputException">The file is missing, damaged, or of another version.</exception>
    public HeterogeneityRecord ReadRecord() => RecordFile.Read(Record, HeterogeneityJson.Default.HeterogeneityRecord, "the record of a heterogeneity analysis");

    /// <summary>Writes what an analysis found.</summary>
    /// <param name="run">The open folder: this one.</param>
    /// <param name="result">The result.</param>
    /// <param name="record">Settings and course of training.</param>
    /// <param name="imageFolders">Folders that the images' names are relative to, full paths.</param>
    /// <exception cref="InvalidInputException">A file cannot be written.</exception>
    internal static void Write(RunFolder run, HeterogeneityResult result, HeterogeneityRecord record, IReadOnlyList<string> imageFolders)
    {
        WriteCheckpoint(run, result.Half1);
        WriteCheckpoint(run, result.Half2);
        result.Latents.Write(run.Claim("latent.star"), overwrite: true, imageFolders);
        RecordOutput.Write(run.Claim("heterogeneity.json"), record, HeterogeneityJson.Default.HeterogeneityRecord);
    }

    /// <summary>Writes an autoencoder that is still being trained, with its model.</summary>
    /// <param name="run">The open folder.</param>
    /// <param name="autoencoder">The autoencoder.</param>
    /// <exception cref="InvalidInputException">A file cannot be written.</exception>
    internal static void WriteCheckpoint(RunFolder run, Autoencoder autoencoder)
    {
        var (model, weights) = (Names[2 + autoencoder.Half], Names[autoencoder.Half]);
        run.Claim([model, weights]);
        GaussianModelFile.Write(run.In(model), autoencoder.Model, overwrite: true, new ModelOrigin(autoencoder.Half, []));
        AutoencoderFile.Write(run.In(weights), autoencoder, overwrite: true);
    }

    /// <summary>Opens the folder for an analysis: locks it, and checks that an analysis may work there (<see cref="RunFolder.Open"/>).</summary>
    /// <param name="job">Where, and what is done with a run that is there.</param>
    /// <param name="particles">The particles, whose files are never touched.</param>
    /// <param name="rounds">Rounds of learning.</param>
    /// <returns>The open folder.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="RunFolder.Open"/>.</exception>
    internal static RunFolder Open(JobOptions job, StarParticles particles, int rounds) => JobFolders.Open(
        job, "heterogeneity", particles, [.. Names, .. HeterogeneityCheckpoints.Names(rounds)], Earlier, MotionCache.Name);

    private string In(string name) => Path.Combine(Folder, name);

    /// <summary>The files of a heterogeneity analysis of an earlier version; null if there is none that came to its end.</summary>
    internal static IReadOnlyList<string>? Earlier(string folder) => !JobFolders.Holds(folder, "heterogeneity.json", "motion_found", "latent_dimension") ? null
        : [.. Names, "focus.mrc", .. HeterogeneityCheckpoints.Names(5), "heldout_gain.svg", "heldout_gain.png", "latent1.svg", "latent1.png"];
}
