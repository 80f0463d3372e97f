using Gmm.Cli;

using var interrupt = new InterruptHandler();
return GmmTool.Run(args, CliConsole.FromProcess(), interrupt.Token);
