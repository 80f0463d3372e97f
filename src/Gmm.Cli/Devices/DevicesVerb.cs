using Gmm.Gpu;

namespace Gmm.Cli;

/// <summary>gmm devices: the graphics cards that --device can name.</summary>
internal sealed class DevicesVerb : VerbCommand
{
    public DevicesVerb()
        : base(
            "devices",
            "Lists the graphics cards that poses can be refined on.",
            "Lists the graphics cards that --device of gmm refine can name, with their memory; of those that cannot be used, and where there is none, why. "
                + "A card needs the driver of its maker and nothing else.",
            "gmm devices",
            "gmm devices --json") => AddOptions();

    public override VerbResult Execute(VerbCall call)
    {
        var report = new DevicesReport(
            [.. GpuDevices.List().Select(d => new DeviceReport(d.Id, d.Name, Math.Round(d.MemoryBytes / 1e9, 1), d.Problem))]);
        return VerbResult.Of(report, DevicesReports.Default.DevicesReport, [.. report.Devices.Select(Line), "cpu: the processor, the default"]);
    }

    private static string Line(DeviceReport device) => device switch
    {
        { Name: "" } => $"{device.Id}: none; {device.Problem}",
        { Problem: { } problem } => $"{device.Id}: {device.Name}, cannot be used: it {problem}",
        _ => Texts.Line($"{device.Id}: {device.Name}, {device.MemoryGigabyte:F1} GB"),
    };
}
