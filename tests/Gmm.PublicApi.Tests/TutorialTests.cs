using System.Globalization;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.PublicApi.Tests;

/// <summary>
/// The tutorial's commands run from an empty folder and find what the simulated images hold. By default with fewer particles than the page says, so that
/// it takes a minute or two; GMM_TUTORIAL_PARTICLES gives another number, 0 that of the page. GMM_UPDATE_DOCS=1 runs them as they stand and writes what
/// they print and the pictures that they make into the page.
/// </summary>
public class TutorialTests
{
    private const int FewParticles = 500;

    [Fact]
    public void The_commands_of_the_tutorial_run_and_make_its_pictures()
    {
        var update = Environment.GetEnvironmentVariable("GMM_UPDATE_DOCS") == "1";
        var wanted = Environment.GetEnvironmentVariable("GMM_TUTORIAL_PARTICLES") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : FewParticles;
        var tutorial = new Tutorial();
        Assert.Equal(tutorial.PictureCount, tutorial.Pictures.Count());
        var folder = Directory.CreateTempSubdirectory("gmm-tutorial-").FullName;
        try
        {
            var printed = tutorial.Run(folder, update || wanted == 0 ? null : wanted);
            Assert.All(tutorial.Pictures, p => Assert.True(File.Exists(Path.Combine(folder, "tutorial", p.From)), $"The run did not make {p.From}."));
            Check(Path.Combine(folder, "tutorial"), update || wanted == 0);
            if (update)
            {
                tutorial.Update(folder, printed);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// What the images hold is found, measured by their truth: the poses of the whole in any case, those of the arm where there are images enough.
    /// </summary>
    private static void Check(string folder, bool whole)
    {
        string In(string name) => Path.Combine(folder, name);
        double Error(string truth, string found)
        {
            using StarParticles expected = Open(In(truth)), poses = Open(In(found));
            return PoseErrors.Compare(expected.Particles, [.. poses.Particles.Select(p => p.Pose)]).RotationMedian;
        }

        Assert.Equal(VerdictOutcome.Improved, RunRecord.Read(In("refined/run.json")).Verdict!.Outcome);
        Assert.InRange(Error("sim/true.star", "refined/run_data.star"), 0, 0.6 * Error("sim/true.star", "sim/disturbed.star"));
        if (whole)
        {
            Assert.True(new HeterogeneityFolder(In("motion")).ReadRecord().MotionFound);
            Assert.InRange(Error("sim/domain_arm_true.star", "arm/run_data.star"), 0, 0.7 * Error("sim/domain_arm_true.star", "refined/run_data.star"));
        }
    }

    private static StarParticles Open(string path) => StarParticles.Open(path, new StarParticlesOptions { RequireImages = false });
}
