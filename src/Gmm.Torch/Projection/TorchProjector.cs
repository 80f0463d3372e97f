using Gmm.Core;
using static TorchSharp.torch.nn;

namespace Gmm.Torch;

/// <summary>
/// The projector as a module: Gaussians and poses in, complex Fourier discs out, differentiable in every input, on any device
/// (<see cref="IProjector{T}"/> is the managed one, and its conventions hold: P(k) = sum_j a_j exp(-2 pi^2 s_j^2 |k|^2) exp(-2 pi i k.u_j),
/// u_j = (A c_j)_xy + t).
/// </summary>
/// <remarks>
/// Images and Gaussians are taken in chunks that fit <see cref="TorchProjectorOptions.MemoryBytes"/>; what does not fit together with what the backward pass
/// needs is computed again there. Second derivatives exist in the direct and the gridding form, where the whole call fits. The module has no parameters
/// of its own. Calls from several threads are safe.
/// <para>An exception must not leave libtorch's backward pass. Should one happen there, the gradients are NaN, and the next call of forward throws it.</para>
/// <example>
/// <code>
/// using var projector = new TorchProjector(disc);
/// using var gaussians = GaussianTensors.From(model, device);
/// gaussians.Centres.requires_grad = true;
/// using var scope = torch.NewDisposeScope();
/// var discs = projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, eulerDegrees, shifts);
/// discs.abs().square().sum().backward();
/// </code>
/// </example>
/// </remarks>
public sealed class TorchProjector : Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>, ITorchProjector
{
    private readonly DiscTensorCache _disc;
    private readonly ManagedKernel _managed;

    /// <summary>Makes a projector.</summary>
    /// <param name="disc">The coefficients to compute.</param>
    /// <param name="options">Form, accuracy, memory; defaults if null.</param>
    public TorchProjector(FourierDisc disc, TorchProjectorOptions? options = null)
        : base(nameof(TorchProjector))
    {
        Options = options ?? new TorchProjectorOptions();
        Options.Validate();
        Disc = disc;
        _disc = new DiscTensorCache(disc);
        _managed = new ManagedKernel(disc, Options.Accuracy, Options.Threads);
    }

    /// <summary>The coefficients computed.</summary>
    public FourierDisc Disc { get; }

    /// <summary>The settings.</summary>
    public TorchProjectorOptions Options { get; }

    /// <inheritdoc/>
    public long MemoryBytes => Options.MemoryBytes;

    /// <summary>What went wrong in a backward pass; thrown by the next call.</summary>
    internal Exception? BackwardError { get; set; }

    /// <summary>Gradients handed to libtorch, which has taken its own hold of them by the next call.</summary>
    internal HandedOver HandedOver { get; } = new();

