using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Finds the stacks that rlnImageName speaks of and reads their headers once.</summary>
internal sealed class StackLocator(string starPath, ImageRoots roots)
{
    private readonly Dictionary<string, int> _byName = [];
    private readonly Dictionary<string, int> _byFile = [];
    private readonly List<string> _paths = [];
    private readonly List<StackShape> _shapes = [];
    private byte[] _lastName = [];
    private int _lastStack = -1;

    /// <summary>Paths of the stacks found so far.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>What a stack holds.</summary>
    public StackShape Shape(int stack) => _shapes[stack];

    /// <summary>Stack and image (from 0) of an image name.</summary>
    /// <exception cref="InvalidInputException">The name cannot be read, the stack is missing or broken, or the image is outside it.</exception>
    public (int Stack, int Index) Find(ReadOnlySpan<byte> name, StarTable table, int row)
    {
        var (stack, number) = Stack(name, table, row);
        var count = _shapes[stack].Count;
        if (number < 1 || number > count)
        {
            throw table.Error($"image {number} is outside the stack {_paths[stack]}, which has images 1 to {count}", row, Labels.ImageName);
        }

        if (_shapes[stack].Present is { } present && !present.Contains((int)number - 1))
        {
            throw table.Error($"there is no image {number} in {_paths[stack]}, though later ones are", row, Labels.ImageName);
        }

        if (_shapes[stack].Width != _shapes[stack].Height)
        {
            throw table.Error(
                $"the images of {_paths[stack]} are {_shapes[stack].Width} x {_shapes[stack].Height} pixels, not square", row, Labels.ImageName);
        }

        return (stack, (int)number - 1);
    }

    private (int Stack, long Number) Stack(ReadOnlySpan<byte> name, StarTable table, int row)
    {
        // Rows of one stack mostly follow each other.
        var at = name.IndexOf((byte)'@');
        if (at >= 0 && _lastStack >= 0 && name[(at + 1)..].SequenceEqual(_lastName)
            && long.TryParse(name[..at], NumberStyles.None, CultureInfo.InvariantCulture, out var next))
        {
            return (_lastStack, next);
        }

        var image = ImageReference.Parse(name)
            ?? throw table.Error($"\"{Encoding.UTF8.GetString(name)}\" is not of the form 000001@stack.mrcs", row, Labels.ImageName);
        if (!_byName.TryGetValue(image.Stack, out var stack))
        {
            stack = Open(image.Stack, table, row);
            _byName.Add(image.Stack, stack);
        }

        if (image.Number is null && _shapes[stack].Count > 1)
        {
            throw table.Error(
                $"{image.Stack} has {_shapes[stack].Count} sections and the name does not say which: 000001@{image.Stack} is the first. "
                + "(Subtomograms and stacks of tilt images are named so; they are not read here)",
                row,
                Labels.ImageName);
        }

        (_lastName, _lastStack) = (at >= 0 ? name[(at + 1)..].ToArray() : [], at >= 0 ? stack : -1);
        return (stack, image.Number ?? 1);
    }

    private int Open(string name, StarTable table, int row)
    {
        var path = roots.Find(name) ?? throw table.Error($"the stack {name} does not exist; looked in {roots.Places}", row, Labels.ImageName);
        try
        {
            // One number for a file, whatever its names are, so that an image is told from another by stack and number.
            var file = FilePaths.Resolve(path);
            if (_byFile.TryGetValue(file, out var known))
            {
                return known;
            }

            using var stack = ImageStacks.Open(path);
            _byFile.Add(file, _paths.Count);
            _paths.Add(path);
            _shapes.Add(StackShape.Of(stack));
            return _paths.Count - 1;
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException(e.Message, starPath, table.LineOf(row), Labels.ImageName, e);
        }
    }
}
