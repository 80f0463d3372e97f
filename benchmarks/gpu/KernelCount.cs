namespace Gmm.GpuBenchmark;

/// <summary>Bytes, atomic additions and operations of one evaluation of one pose, kernel by kernel (docs/gpu.md).</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Megabytes">What it moves to and from memory beyond its own group, 10^6 bytes.</param>
/// <param name="Atomics">64-bit atomic additions, millions.</param>
/// <param name="Operations">Additions and multiplications of float32, millions.</param>
internal readonly record struct KernelCount(string Kernel, double Megabytes, double Atomics, double Operations);
