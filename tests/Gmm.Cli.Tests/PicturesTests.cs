using System.CommandLine;
using Gmm.Core;
using Gmm.Reports;

namespace Gmm.Cli.Tests;

/// <summary>A machine that cannot draw pictures gets a warning, once, and everything else.</summary>
public class PicturesTests
{
    [Fact]
    public void What_cannot_be_drawn_is_warned_of_once_goes_if_it_was_there_and_is_not_said_to_be_written()
    {
        var folder = Directory.CreateTempSubdirectory("gmm-pictures").FullName;
        try
        {
            string[] files = [Path.Combine(folder, "old.png"), Path.Combine(folder, "new.png"), Path.Combine(folder, "map.mrc")];
            File.WriteAllText(files[0], "another result");
            using var error = new StringWriter();
            using var held = new CallFiles("gmm");
            var call = new VerbCall(
                new RootCommand().Parse([]), new CliConsole(TextWriter.Null, error), new ComputeOptions(), Overwrite: true, held, CancellationToken.None);
            foreach (var file in files[..2])
            {
                Pictures.Draw(call, file, overwrite: true, () => throw new PicturesUnavailableException("pictures cannot be drawn: no library"));
            }

            Assert.Equal("warning: pictures cannot be drawn: no library; everything else is written", error.ToString().Trim());
            Assert.Equal([files[2]], call.Drawn(files));
            Assert.False(File.Exists(files[0]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Another_fault_of_a_picture_is_no_warning()
    {
        using var error = new StringWriter();
        using var held = new CallFiles("gmm");
        var call = new VerbCall(
            new RootCommand().Parse([]), new CliConsole(TextWriter.Null, error), new ComputeOptions(), Overwrite: true, held, CancellationToken.None);
        Assert.Throws<InvalidInputException>(() => Pictures.Draw(call, "a.png", overwrite: true, () => throw new InvalidInputException("full disk", "a.png")));
        Assert.Empty(error.ToString());
    }
}
