using System.Reflection;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Gmm.Gpu.Tests;

/// <summary>
/// The processor simulates a card with any code, a card takes less: every kernel is compiled for cards here, to PTX (CUDA) and to OpenCL C, without one.
/// </summary>
public class KernelCodeTests(SimulatedCard card) : IClassFixture<SimulatedCard>
{
    public static TheoryData<string> Kernels =>
    [
        .. new[] { typeof(PoseKernels), typeof(ImageTransformer), typeof(InsertionEngine), typeof(BodyKernels) }
            .SelectMany(t => t.GetProperties()).Where(IsKernel).Select(p => p.Name),
    ];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_compiles_for_CUDA(string name)
    {
        using var context = Context.Create(b => b.Optimize(OptimizationLevel.O2));
        using var backend = new PTXBackend(
            context, new CudaCapabilityContext(CudaArchitecture.SM_60), CudaArchitecture.SM_60, CudaInstructionSet.ISA_60, null);
        var code = ((PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(Body(name)), default)).PTXAssembly;
        Assert.Contains(".entry", code, StringComparison.Ordinal);
        // Cards add by themselves: an addition that loops over compare-and-exchange is another, slower one.
        Assert.Equal(name == "Deposit", code.Contains("red.add.global.u64", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_compiles_for_OpenCL(string name)
    {
        using var context = Context.Create(b => b.Optimize(OptimizationLevel.O2));
        using var backend = new CLBackend(context, new CLCapabilityContext(false, true, false, true, true), CLDeviceVendor.Other, CLCVersion.CL20);
        var code = ((CLCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(Body(name)), default)).Source;
        Assert.Contains("kernel void", code, StringComparison.Ordinal);
    }

    private MethodInfo Body(string name)
    {
        object[] holders = [card.Engine.Kernels, card.Engine.Transformer, card.Insertion, new BodyKernels(card.Card)];
        var (holder, property) = holders.SelectMany(h => h.GetType().GetProperties().Select(p => (h, p))).Single(p => p.p.Name == name);
        var kernel = property.GetValue(holder)!;
        return (MethodInfo)kernel.GetType().GetProperty(nameof(Kernel<Grids>.Body))!.GetValue(kernel)!;
    }

    private static bool IsKernel(PropertyInfo property) =>
        property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(Kernel<>);
}
