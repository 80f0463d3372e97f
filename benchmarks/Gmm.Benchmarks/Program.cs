using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/Gmm.Benchmarks -- --filter '*Fft*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
