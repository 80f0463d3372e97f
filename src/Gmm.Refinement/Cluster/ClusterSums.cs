using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Microsoft.Extensions.Logging;

namespace Gmm.Refinement;

/// <summary>
/// A reconstruction whose images are summed by other processes (docs/cluster.md): the parts are those that one process sums one after the other, and they are
/// added in the same order.
/// </summary>
/// <param name="folder">The folder of its boards; removed when all is done.</param>
/// <param name="particles">The particles.</param>
internal sealed class ClusterSums(string folder, StarParticles particles)
{
    /// <summary>The work of the board, and its name in the folder.</summary>
    public const string Work = "reconstruct";

    /// <summary>What the sums are of: what the one that controls and its workers must agree on.</summary>
    private const string Input = "input.json";

    /// <summary>What was found of each image, which is looked at once.</summary>
    private const string Figures = "input.gmmfig";

    /// <summary>The folder of the boards of outputs with a prefix.</summary>
    public static string FolderOf(string prefix) => $"{prefix}_{PartTasks.Boards}";

    /// <summary>Takes the figures of the images that an earlier call has kept, if they are of these images.</summary>
    /// <param name="images">The images.</param>
    public void TakeFigures(PreparedParticles images)
    {
        var path = Path.Combine(folder, Work, Figures);
        if (File.Exists(path))
        {
            try
            {
                images.Take(ImageFiguresFile.Read(path, images.Particles.Count, KeyOf(images)));
            }
            catch (InvalidInputException)
            {
                // Of other images, or damaged: they are looked at, as at first.
            }
        }
    }

    /// <summary>Makes the half maps, and the filtered map if there is an SSNR.</summary>
    /// <param name="input">The particles, their images prepared, and weights.</param>
    /// <param name="options">What map is wanted.</param>
    /// <param name="reconstructor">Makes it.</param>
    /// <param name="ssnr">The SSNR of each shell of the full map, given the half maps; null makes no filtered map.</param>
    /// <param name="plan">Who works on it.</param>
    /// <param name="compute">Threads of what is done here.</param>
    /// <param name="logger">Told of what is lost, failed and tried again.</param>
    /// <param name="progress">Told how many particles are summed.</param>
    /// <param name="cancellationToken">Stops it; what is done is kept.</param>
    public (HalfMapPair Halves, DensityMap? Filtered) Run(
        ReconstructionInput input, ReconstructionOptions options, FourierReconstructor reconstructor, Func<HalfMapPair, IReadOnlyList<double>>? ssnr,
        ClusterPlan plan, ComputeOptions compute, ILogger logger, IProgress<ReconstructionProgress>? progress, CancellationToken cancellationToken)
    {
        var images = (PreparedParticles)input.Source;
        var info = Describe(input, options, reconstructor);
        int done = 0, total = info.Count1 + info.Count2;
        PartTasks? tasks = null;
        var maps = reconstructor.OfParts(input, options, ssnr, compute.StoppedBy(cancellationToken), (h, _, parts, sums) =>
        {
            tasks ??= Open(images, info, input, options, plan, logger);
            tasks.TakeHalf(
                h, (_, task, path) => PartFile.Read(path, tasks.Key, task, 0, sums),
                n => progress?.Report(new ReconstructionProgress(done += n, total)), cancellationToken);
        });
        return maps;
    }

    /// <summary>Removes what workers have written, once the maps are written; logs that warnings have named stay.</summary>
    public void Remove() => TaskBoard.RemoveAll(folder, keepLogs: true);

    /// <summary>Makes ready to sum parts for the process that controls.</summary>
    /// <param name="board">The tasks.</param>
    /// <param name="images">The images, not looked at yet.</param>
    /// <param name="weights">A weight for each particle; null weighs all 1.</param>
    /// <param name="options">What map is wanted.</param>
    /// <param name="reconstructor">Makes it; the Ewald sphere is the board's.</param>
    /// <param name="compute">Threads.</param>
    /// <returns>What does one task: given its name and where the result goes.</returns>
    /// <exception cref="InvalidInputException">Particles, images or settings are not those of the board.</exception>
    public Action<string, string, CancellationToken> OpenTasks(
        TaskBoard board, PreparedParticles images, IReadOnlyList<float>? weights, ReconstructionOptions options, FourierReconstructor reconstructor,
        ComputeOptions compute)
    {
        var path = board.In(Input);
        var wanted = RecordFile.Read(path, PartialSumsJson.Default.PartialSumsInfo, "what a reconstruction is made of");
        images.Take(ImageFiguresFile.Read(board.In(Figures), images.Particles.Count, KeyOf(images)));
        reconstructor = reconstructor.WithEwald(wanted.EwaldSign);
        options = options with { Parts = wanted.Parts };
        var input = new ReconstructionInput(images, null, weights);
        if (wanted.DifferenceFrom(Describe(input, options, reconstructor)) is { } difference)
        {
            throw new InvalidInputException($"is of other particles or settings than a worker finds here: {difference}", path);
        }

        var (reader, _) = reconstructor.Reader(input, options, compute);
        int[][][] parts = [.. Halves(input, options)];
        return (task, result, cancellationToken) =>
        {
            var (half, part) = PartTasks.PartOf(task);
            var sums = new FourierAccumulator(reader.Grid);
            FourierReconstructor.Fill(reader, [parts[half][part]], sums, null, cancellationToken);
            PartFile.Write(result, board.Record.Key, task, [], sums);
        };
    }

    private static IEnumerable<int[][]> Halves(ReconstructionInput input, ReconstructionOptions options) =>
        Enumerable.Range(1, 2).Select(h => HalfParts.Split(input.Source.Particles, input.Select(h), h, options.Parts));

    private static PartialSumsInfo Describe(ReconstructionInput input, ReconstructionOptions options, FourierReconstructor reconstructor) =>
        PartialReconstruction.Describe(
            reconstructor, input, options, reconstructor.Grid(input.Source, options), 1, options.Parts, (input.Select(1).Count, input.Select(2).Count));

    private PartTasks Open(
        PreparedParticles images, PartialSumsInfo info, ReconstructionInput input, ReconstructionOptions options, ClusterPlan plan, ILogger logger)
    {
        var path = Path.Combine(folder, Work);
        var key = RunFingerprint.Of(
            [RecordFile.ToText(info, PartialSumsJson.Default.PartialSumsInfo), KeyOf(images), images.Options.ToString()]);
        return new PartTasks(path, Work, key, [.. Halves(input, options)], plan, logger, () =>
        {
            ImageFiguresFile.Write(Path.Combine(path, Figures), images.Figures!, KeyOf(images));
            RecordOutput.Write(Path.Combine(path, Input), info, PartialSumsJson.Default.PartialSumsInfo);
        });
    }

    private string KeyOf(PreparedParticles images) => ImageFiguresFile.KeyOf(images.Source, RunSettings.Inputs(particles));
}
