// Compiled into every test project that has properties of FsCheck (Directory.Build.targets). One draw in thousands can be off by what float32
// costs it; which draws a test makes must not decide whether a change is let in. New ones are looked for on purpose, with -p:Draws=new
// (CONTRIBUTING.md), and what they find becomes a test.
[assembly: FsCheck.Xunit.Properties(Replay = "(20261129,1188271)")]
