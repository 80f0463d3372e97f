using Gmm.Core;

namespace Gmm.IO;

/// <summary>Headers of the stacks that a file of another program names, where they are found: they say what such files do not.</summary>
/// <param name="path">The file.</param>
/// <param name="comments">Its comments, in which it remembers folders.</param>
/// <param name="options">Where images are looked for.</param>
internal sealed class ForeignStacks(string path, IEnumerable<string> comments, StarParticlesOptions options) : IDisposable
{
    private readonly ImageRoots _roots = new(path, options.Root, comments);
    private readonly Dictionary<string, IImageStack?> _stacks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StackShape?> _shapes = new(StringComparer.Ordinal);

    /// <summary>Side of the images of a stack, pixels; null if nothing says it.</summary>
    public int? Side(string name) => Shape(name)?.Width ?? options.ImageSize;

    /// <summary>What a stack holds; null if it is not found. One that cannot be read is told of where images are asked for.</summary>
    public StackShape? Shape(string name)
    {
        var stack = Open(name);
        if (!_shapes.TryGetValue(name, out var shape))
        {
            _shapes.Add(name, shape = stack is null ? null : StackShape.Of(stack));
        }

        return shape;
    }

    /// <summary>The CTF in an image's header; null if there is none.</summary>
    public EmanCtf? Ctf(string name, int image) => EmanCtf.Parse(Header(name, image)?.Text("EMAN.ctf"));

    /// <summary>Whether an image's header says that it is phase-flipped: a flag of EMAN2's is the letter T, or 1.</summary>
    public bool IsFlipped(string name, int image) => Header(name, image)?.Number("EMAN.ctf_phase_flipped") is 'T' or 1;

    public void Dispose()
    {
        foreach (var stack in _stacks.Values)
        {
            stack?.Dispose();
        }
    }

    /// <summary>The header of an image; null where there is none, which is told of where images are asked for.</summary>
    private HdfObject? Header(string name, int image) =>
        Open(name) is EmanStack stack && image < stack.Count && stack.Present?.Contains(image) != false ? stack.Header(image) : null;

    private IImageStack? Open(string name)
    {
        if (!_stacks.TryGetValue(name, out var stack))
        {
            try
            {
                stack = _roots.Find(name) is { } found ? ImageStacks.Open(found) : null;
            }
            catch (InvalidInputException)
            {
                stack = null;
            }

            // Only EMAN2's say more than their shape; others are closed at once, since there can be thousands.
            if (stack is not null and not EmanStack)
            {
                _shapes[name] = StackShape.Of(stack);
                stack.Dispose();
            }

            _stacks.Add(name, stack);
        }

        return stack;
    }
}
