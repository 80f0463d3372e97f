// The number of live tensors, which tests look at, is the process's own: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
