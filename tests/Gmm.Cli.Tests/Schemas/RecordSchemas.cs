using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Simulation;

namespace Gmm.Cli.Tests;

/// <summary>
/// The JSON Schema of every record, made from its type: names, kinds, what may be null and what must be there; descriptions are the types' own docs.
/// </summary>
internal static class RecordSchemas
{
    /// <summary>Name of the schema, title, and the type.</summary>
    public static IReadOnlyList<(string Name, string Title, JsonTypeInfo Type)> All { get; } =
    [
        ("error", "What a call that failed prints with --json", ErrorReports.Default.ErrorReport),
        ("refine", "What gmm refine prints with --json", RefinementReports.Default.RefineReport),
        ("patches", "What gmm patches and gmm bodies print with --json", RefinementReports.Default.PatchesReport),
        ("composite", "What gmm composite prints with --json", RefinementReports.Default.CompositeReport),
        ("heterogeneity", "What gmm heterogeneity prints with --json", HeterogeneityReports.Default.HeterogeneityReport),
        ("to-pose", "What gmm to-pose prints with --json", HeterogeneityReports.Default.ToPoseReport),
        ("landscape", "What gmm landscape prints with --json; landscape.json in its folder", LandscapeJson.Default.LandscapeRecord),
        ("build", "What gmm build prints with --json", ModelReports.Default.BuildReport),
        ("project", "What gmm project prints with --json", ModelReports.Default.ProjectReport),
        ("molmap", "What gmm molmap prints with --json", ModelReports.Default.MolmapReport),
        ("convert", "What gmm convert prints with --json", FileReports.Default.ConvertReport),
        ("validate", "What gmm validate and gmm info print with --json", FileReports.Default.ValidateReport),
        ("reconstruct", "What gmm reconstruct prints with --json", MapReports.Default.ReconstructReport),
        ("reconstruct-partial", "What gmm reconstruct --partial prints with --json", MapReports.Default.PartialSumsReport),
        ("fsc", "What gmm fsc prints with --json", MapReports.Default.FscReport),
        ("mask", "What gmm mask prints with --json", MapReports.Default.MaskReport),
        ("postprocess", "What gmm postprocess prints with --json", MapReports.Default.PostprocessReport),
        ("localres", "What gmm localres prints with --json", MapReports.Default.LocalresReport),
        ("qscore", "What gmm qscore prints with --json", MapReports.Default.QScoreReport),
        ("status", "What gmm status prints with --json", StatusReports.Default.StatusReport),
        ("event", "One line of standard error with --json", ToolEvents.Line.ToolEvent),
        ("devices", "What gmm devices prints with --json", DevicesReports.Default.DevicesReport),
        ("report", "What gmm report prints with --json", ReportReports.Default.ReportReport),
        ("simulate", "What gmm simulate prints with --json", SimulationReports.Default.SimulateReport),
        ("experiment", "What gmm experiment prints with --json", SimulationReports.Default.ExperimentReport),
        ("demo", "What gmm demo prints with --json", DemoReports.Default.DemoReport),
        ("demo-real", "What gmm demo --real prints with --json", DemoReports.Default.RealDemoReport),
        ("run", "run.json: the record of a refinement", JobJson.Default.RunRecord),
        ("refine-state", "iterations/run_it###_state.json of a refinement", JobJson.Default.StateFile),
        ("provenance", "provenance.json: the record of patches or bodies", PatchJson.Default.PatchProvenance),
        ("patches-state", "iterations/run_it###_state.json and run_it###_poses.json of patches or bodies", PatchJson.Default.PatchStateFile),
        ("heterogeneity-record", "heterogeneity.json: the record of a heterogeneity analysis", HeterogeneityJson.Default.HeterogeneityRecord),
        ("gmm-files", "gmm_files.json: the list of a run's files", OutputJson.Default.RunManifest),
        ("gmm-lock", ".gmm_lock: who works in a folder", OutputJson.Default.LockOwner),
        ("motion", "The file of gmm simulate --motion", MotionJson.Default.MotionFile),
        ("gmmae-header", "The header of a .gmmae file (an autoencoder)", AutoencoderJson.Default.AutoencoderHeader),
        ("gmmts-header", "The header of a .gmmts file (a state of training)", TrainingJson.Default.TrainingStateHeader),
        ("gmmsum-header", "The header of a .gmmsum file (partial sums)", PartialSumsJson.Default.PartialSumsInfo),
        ("gmmfig-header", "The header of a .gmmfig file (figures of images)", ImageFiguresJson.Default.ImageFiguresInfo),
        ("gmmpass-header", "The header of tasks/it###/input.gmmpass: what an iteration was made ready with", PassJson.Default.PassInfo),
        ("gmmpart-header", "The header of tasks/it###/half#_part####.result: what a part gave", PassJson.Default.PartInfo),
        (
            "gmmpatch-header", "The header of tasks/it###_*/input.gmmpatch: what an iteration of patches was made ready with",
            PatchPassJson.Default.PatchPassInfo),
        ("gmmpatch-part-header", "The header of tasks/it###_poses/half#_part####.result: what a part of patches gave", PatchPassJson.Default.PatchPartInfo),
        ("task-board", "tasks/it###/board.json: the tasks that processes share", TaskJson.Default.BoardRecord),
        ("task-worker", "tasks/it###/worker_*.json: who works on tasks", TaskJson.Default.WorkerRecord),
        ("task-try", "tasks/it###/*.try#: who took a task", TaskJson.Default.ClaimRecord),
        ("task-end", "tasks/it###/*.end#: how a try ended that gave no result", TaskJson.Default.EndRecord),
        ("cluster-settings", "The settings of --cluster slurm", ClusterJson.Default.ClusterSettings),
    ];

    /// <summary>Folder of the schemas in the repository.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", "schemas"));

    public static string FileOf(string name) => Path.Combine(Folder, name + ".schema.json");

    /// <summary>Makes a schema.</summary>
    public static JsonObject Make(string title, JsonTypeInfo type)
    {
        var input = type.Type == typeof(MotionFile);
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(context, node, input),
        };
        var schema = type.GetJsonSchemaAsNode(options).AsObject();
        var result = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = title };
        foreach (var (name, value) in schema.ToArray())
        {
            schema.Remove(name);
            result[name] = value;
        }

        // The record itself is never null.
        result["type"] = "object";
        return result;
    }

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode node, bool input)
    {
        var type = context.TypeInfo.Type;
        var schema = node as JsonObject ?? [];
        var property = context.PropertyInfo;
        if (type == typeof(double) || type == typeof(double?))
        {
            var unmeasured = property?.AttributeProvider?.GetCustomAttributes(typeof(JsonConverterAttribute), true).Length > 0;
            schema = new JsonObject { ["type"] = type == typeof(double?) || unmeasured ? new JsonArray("number", "null") : "number" };
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && schema["properties"] is JsonObject)
        {
            schema["additionalProperties"] = false;
            if (!input)
            {
                // All that is always written must be there; a program may count on it.
                schema["required"] = new JsonArray(
                    [.. context.TypeInfo.Properties.Where(p => p.Get is not null && p.ShouldSerialize is null).Select(p => JsonValue.Create(p.Name))]);
            }
        }

        if (property is not null)
        {
            schema["description"] = MemberDocs.Of(property);
        }
        else if (context.Path.Length == 0)
        {
            schema["description"] = MemberDocs.Of(type);
        }

        return schema;
    }
}
