#:project ../src/Gmm.Refinement/Gmm.Refinement.csproj
#:property PublishAot=false
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

using var particles = StarParticles.Open("src/Gmm.Cli/Data/betagal/disturbed_8deg.star");
var options = new RefinementOptions { Symmetry = SymmetryGroup.Parse("D2"), Iterations = 3 };
var loop = new RefinementLoop(particles, options, new ComputeOptions());
var state = loop.Start();
while (!loop.IsFinished(state))
{
    state = loop.Next(state);
    Console.WriteLine($"iteration {state.Iteration}: {state.Resolution:F2} Å");
}

Directory.CreateDirectory("out");
MrcFile.WriteMap("out/half1.mrc", state.Maps.Half1, overwrite: true);
MrcFile.WriteMap("out/half2.mrc", state.Maps.Half2, overwrite: true);
particles.WriteStar("out/refined.star", state.Poses, overwrite: true);
