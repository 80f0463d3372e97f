using Xunit;

// The tool runs in this process and draws; Skia is not made for several threads at once.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
