namespace Gmm.Gpu;

/// <summary>A kernel that is compiled for a device.</summary>
/// <typeparam name="TArgs">Its one argument: views of buffers, and numbers.</typeparam>
internal sealed class Kernel<TArgs>(GpuDevice device, Action<TArgs> body)
    where TArgs : struct
{
    private readonly Action<AcceleratorStream, KernelConfig, TArgs> _launch = device.Accelerator.LoadKernel(body);

    /// <summary>The kernel's code.</summary>
    public System.Reflection.MethodInfo Body => body.Method;

    /// <summary>Runs the kernel over items, which it takes in turns (<see cref="Work"/>).</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="args">The argument.</param>
    public void Over(long items, in TArgs args) => Launch(device.Groups((items + device.GroupSize - 1) / device.GroupSize), 0, args);

    /// <summary>Runs the kernel over lines, a group for each, with shared memory for one.</summary>
    /// <param name="lines">Number of lines.</param>
    /// <param name="shared">Floats of shared memory.</param>
    /// <param name="args">The argument.</param>
    public void OverLines(long lines, int shared, in TArgs args) => Launch(device.Groups(lines), shared, args);

    private void Launch(int groups, int shared, in TArgs args)
    {
        device.Meters.Launches++;
        var memory = shared == 0 ? SharedMemoryConfig.Empty : SharedMemoryConfig.RequestDynamic<float>(shared);
        _launch(device.Stream, new KernelConfig(groups, device.GroupSize, memory), args);
        device.AfterLaunch?.Invoke($"{body.Method.DeclaringType!.Name}.{body.Method.Name}");
    }
}
