using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>A folder that is deleted after a test, with ways to put files into it.</summary>
public sealed class TestFolder : IDisposable
{
    public TestFolder() => Root = Directory.CreateTempSubdirectory("gmm-io-").FullName;

    public string Root { get; }

    public static string Data(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Data", .. parts]);

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>
    /// One of the made files of cryoSPARC, copied to a folder of its own with its group: they are kept as .npy, since .cs is C#'s ending here.
    /// </summary>
    public string Cryosparc(string name)
    {
        Directory.CreateDirectory(this["J24"]);
        foreach (var file in Directory.EnumerateFiles(Data("cs")))
        {
            File.Copy(file, Path.Combine(this["J24"], Path.GetFileName(file).Replace(".npy", ".cs", StringComparison.Ordinal)), overwrite: true);
        }

        return Path.Combine(this["J24"], name);
    }

    public string Text(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>A stack of size x size images; pixel p of image k is 1000 k + p. A header of 1 A says nothing of the pixel size.</summary>
    public string Stack(string name, int count, int size = 8, int? height = null, Action<int, float[]>? change = null, double header = 1)
    {
        using var writer = new MrcStackWriter(this[name], size, height ?? size, header, overwrite: true);
        for (var k = 0; k < count; k++)
        {
            var image = new float[size * (height ?? size)];
            for (var p = 0; p < image.Length; p++)
            {
                image[p] = (1000 * k) + p;
            }

            change?.Invoke(k, image);
            writer.Write(image);
        }

        writer.Complete();
        return this[name];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static InvalidInputException Fails(Action action, params string[] mentions)
    {
        var e = Assert.Throws<InvalidInputException>(action);
        Assert.DoesNotContain('\n', e.Message);
        foreach (var mention in mentions)
        {
            Assert.Contains(mention, e.Message, StringComparison.Ordinal);
        }

        return e;
    }
}
