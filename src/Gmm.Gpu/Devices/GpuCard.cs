using Gmm.Core;
using ILGPU.Runtime.Cuda;

namespace Gmm.Gpu;

/// <summary>A graphics card that kernels run on. For one caller at a time.</summary>
internal sealed class GpuCard : IDisposable
{
    /// <summary>Threads of a group on a card.</summary>
    private const int CardGroupSize = 128;

    /// <summary>Most groups of a launch on a card; threads take more items in turns.</summary>
    private const int MostGroups = 1 << 20;

    private readonly Context _context;
    private readonly int _mostGroups;

    /// <summary>Opens a device of a context, which it owns from then on.</summary>
    /// <param name="context">The context.</param>
    /// <param name="device">One of its devices.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="threads">Threads of a group where the processor simulates a card, one group at a time.</param>
    public GpuCard(Context context, Device device, string name, int threads = 0)
    {
        _context = context;
        Name = name;
        Accelerator = device.CreateAccelerator(context);
        // Streams of its own, which run side by side; the default one of CUDA waits for others.
        (Stream, Copies) = (Accelerator.CreateStream(), Accelerator.CreateStream());
        GroupSize = threads > 0 ? threads : Math.Min(CardGroupSize, Accelerator.MaxNumThreadsPerGroup);
        _mostGroups = threads > 0 ? 1 : MostGroups;
    }

    /// <summary>What it is, for records: "NVIDIA H200 (CUDA)".</summary>
    public string Name { get; }

    /// <summary>Memory of the card, bytes.</summary>
    public long MemoryBytes => Accelerator.MemorySize;

    /// <summary>ILGPU's part of it.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>Where kernels are launched, one after the other.</summary>
    public AcceleratorStream Stream { get; }

    /// <summary>Where what the next batch needs is copied while kernels run.</summary>
    public AcceleratorStream Copies { get; }

    /// <summary>Told of each kernel that is launched, for measurements; null for nobody.</summary>
    public Action<string>? AfterLaunch { get; set; }

    /// <summary>Counts.</summary>
    public DeviceMeters Meters { get; } = new();

    /// <summary>Threads of a group.</summary>
    public int GroupSize { get; }

    /// <summary>Bytes that are free; on OpenCL, which does not say, the whole memory.</summary>
    public long FreeBytes => Accelerator is CudaAccelerator cuda ? cuda.GetFreeMemory() : Accelerator.MemorySize;

    /// <summary>Groups of a launch where so many would be wanted.</summary>
    public int Groups(long wanted) => (int)Math.Clamp(wanted, 1, _mostGroups);

    /// <summary>A buffer with nothing in it.</summary>
    /// <exception cref="InvalidInputException">The device has too little memory.</exception>
    public MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(long length)
        where T : unmanaged
    {
        try
        {
            var buffer = Accelerator.Allocate1D<T>(Math.Max(1, length));
            Meters.AllocatedBytes += buffer.LengthInBytes;
            return buffer;
        }
        catch (AcceleratorException e)
        {
            throw new InvalidInputException(
                FormattableString.Invariant($"{Name}: no memory for {length * Interop.SizeOf<T>() / 1e6:F0} MB more ({e.Message})"), e);
        }
    }

    /// <summary>A buffer with values of the host.</summary>
    /// <exception cref="InvalidInputException">The device has too little memory.</exception>
    public MemoryBuffer1D<T, Stride1D.Dense> Upload<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var buffer = Allocate<T>(values.Length);
        if (!values.IsEmpty)
        {
            buffer.View.CopyFromCPU(Stream, values);
            Wait();
        }

        return buffer;
    }

    /// <summary>Page-locked memory of the host, which the card copies by itself.</summary>
    public PageLockedArray1D<T> Pinned<T>(long length)
        where T : unmanaged => Accelerator.AllocatePageLocked1D<T>(Math.Max(1, length));

    /// <summary>Waits until the card has done all that it was asked for, in both streams.</summary>
    /// <exception cref="InvalidInputException">It failed.</exception>
    public void Wait()
    {
        Meters.Waits++;
        try
        {
            Accelerator.Synchronize();
        }
        catch (AcceleratorException e)
        {
            throw new InvalidInputException($"{Name} failed: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Accelerator.Dispose();
        _context.Dispose();
    }
}
