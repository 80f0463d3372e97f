namespace Gmm.Torch.Tests;

/// <summary>A test that needs libtorch. Where that cannot be loaded it is skipped, and the loader's reason is said.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute() => Skip = TorchDevices.LoadError;
}