    /// <summary>Projects.</summary>
    /// <param name="centres">[N, 3], angstrom from the box centre; Float32 or Float64, and so are the others.</param>
    /// <param name="amplitudes">[N], integrals.</param>
    /// <param name="widths">[N], standard deviations, angstrom.</param>
    /// <param name="orientations">[B, 3, 3] RELION's matrices, or [B, 3] rot, tilt, psi in degrees.</param>
    /// <param name="shifts">[B, 2], angstrom: minus RELION's origins.</param>
    /// <returns>[B, K] complex, in the disc's order.</returns>
    /// <exception cref="ArgumentException">A tensor of the wrong shape, or tensors of different types or devices; it is named.</exception>
    /// <exception cref="InvalidInputException">The device has too little memory for the smallest chunk.</exception>
    public override Tensor forward(Tensor centres, Tensor amplitudes, Tensor widths, Tensor orientations, Tensor shifts)
    {
        ArgumentNullException.ThrowIfNull(centres);
        ArgumentNullException.ThrowIfNull(amplitudes);
        ArgumentNullException.ThrowIfNull(widths);
        ArgumentNullException.ThrowIfNull(shifts);
        ThrowBackwardError();
        Check(centres, amplitudes, widths, orientations, shifts);
        using var scope = NewDisposeScope();
        var rotations = orientations.dim() == 2 ? TorchRotations.FromEuler(orientations) : orientations;
        var needsGradient = is_grad_enabled()
            && (centres.requires_grad || amplitudes.requires_grad || widths.requires_grad || rotations.requires_grad || shifts.requires_grad);
        Tensor result;
        if (FormFor(centres) == ProjectionForm.Managed)
        {
            result = needsGradient
                ? ManagedProjection.apply(centres, amplitudes, widths, rotations, shifts, this)
                : _managed.Project(centres, amplitudes, widths, rotations, shifts);
        }
        else if (!needsGradient)
        {
            result = ProjectInChunks(centres, amplitudes, widths, rotations, shifts);
        }
        else if (Kernel(centres) is var kernel && ChunksFor(kernel, centres, widths, shifts.shape[0], 1, true) is var chunks
            && chunks.Images >= shifts.shape[0] && chunks.Gaussians >= centres.shape[0])
        {
            result = kernel.Sum(Seen(centres, rotations, shifts), amplitudes, widths, null).squeeze(1);
        }
        else
        {
            result = ChunkedProjection.apply(centres, amplitudes, widths, rotations, shifts, this);
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Project(Tensor centres, Tensor amplitudes, Tensor widths, Tensor orientations, Tensor shifts) =>
        call(centres, amplitudes, widths, orientations, shifts);

    /// <summary>
    /// The projections and their five derivatives with respect to a pose step (see <see cref="Pose.Step"/> and <see cref="PoseJacobian{T}"/>). Not
    /// differentiable.
    /// </summary>
    /// <param name="gaussians">The model.</param>
    /// <param name="rotations">[B, 3, 3].</param>
    /// <param name="shifts">[B, 2], angstrom.</param>
    /// <returns>[B, 6, K] complex: the projection, d/dw_x, d/dw_y, d/dw_z per radian, d/dt_x, d/dt_y per angstrom.</returns>
    /// <exception cref="ArgumentException">A tensor of the wrong shape, type or device; it is named.</exception>
    /// <exception cref="InvalidInputException">The device has too little memory for the smallest chunk.</exception>
    public Tensor ProjectWithPoseDerivatives(GaussianTensors gaussians, Tensor rotations, Tensor shifts)
    {
        ArgumentNullException.ThrowIfNull(gaussians);
        ArgumentNullException.ThrowIfNull(rotations);
        ArgumentNullException.ThrowIfNull(shifts);
        using var no = no_grad();
        using var scope = NewDisposeScope();
        var (centres, amplitudes, widths) = ((Tensor)gaussians.Centres, gaussians.Amplitudes, gaussians.Widths);
        CheckMatrices(centres, amplitudes, widths, rotations, shifts);
        if (FormFor(centres) == ProjectionForm.Managed)
        {
            return _managed.Jacobian(centres, amplitudes, widths, rotations, shifts).MoveToOuterDisposeScope();
        }

        var kernel = Kernel(centres);
        var chunks = ChunksFor(kernel, centres, widths, shifts.shape[0], 4, false);
        return InChunks(chunks, shifts.shape[0], (first, count) => JacobianOf(
            kernel, centres, amplitudes, widths, rotations.narrow(0, first, count), shifts.narrow(0, first, count), chunks.Gaussians))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Projects a model deformed in another way for every image. Differentiable; the direct form unless the gridding form is chosen.</summary>
    /// <param name="gaussians">The neutral model.</param>
    /// <param name="deformations">[B, 4, N]: displacements along x, y and z, angstrom, and relative changes of amplitude.</param>
    /// <param name="rotations">[B, 3, 3].</param>
    /// <param name="shifts">[B, 2], angstrom.</param>
    /// <returns>[B, K] complex. Where gradients are wanted, intermediate values of the whole batch are kept, whatever the memory allowed.</returns>
    /// <exception cref="ArgumentException">A tensor of the wrong shape, type or device; it is named.</exception>
    /// <exception cref="InvalidInputException">The device has too little memory for one image.</exception>
    public Tensor ProjectDeformed(GaussianTensors gaussians, Tensor deformations, Tensor rotations, Tensor shifts)
    {
        ArgumentNullException.ThrowIfNull(gaussians);
        ArgumentNullException.ThrowIfNull(rotations);
        ArgumentNullException.ThrowIfNull(shifts);
        using var scope = NewDisposeScope();
        var (rest, amplitudes, widths) = ((Tensor)gaussians.Centres, gaussians.Amplitudes, gaussians.Widths);
        CheckMatrices(rest, amplitudes, widths, rotations, shifts);
        TensorChecks.Check(deformations, nameof(deformations), [shifts.shape[0], 4, gaussians.Count], "[B, 4, N]", rest.dtype, rest.device);
        var kernel = Kernel(rest);
        Tensor Part(long first, long count)
        {
            var d = deformations.narrow(0, first, count);
            var centres = rest + d.narrow(1, 0, 3).transpose(1, 2);
            var u = bmm(centres, rotations.narrow(0, first, count).narrow(1, 0, 2).transpose(1, 2)) + shifts.narrow(0, first, count).unsqueeze(1);
            return kernel.Sum(u, amplitudes, widths, 1 + d.narrow(1, 3, 1).transpose(1, 2)).squeeze(1);
        }

        var chunks = is_grad_enabled()
            ? null
            : ChunksFor(kernel, rest, widths, shifts.shape[0], 2, false);
        return (chunks is null ? Part(0, shifts.shape[0]) : InChunks(chunks, shifts.shape[0], Part)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Projects at the frequencies M k in place of k: what images show of a specimen under the magnification M (<see cref="Magnification"/>). Differentiable
    /// in every input, M too; the direct form. With <see cref="CtfTerms.Magnification"/> the contrast transfer follows.
    /// </summary>
    /// <param name="centres">[N, 3], angstrom from the box centre; Float32 or Float64, and so are the others.</param>
    /// <param name="amplitudes">[N], integrals.</param>
    /// <param name="widths">[N], standard deviations, angstrom.</param>
    /// <param name="orientations">[B, 3, 3] RELION's matrices, or [B, 3] rot, tilt, psi in degrees.</param>
    /// <param name="shifts">[B, 2], angstrom, in the specimen's plane (<see cref="Magnification.ToSpecimen"/>).</param>
    /// <param name="magnification">[2, 2], Float32 or Float64.</param>
    /// <returns>[B, K] complex. Where gradients are wanted, intermediate values of the whole batch are kept, whatever the memory allowed.</returns>
    /// <exception cref="ArgumentException">A tensor of the wrong shape, type or device; it is named.</exception>
    /// <exception cref="InvalidInputException">The device has too little memory for one image.</exception>
    public Tensor ProjectMagnified(Tensor centres, Tensor amplitudes, Tensor widths, Tensor orientations, Tensor shifts, Tensor magnification)
    {
        ArgumentNullException.ThrowIfNull(centres);
        ArgumentNullException.ThrowIfNull(shifts);
        Check(centres, amplitudes, widths, orientations, shifts);
        TensorChecks.Magnification(magnification, centres.device);
        using var scope = NewDisposeScope();
        var rotations = orientations.dim() == 2 ? TorchRotations.FromEuler(orientations) : orientations;
        var kernel = new DirectKernel(DiscOn(centres));
        Tensor Part(long first, long count) => kernel.SumMagnified(
            Seen(centres, rotations.narrow(0, first, count), shifts.narrow(0, first, count)), amplitudes, widths, magnification);
        return (is_grad_enabled()
            ? Part(0, shifts.shape[0])
            : InChunks(ChunksFor(kernel, centres, widths, shifts.shape[0], DirectKernel.MagnifiedSums, false), shifts.shape[0], Part))
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Projects a model deformed in another way for every image, with the derivatives along d velocities of each deformation, in the direct or the gridding
    /// form. Not differentiable.
    /// </summary>
    /// <param name="gaussians">The neutral model.</param>
    /// <param name="deformations">[B, 4, N], as for <see cref="ProjectDeformed"/>.</param>
    /// <param name="velocities">[B, d, 4, N]: how the deformations change.</param>
    /// <param name="rotations">[B, 3, 3].</param>
    /// <param name="shifts">[B, 2], angstrom.</param>
    /// <returns>[B, 1 + d, K] complex.</returns>
    internal Tensor ProjectAlong(GaussianTensors gaussians, Tensor deformations, Tensor velocities, Tensor rotations, Tensor shifts)
    {
        using var no = no_grad();
        using var scope = NewDisposeScope();
        var (rest, amplitudes, widths) = ((Tensor)gaussians.Centres, gaussians.Amplitudes, gaussians.Widths);
        long d = velocities.shape[1], n = gaussians.Count;
        var kernel = Kernel(rest);
        var (turnX, turnY) = (DiscOn(rest).Kx * (-2 * Math.PI / Disc.BoxLength), DiscOn(rest).Ky * (-2 * Math.PI / Disc.BoxLength));
        Tensor byX = complex(zeros_like(turnX), turnX), byY = complex(zeros_like(turnY), turnY);
        return InChunks(ChunksFor(kernel, rest, widths, shifts.shape[0], (int)(1 + (3 * d)), false), shifts.shape[0], (first, count) =>
        {
            Tensor deformed = deformations.narrow(0, first, count), rates = velocities.narrow(0, first, count);
            var inPlane = rotations.narrow(0, first, count).narrow(1, 0, 2).transpose(1, 2);
            var u = bmm(rest + deformed.narrow(1, 0, 3).transpose(1, 2), inPlane) + shifts.narrow(0, first, count).unsqueeze(1);
            // For each velocity the sums with the rates along x and y as they are seen, and with that of the amplitude.
            var seen = bmm(rates.narrow(2, 0, 3).transpose(2, 3).reshape(count, d * n, 3), inPlane).reshape(count, d, n, 2).permute(0, 2, 1, 3);
            var weight = 1 + deformed.narrow(1, 3, 1).transpose(1, 2);
            var moved = (seen * weight.unsqueeze(3)).reshape(count, n, 2 * d);
            var sums = kernel.Sum(u, amplitudes, widths, cat([weight, moved, rates.select(2, 3).transpose(1, 2)], 2));
            var pairs = sums.narrow(1, 1, 2 * d).reshape(count, d, 2, Disc.Count);
            var along = (pairs.select(2, 0) * byX) + (pairs.select(2, 1) * byY) + sums.narrow(1, 1 + (2 * d), d);
            return cat([sums.narrow(1, 0, 1), along], 1);
        }).MoveToOuterDisposeScope();
    }

    /// <summary>The kernels of Gmm.Core for this disc.</summary>
    internal ManagedKernel Managed => _managed;

    /// <summary>The disc's constants on a device.</summary>
    internal DiscTensors DiscOn(Tensor like) => _disc.Get(like.dtype, like.device);

    /// <summary>Chunks for a call.</summary>
    internal Chunks ChunksFor(IProjectionKernel kernel, Tensor centres, Tensor widths, long images, int sums, bool gradients)
    {
        var size = (int)centres.element_size();
        return Chunks.Choose(
            nameof(TorchProjector),
            images,
            centres.shape[0],
            kernel.BytesPerImage(sums, size, gradients),
            kernel.BytesPerGaussian(widths, sums, size, gradients),
            Options.MemoryBytes);
    }

    /// <summary>Runs work on ranges of images and joins the results; the graph is not kept beyond each.</summary>
    internal static Tensor InChunks(Chunks chunks, long images, Func<long, long, Tensor> work)
    {
        var parts = new List<Tensor>();
        chunks.Run(images, (first, count) =>
        {
            using var scope = NewDisposeScope();
            parts.Add(work(first, count).MoveToOuterDisposeScope());
        });
        return parts.Count == 1 ? parts[0] : cat(parts, 0);
    }

    /// <summary>[B, N, 2]: where Gaussians are seen.</summary>
    internal static Tensor Seen(Tensor centres, Tensor rotations, Tensor shifts) =>
        matmul(centres, rotations.narrow(1, 0, 2).transpose(1, 2)) + shifts.unsqueeze(1);

    /// <summary>The kernel for the device and type of a tensor.</summary>
    internal IProjectionKernel Kernel(Tensor centres) => FormFor(centres) == ProjectionForm.Gridding
        ? new GriddingKernel(DiscOn(centres), Options.Accuracy)
        : new DirectKernel(DiscOn(centres));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disc.Dispose();
            HandedOver.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>[B, K], no graph.</summary>
    internal Tensor ProjectInChunks(Tensor centres, Tensor amplitudes, Tensor widths, Tensor rotations, Tensor shifts)
    {
        using var no = no_grad();
        var kernel = Kernel(centres);
        var chunks = ChunksFor(kernel, centres, widths, shifts.shape[0], 1, false);
        return InChunks(chunks, shifts.shape[0], (first, count) =>
        {
            Tensor r = rotations.narrow(0, first, count), t = shifts.narrow(0, first, count);
            Tensor? sum = null;
            for (long j = 0; j < centres.shape[0]; j += chunks.Gaussians)
            {
                var n = Math.Min(chunks.Gaussians, centres.shape[0] - j);
                Tensor Of(Tensor values) => Piece(values, j, n);
                var part = kernel.Sum(Seen(Of(centres), r, t), Of(amplitudes), Of(widths), null);
                sum = sum is null ? part : sum.add_(part);
            }

            return sum!.squeeze(1);
        });
    }

    /// <summary>Rows of a tensor; the tensor itself where they are all.</summary>
    private static Tensor Piece(Tensor values, long first, long count) => count == values.shape[0] ? values : values.narrow(0, first, count);

    private Tensor JacobianOf(
        IProjectionKernel kernel, Tensor centres, Tensor amplitudes, Tensor widths, Tensor rotations, Tensor shifts, long atOnce)
    {
        Tensor? sums = null;
        for (long j = 0; j < centres.shape[0]; j += atOnce)
        {
            using var scope = NewDisposeScope();
            var n = Math.Min(atOnce, centres.shape[0] - j);
            var turned = matmul(Piece(centres, j, n), rotations.transpose(1, 2));
            // The sums F, X, Y, Z: with weights 1 and the rotated x, y, z.
            var arms = cat([ones_like(turned.narrow(2, 0, 1)), turned], 2);
            var u = turned.narrow(2, 0, 2) + shifts.unsqueeze(1);
            var part = kernel.Sum(u, Piece(amplitudes, j, n), Piece(widths, j, n), arms);
            sums = (sums is null ? part : sums + part).MoveToOuterDisposeScope();
        }

        var disc = DiscOn(centres);
        var factor = complex(zeros_like(disc.Kx), disc.Kx * (-2 * Math.PI / Disc.BoxLength));
        var factorY = complex(zeros_like(disc.Ky), disc.Ky * (-2 * Math.PI / Disc.BoxLength));
        Tensor f = sums!.select(1, 0), x = sums.select(1, 1), y = sums.select(1, 2), z = sums.select(1, 3);
        // du = (w_y z - w_z y, w_z x - w_x z), and dF = -2 pi i k.du F term by term.
        return stack([f, -(factorY * z), factor * z, (factorY * x) - (factor * y), factor * f, factorY * f], 1);
    }

    private ProjectionForm FormFor(Tensor centres)
    {
        var managed = centres.device_type == DeviceType.CPU && centres.dtype == ScalarType.Float32;
        return Options.Form switch
        {
            ProjectionForm.Auto => managed ? ProjectionForm.Managed : ProjectionForm.Direct,
            ProjectionForm.Managed when !managed => throw new ArgumentException(
                $"The managed form needs Float32 tensors on the CPU; centres is {centres.dtype} on {centres.device}.", nameof(centres)),
            var form => form,
        };
    }

    private void ThrowBackwardError()
    {
        HandedOver.Clear();
        if (BackwardError is { } error)
        {
            BackwardError = null;
            throw new InvalidOperationException($"The last backward pass failed, its gradients are NaN: {error.Message}", error);
        }
    }

    private static void Check(Tensor centres, Tensor amplitudes, Tensor widths, Tensor orientations, Tensor shifts)
    {
        ArgumentNullException.ThrowIfNull(orientations);
        if (orientations.dim() != 2)
        {
            CheckMatrices(centres, amplitudes, widths, orientations, shifts, nameof(orientations));
            return;
        }

        TensorChecks.Gaussians(centres, amplitudes, widths);
        TensorChecks.Check(orientations, nameof(orientations), [TensorChecks.Any, 3], "[B, 3]", centres.dtype, centres.device);
        TensorChecks.Check(shifts, nameof(shifts), [orientations.shape[0], 2], "[B, 2]", centres.dtype, centres.device);
    }

    private static void CheckMatrices(
        Tensor centres, Tensor amplitudes, Tensor widths, Tensor rotations, Tensor shifts, string name = "rotations")
    {
        TensorChecks.Gaussians(centres, amplitudes, widths);
        TensorChecks.Check(rotations, name, [TensorChecks.Any, 3, 3], "[B, 3, 3]", centres.dtype, centres.device);
        TensorChecks.Check(shifts, nameof(shifts), [rotations.shape[0], 2], "[B, 2]", centres.dtype, centres.device);
    }
}
