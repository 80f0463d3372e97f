namespace Gmm.Torch.Tests;

/// <summary>A theory that needs libtorch. Where that cannot be loaded it is skipped, and the loader's reason is said.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TorchTheoryAttribute : TheoryAttribute
{
    public TorchTheoryAttribute() => Skip = TorchDevices.LoadError;
}
