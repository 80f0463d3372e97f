namespace Gmm.Heterogeneity;

/// <summary>One thread's workers: one for each neutral model, made when a particle first needs it.</summary>
/// <param name="neutrals">The neutral models of a half.</param>
internal sealed class MotionWorkers(NeutralModels neutrals)
{
    private readonly MotionWorker?[] _workers = new MotionWorker?[neutrals.Folds.Count];

    /// <summary>The worker for a particle.</summary>
    /// <param name="n">Its number in the half.</param>
    /// <returns>The worker of the model that it is compared with.</returns>
    public MotionWorker For(int n)
    {
        var fold = neutrals.FoldOf[n];
        return _workers[fold] ??= new MotionWorker(neutrals.Folds[fold].References, neutrals.Folds[fold].Model);
    }
}
