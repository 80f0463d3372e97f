using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch.Tests;

/// <summary>The choice between forms by a measurement, and its place in the names of parts.</summary>
public class ProjectionMeasurementTests
{
    [TorchFact]
    public void A_measurement_projects_in_both_forms_and_leaves_nothing_behind()
    {
        var disc = new FourierDisc(Samples.BoxLength, 8);
        ProjectionMeasurement.On(CPU, disc, 5);
        var before = Tensor.TotalCount;
        var found = ProjectionMeasurement.On(CPU, disc, 20);
        // TorchSharp counts each of the model's three parameters once too often.
        Assert.InRange(Tensor.TotalCount - before, long.MinValue, 3);
        Assert.True(found is { DirectPerSecond: > 0, GriddingPerSecond: > 0 });
        Assert.Equal(ProjectionForm.Gridding, (found with { GriddingPerSecond = 2 * found.DirectPerSecond }).Form);
        Assert.Equal(ProjectionForm.Direct, (found with { GriddingPerSecond = 0.5 * found.DirectPerSecond }).Form);
    }

    [TorchTheory]
    [InlineData(ProjectionForm.Auto, "torch-cpu")]
    [InlineData(ProjectionForm.Direct, "torch-cpu by direct")]
    [InlineData(ProjectionForm.Gridding, "torch-cpu by gridding")]
    public void Parts_are_named_by_their_device_and_the_form_chosen(ProjectionForm form, string name)
    {
        var options = new TorchProjectorOptions { Form = form };
        using var optimizer = new TorchPoseOptimizer(CPU, new LevenbergMarquardtPoseOptimizer(), options);
        Assert.Equal($"levenberg-marquardt on {name}", optimizer.Name);
        Assert.Equal(name, new TorchBodyScorer(CPU, options).Name);
        Assert.Equal(name, new TorchMotionScorer(CPU, options).Name);
    }
}
