namespace Gmm.Torch.Tests;

/// <summary>These run without libtorch too.</summary>
public class NativeTorchTests
{
    // What .NET 10 says on Debian 12, of TorchSharp 0.107.0 as its package has it; the same names without a file are left out.
    private const string TooNew =
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies. "
        + "In order to help diagnose loading problems, consider using a tool like strace. "
        + "If you're using glibc, consider setting the LD_DEBUG environment variable:\n"
        + "/app/runtimes/linux-x64/native/LibTorchSharp.so: cannot open shared object file: No such file or directory\n"
        + "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/runtimes/linux-x64/native/libLibTorchSharp.so)\n"
        + "/app/libLibTorchSharp: cannot open shared object file: No such file or directory";

    [Theory]
    [InlineData(
        TooNew,
        "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/runtimes/linux-x64/native/libLibTorchSharp.so)")]
    [InlineData("Unable\n/app/LibTorchSharp.so: cannot open shared object file: No such file or directory\nlibtorch.so: "
        + "cannot open shared object file: No such file or directory\n",
        "libtorch.so: cannot open shared object file: No such file or directory")]
    [InlineData(
        "Unable\n/app/libLibTorchSharp: cannot open shared object file: No such file or directory",
        "there is no LibTorchSharp for this system beside the program")]
    public void The_loaders_reason_is_found_among_the_names_it_tried(string message, string reason) => Assert.Equal(reason, NativeTorch.Reason(message));

    [Fact]
    public void A_library_that_was_not_mended_is_the_reason_why_tests_are_skipped()
    {
        var skipped = new TorchFactAttribute().Skip;
        Assert.Equal(TorchDevices.LoadError, skipped);
        // Where it cannot be loaded, no test of tensors passes; where it can, none is skipped.
        Assert.Equal(skipped is null, Record.Exception(() => TorchDevices.Parse("cpu")) is null);
    }
}
