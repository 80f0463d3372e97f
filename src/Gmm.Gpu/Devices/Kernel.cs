namespace Gmm.Gpu;

/// <summary>A kernel that is compiled for a card.</summary>
/// <typeparam name="TArgs">Its one argument: views of buffers, and numbers.</typeparam>
internal sealed class Kernel<TArgs>(GpuCard card, Action<TArgs> body)
    where TArgs : struct
{
    private readonly Action<AcceleratorStream, KernelConfig, TArgs> _launch = card.Accelerator.LoadKernel(body);

    /// <summary>The kernel's code.</summary>
    public System.Reflection.MethodInfo Body => body.Method;

    /// <summary>Runs the kernel over items, which it takes in turns (<see cref="Work"/>).</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="args">The argument.</param>
    public void Over(long items, in TArgs args) => Launch(card.Groups((items + card.GroupSize - 1) / card.GroupSize), 0, args);

    /// <summary>Runs the kernel over lines, a group for each, with shared memory for one.</summary>
    /// <param name="lines">Number of lines.</param>
    /// <param name="shared">Floats of shared memory.</param>
    /// <param name="args">The argument.</param>
    public void OverLines(long lines, int shared, in TArgs args) => Launch(card.Groups(lines), shared, args);

    private void Launch(int groups, int shared, in TArgs args)
    {
        card.Meters.Launches++;
        var memory = shared == 0 ? SharedMemoryConfig.Empty : SharedMemoryConfig.RequestDynamic<float>(shared);
        _launch(card.Stream, new KernelConfig(groups, card.GroupSize, memory), args);
        card.AfterLaunch?.Invoke($"{body.Method.DeclaringType!.Name}.{body.Method.Name}");
    }
}
