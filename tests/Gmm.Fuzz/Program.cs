using Gmm.Fuzz;

return FuzzProgram.Run(args, Console.Out);
