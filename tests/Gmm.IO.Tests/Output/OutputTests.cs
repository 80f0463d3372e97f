using System.Xml.Linq;

namespace Gmm.IO.Tests;

public sealed class OutputTests
{
    [Fact]
    public void An_output_appears_whole_or_not_at_all()
    {
        using var folder = new TestFolder();
        using (var output = AtomicOutput.Create(folder["a"]))
        {
            output.Stream.WriteByte(1);
            Assert.False(File.Exists(folder["a"]));
        }

        Assert.Empty(Directory.GetFiles(folder.Root));
        AtomicOutput.Write(folder["a"], overwrite: false, s => s.WriteByte(1));
        Assert.Throws<InvalidOperationException>(() => AtomicOutput.Write(folder["a"], overwrite: true, s =>
        {
            s.WriteByte(2);
            throw new InvalidOperationException();
        }));
        Assert.Equal([1], File.ReadAllBytes(folder["a"]));
        AtomicOutput.Write(folder["a"], overwrite: true, s => s.WriteByte(2));
        Assert.Equal([2], File.ReadAllBytes(folder["a"]));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_named_before_any_work()
    {
        using var folder = new TestFolder();
        folder.Text("there", "x");
        TestFolder.Fails(() => AtomicOutput.CheckWritable(folder["there"]), "there", "exists already");
        AtomicOutput.CheckWritable(folder["there"], overwrite: true);
        TestFolder.Fails(() => AtomicOutput.CheckWritable(folder.Root), folder.Root, "it is a folder");
        TestFolder.Fails(() => AtomicOutput.CheckWritable(folder["no/file"]), "no/file", "folder does not exist");
        TestFolder.Fails(() => AtomicOutput.CheckWritable(folder["there/file"]), "there/file", "folder does not exist");
        TestFolder.Fails(() => AtomicOutput.CheckWritable(""), "needs a name");
        TestFolder.Fails(() => AtomicOutput.CheckWritable(folder[new string('x', 300)]), "cannot be written");
        AtomicOutput.CheckWritable(folder["new"]);
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void A_file_that_comes_into_being_meanwhile_is_not_replaced()
    {
        using var folder = new TestFolder();
        using var output = AtomicOutput.Create(folder["a"]);
        output.Stream.WriteByte(1);
        folder.Text("a", "other");
        TestFolder.Fails(output.Complete, "a: cannot be written");
        Assert.Equal("other", File.ReadAllText(folder["a"]));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Fsc_curves_are_written_as_star_and_xml()
    {
        using var folder = new TestFolder();
        double[] frequencies = [0, 0.01, 0.02], fsc = [1, 0.9, -0.05];
        FscFile.WriteStar(
            folder["fsc.star"], frequencies, [new FscColumn(FscFile.Unmasked, fsc), new FscColumn(FscFile.Masked, [1, 0.95, 0])],
            [new StarPair("rlnFinalResolution", "50.5")]);
        var file = StarFile.Read(folder["fsc.star"]);
        Assert.Equal(50.5, file.Find("general")!.GetDouble("rlnFinalResolution"));
        var table = file.Find("fsc")!.Table!;
        Assert.Equal(["rlnSpectralIndex", "rlnResolution", "rlnAngstromResolution", FscFile.Unmasked, FscFile.Masked], table.Labels);
        Assert.Equal(
            (100.0, 0.9, 999.0),
            (table.GetDouble(1, "rlnAngstromResolution"), table.GetDouble(1, FscFile.Unmasked), table.GetDouble(0, "rlnAngstromResolution")));
        FscFile.WriteXml(folder["fsc.xml"], frequencies, fsc, "a < b");
        var xml = XDocument.Load(folder["fsc.xml"]).Root!;
        Assert.Equal(
            ("fsc", "a < b", "Resolution (A-1)", "Correlation Coefficient"),
            (xml.Name.LocalName, xml.Attribute("title")!.Value, xml.Attribute("xaxis")!.Value, xml.Attribute("yaxis")!.Value));
        Assert.Equal(["0", "0.01", "0.02"], xml.Elements("coordinate").Select(c => c.Element("x")!.Value));
        Assert.Equal(["1", "0.9", "-0.05"], xml.Elements("coordinate").Select(c => c.Element("y")!.Value));
        Assert.Equal((byte)'<', File.ReadAllBytes(folder["fsc.xml"])[0]);
        Assert.Throws<ArgumentException>(() => FscFile.WriteXml(folder["x"], frequencies, [1]));
    }
}
