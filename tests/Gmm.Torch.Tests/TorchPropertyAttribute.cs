using FsCheck.Xunit;

namespace Gmm.Torch.Tests;

/// <summary>A property of FsCheck's that needs libtorch.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchPropertyAttribute : PropertyAttribute
{
    public TorchPropertyAttribute()
    {
        Skip = TorchDevices.LoadError;
    }
}
