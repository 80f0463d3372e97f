using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.TestData;

namespace Gmm.Simulation.Tests;

public class SimulatedMotionTests
{
    private const int Box = 48;

    private static readonly SimulatedAtom[] Atoms = SimulationTestData.Ball(300, 26);

    [Fact]
    public void A_particle_is_the_direct_sum_of_its_moved_atoms()
    {
        var simulator = new ParticleSimulator(Atoms, Options(3));
        var width = (Box / 2) + 1;
        for (var particle = 0; particle < 3; particle++)
        {
            var moved = Moved(simulator, particle);
            var pose = simulator.TrueParticles[particle].Pose;
            float[] re = new float[Box * width], im = new float[Box * width];
            simulator.RenderSlice(pose.Rotation, re, im, particle);
            foreach (var (kx, ky) in new[] { (3, 2), (0, -5), (11, 7), (17, -13), (22, 1) })
            {
                var (r, i, norm) = DirectSum(simulator.Options, moved, pose.Rotation, kx, ky);
                var index = ((ky < 0 ? ky + Box : ky) * width) + kx;
                Assert.InRange(Math.Sqrt(Math.Pow(re[index] - r, 2) + Math.Pow(im[index] - i, 2)) / norm, 0, 1e-5);
            }
        }
    }

    [Fact]
    public void A_domain_at_rest_in_its_domain_pose_is_its_part_of_the_image()
    {
        // What is left when the image of the atoms at rest is taken off is the domains, each in its own pose.
        // The B factor keeps atoms from ringing at the band's edge, which a box of another frame would cut off elsewhere.
        var options = Options(2) with { Snr = null, CtfState = CtfState.None, ContrastSd = 0, BFactor = 400 };
        var whole = new ParticleSimulator(Atoms, options);
        for (var particle = 0; particle < 2; particle++)
        {
            var sum = new float[Box * Box];
            foreach (var (atoms, pose) in Parts(whole, particle))
            {
                Add(sum, RenderAlone(atoms, whole, pose));
            }

            var image = new float[Box * Box];
            whole.RenderImage(particle, image);
            var top = image.Max();
            for (var i = 0; i < sum.Length; i++)
            {
                Assert.Equal(image[i], sum[i], 5e-4 * top);
            }
        }
    }

    [Fact]
    public void Hinges_and_jitter_have_the_size_asked_for()
    {
        var motion = new ParticleSimulator(Atoms, Options(4000) with { Snr = null }).Motion!;
        Assert.Equal(8, Rms(motion.AnglesOf(0)), 0.25);
        var hinge = motion.MotionsOf(0);
        var axis = motion.Domains[0].HingeAxis;
        for (var i = 0; i < 50; i++)
        {
            // The hinge point stays, and the turn is about the axis by the angle.
            var (x, y, z) = hinge[i].Apply(motion.Domains[0].HingePoint);
            var p = motion.Domains[0].HingePoint;
            Assert.Equal(0, Math.Abs(x - p.X) + Math.Abs(y - p.Y) + Math.Abs(z - p.Z), 1e-9);
            var v = hinge[i].RotationVectorDegrees;
            Assert.Equal(motion.AnglesOf(0)[i], (v.X * axis.X) + (v.Y * axis.Y) + (v.Z * axis.Z), 1e-9);
        }

        var jitter = motion.MotionsOf(1);
        var (a, b, c) = motion.Domains[1].Centroid;
        Assert.Equal(2, Rms([.. jitter.Select(m => m.Rotation.AngleTo(Rotation.Identity) * 180 / Math.PI)]), 0.06);
        Assert.Equal(1.5, Rms([.. jitter.Select(m => Distance(m.Apply((a, b, c)), (a, b, c)))]), 0.05);

        // The far end of the third goes from one extreme to the other, 9 A apart, and is anywhere between.
        var far = motion.Domains[2];
        Assert.Equal(9, 2 * far.Reach * Math.Sin(far.HalfRangeDegrees * Math.PI / 180), 1e-9);
        Assert.Equal(far.HalfRangeDegrees, motion.AnglesOf(2).Max(), 0.01 * far.HalfRangeDegrees);
        Assert.Equal(far.HalfRangeDegrees / Math.Sqrt(3), Rms(motion.AnglesOf(2)), 0.03 * far.HalfRangeDegrees);

        // Domains move independently.
        Assert.InRange(Math.Abs(motion.AnglesOf(0).Zip(motion.AnglesOf(2), (x, y) => x * y).Average()), 0, 0.1 * 8 * far.HalfRangeDegrees);
    }

    [Fact]
    public void A_hinge_without_axis_is_tangential()
    {
        var simulator = new ParticleSimulator(Atoms, Options(1));
        var d = simulator.Motion!.Domains[0];
        Assert.Equal(0, d.HingeAxis.Z, 1e-12);
        Assert.Equal(0, (d.HingeAxis.X * d.Centroid.X) + (d.HingeAxis.Y * d.Centroid.Y), 1e-9);
        Assert.Equal(1, Math.Pow(d.HingeAxis.X, 2) + Math.Pow(d.HingeAxis.Y, 2), 1e-9);
    }

    [Fact]
    public void Motion_of_a_particle_depends_on_the_seed_and_its_index_alone()
    {
        var (few, many) = (new ParticleSimulator(Atoms, Options(3)).Motion!, new ParticleSimulator(Atoms, Options(9)).Motion!);
        Assert.Equal(few.MotionsOf(1), many.MotionsOf(1).Take(3));
        Assert.NotEqual(few.MotionsOf(1), new ParticleSimulator(Atoms, Options(3), new() { Seed = 5 }).Motion!.MotionsOf(1));
    }

    [Fact]
    public void On_a_path_atoms_lie_between_the_frames()
    {
        var start = Atoms.SelectMany(a => new[] { a.X, a.Y, a.Z }).ToArray();
        var middle = start.Select((v, i) => v + (i % 3 == 0 ? 2.0 : 0)).ToArray();
        var end = start.Select((v, i) => v + (i % 3 == 0 ? 2.0 : i % 3 == 1 ? 3 : 0)).ToArray();
        var options = SimulationTestData.Options(200, Box) with
        {
            Motion = new() { Path = new ConformationPath([start, middle, end]) },
            Snr = null,
            CentreSd = 0,
            ContrastSd = 0,
            CtfState = CtfState.None,
        };
        var simulator = new ParticleSimulator(Atoms, options);
        var coordinates = simulator.Motion!.Coordinates;
        Assert.Equal(0.5, coordinates.Average(), 0.06);
        Assert.InRange(coordinates.Min(), 0, 0.05);
        Assert.InRange(coordinates.Max(), 0.95, 1);

        // Here every atom moves alike, so the image is the rigid one, shifted.
        var rigid = new ParticleSimulator(Atoms, options with { Motion = null });
        int width = (Box / 2) + 1, particle = Enumerable.Range(0, 200).First(i => coordinates[i] is > 0.6 and < 0.9);
        double x = 2, y = 3 * ((2 * coordinates[particle]) - 1);
        var rotation = simulator.TrueParticles[particle].Pose.Rotation;
        var (u, v, _) = rotation.Apply(x, y, 0);
        float[] re = new float[Box * width], im = new float[Box * width], re0 = new float[Box * width], im0 = new float[Box * width];
        simulator.RenderSlice(rotation, re, im, particle);
        rigid.RenderSlice(rotation, re0, im0);
        var index = (4 * width) + 6;
        var (sin, cos) = Math.SinCos(-2 * Math.PI * ((6 * u) + (4 * v)) / (Box * options.PixelSize));
        var size = Math.Sqrt((re0[index] * re0[index]) + (im0[index] * im0[index]));
        Assert.Equal((re0[index] * cos) - (im0[index] * sin), re[index], 1e-4 * size);
        Assert.Equal((re0[index] * sin) + (im0[index] * cos), im[index], 1e-4 * size);
    }

    [Property]
    public Property Rigid_motions_compose_as_matrices_do()
    {
        var real = Gen.Choose(-3000, 3000).Select(i => i / 1000.0);
        var motion = real.ArrayOf(6).Select(v => new RigidMotion(Rotation.FromRotationVector(v[0], v[1], v[2]), 10 * v[3], 10 * v[4], 10 * v[5]));
        var all = (from a in motion from b in motion from p in real.ArrayOf(3) select (a, b, p)).ToArbitrary();
        return Prop.ForAll(all, t =>
        {
            (double X, double Y, double Z) point = (t.p[0], t.p[1], t.p[2]);
            var twice = t.a.Then(t.b).Apply(point);
            var (px, py, _) = t.b.Rotation.Apply(t.a.Apply(point).X, t.a.Apply(point).Y, t.a.Apply(point).Z);
            var seen = t.a.SeenAt(new Pose(t.b.Rotation, 4, -3));
            var (ux, uy, _) = seen.Rotation.Apply(point.X, point.Y, point.Z);
            return Distance(twice, t.b.Apply(t.a.Apply(point))) < 1e-9 && Math.Abs(ux + seen.ShiftX - px - 4) < 1e-9
                && Math.Abs(uy + seen.ShiftY - py + 3) < 1e-9;
        });
    }

    [Property]
    public Property Points_are_laid_back_on_themselves()
    {
        var real = Gen.Choose(-3000, 3000).Select(i => i / 1000.0);
        return Prop.ForAll(real.ArrayOf(18).ToArbitrary(), v =>
        {
            var motion = new RigidMotion(Rotation.FromRotationVector(v[0], v[1], v[2]), 10 * v[3], 10 * v[4], 10 * v[5]);
            var points = v[6..].Select((p, i) => p + (i % 5)).ToArray();
            var moved = Enumerable.Range(0, 4).Select(i => motion.Apply((points[3 * i], points[(3 * i) + 1], points[(3 * i) + 2]))).SelectMany(
                p => new[] { p.X, p.Y, p.Z }).ToArray();
            var fitted = PointAlignment.Fit(points, moved);
            return Enumerable.Range(0, 4).All(i => Distance(
                fitted.Apply((points[3 * i], points[(3 * i) + 1], points[(3 * i) + 2])),
                (moved[3 * i], moved[(3 * i) + 1], moved[(3 * i) + 2])) < 1e-6);
        });
    }

    [Fact]
    public void Domain_maps_and_masks_lie_where_the_domain_is()
    {
        var simulator = new ParticleSimulator(Atoms, Options(1));
        var whole = simulator.RenderTrueMap();
        var rest = new ParticleSimulator(Atoms, Options(1) with { Motion = null }).RenderTrueMap();
        var scale = simulator.Gain / new ParticleSimulator(Atoms, Options(1) with { Motion = null }).Gain;
        var map = simulator.RenderDomainMap(0);
        var mask = simulator.MakeDomainMask(0);
        double inside = 0, all = 0;
        for (var i = 0; i < map.Voxels.Length; i++)
        {
            Assert.Equal(rest.Voxels[i] * scale, whole.Voxels[i], 1e-4 * whole.Voxels.Max());
            inside += mask.Voxels[i] * map.Voxels[i] * map.Voxels[i];
            all += map.Voxels[i] * map.Voxels[i];
        }

        Assert.InRange(inside / all, 0.99, 1);
        Assert.InRange(mask.Voxels.Average(), 0.001, 0.5);
    }

    [Fact]
    public void Bad_motions_are_named()
    {
        string Message(SimulatedMotion motion) =>
            Assert.Throws<InvalidInputException>(() => new ParticleSimulator(Atoms, Options(1) with { Motion = motion })).Message;
        Assert.Contains("either domains or a path", Message(new()), StringComparison.Ordinal);
        Assert.Contains(
            "atom 3 is in domain 'b' and before that in 'a'",
            Message(new() { Domains = [new() { Name = "a", Atoms = [1, 2] }, new() { Name = "b", Atoms = [2] }] }), StringComparison.Ordinal);
        Assert.Contains(
            "two domains have the name", Message(new() { Domains = [new() { Name = "a", Atoms = [1] }, new() { Name = "A", Atoms = [2] }] }),
            StringComparison.Ordinal);
        Assert.Contains("0 to 299", Message(new() { Domains = [new() { Name = "a", Atoms = [300] }] }), StringComparison.Ordinal);
        Assert.Contains("letters", Message(new() { Domains = [new() { Name = "../a", Atoms = [1] }] }), StringComparison.Ordinal);
        Assert.Contains("JitterAngstrom", Message(new() { Domains = [new() { Name = "a", Atoms = [1], JitterAngstrom = -1 }] }), StringComparison.Ordinal);
        var both = new DomainHinge { Point = default, SdDegrees = 1, RangeDegrees = 2 };
        Assert.Contains("the only positive one", Message(new() { Domains = [new() { Name = "a", Atoms = [1], Hinge = both }] }), StringComparison.Ordinal);
        var far = new DomainHinge { Point = (9, 9, 9), RangeAngstrom = 500 };
        Assert.Contains("cannot move by 500.0 A", Message(new() { Domains = [new() { Name = "a", Atoms = [1], Hinge = far }] }), StringComparison.Ordinal);
        Assert.Contains("a box of", Message(new() { Domains = [new() { Name = "a", Atoms = [1], JitterAngstrom = 300 }] }), StringComparison.Ordinal);
        Assert.Contains("at least two frames", Assert.Throws<InvalidInputException>(() => new ConformationPath([[1, 2, 3]])).Message, StringComparison.Ordinal);
        Assert.Contains("the path's frames have 1 atoms", Message(new() { Path = new([[1, 2, 3], [1, 2, 3]]) }), StringComparison.Ordinal);
    }

    private static SimulationOptions Options(int count)
    {
        var right = Enumerable.Range(0, Atoms.Length).Where(i => Atoms[i].X - 10 > 9).ToArray();
        var left = Enumerable.Range(0, Atoms.Length).Where(i => Atoms[i].X - 10 < -9).ToArray();
        var top = Enumerable.Range(0, Atoms.Length).Except(right).Except(left).Where(i => Atoms[i].Z > 8).ToArray();
        return SimulationTestData.Options(count, Box) with
        {
            Motion = new()
            {
                Domains =
                [
                    new() { Name = "hinged", Atoms = right, Hinge = new() { Point = (18, -7, 0), SdDegrees = 8 } },
                    new() { Name = "loose", Atoms = left, JitterDegrees = 2, JitterAngstrom = 1.5 },
                    new() { Name = "far", Atoms = top, Hinge = new() { Point = (10, -7, 5), Axis = (0, 2, 0), RangeAngstrom = 9 } },
                ],
            },
        };
    }

    /// <summary>The atoms of a particle, moved one by one by the motions in the truth, in the frame of the box.</summary>
    private static SimulatedAtom[] Moved(ParticleSimulator simulator, int particle)
    {
        var centre = simulator.ModelCentre;
        var moved = Array.ConvertAll(Atoms, a => a with { X = a.X - centre.X, Y = a.Y - centre.Y, Z = a.Z - centre.Z });
        for (var d = 0; d < simulator.Motion!.Domains.Count; d++)
        {
            foreach (var i in simulator.Options.Motion!.Domains[d].Atoms)
            {
                var (x, y, z) = simulator.Motion.MotionsOf(d)[particle].Apply((moved[i].X, moved[i].Y, moved[i].Z));
                moved[i] = moved[i] with { X = x, Y = y, Z = z };
            }
        }

        return moved;
    }

    /// <summary>The parts of a particle: atoms at rest, and the pose at which they are seen.</summary>
    private static IEnumerable<(HashSet<int> Atoms, Pose Pose)> Parts(ParticleSimulator simulator, int particle)
    {
        var rest = Enumerable.Range(0, Atoms.Length).ToHashSet();
        for (var d = 0; d < simulator.Motion!.Domains.Count; d++)
        {
            var atoms = simulator.Options.Motion!.Domains[d].Atoms.ToHashSet();
            rest.ExceptWith(atoms);
            yield return (atoms, simulator.DomainParticles(d)[particle].Pose);
        }

        yield return (rest, simulator.TrueParticles[particle].Pose);
    }

    /// <summary>The image of some atoms at a pose, made without any motion.</summary>
    private static float[] RenderAlone(HashSet<int> atoms, ParticleSimulator whole, Pose pose)
    {
        var model = ScatteringModel.Create(Atoms, whole.Options);
        var part = model.Part(atoms.Contains);
        var transform = new AtomTransform(part, whole.Options);
        var image = new float[Box * Box];
        new ImageSimulator(part, new AtomPlacement(part, null, null), transform, []).Render(
            pose, AtomPlacement.AtRest, whole.TrueParticles[0].Ctf, CtfState.None, whole.Gain, null, 0, image);
        return image;
    }

    private static void Add(float[] sum, float[] image)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += image[i];
        }
    }

    private static (double Re, double Im, double Norm) DirectSum(SimulationOptions options, SimulatedAtom[] moved, Rotation rotation, int kx, int ky)
    {
        var model = ScatteringModel.Create(Atoms, options);
        double re = 0, im = 0, norm = 0, length = options.BoxSize * options.PixelSize;
        foreach (var group in model.Groups)
        {
            var f = group.Factor(((kx * kx) + (ky * ky)) / (length * length), options);
            for (var j = group.First; j < group.End; j++)
            {
                var a = moved[model.Source[j]];
                var (u, v, _) = rotation.Apply(a.X, a.Y, a.Z);
                var (s, c) = Math.SinCos(-2 * Math.PI * ((kx * u) + (ky * v)) / length);
                re += f * a.Occupancy * c;
                im += f * a.Occupancy * s;
                norm += f * f * a.Occupancy * a.Occupancy;
            }
        }

        return (re, im, Math.Sqrt(norm));
    }

    private static double Rms(IReadOnlyList<double> values) => Math.Sqrt(values.Average(v => v * v));

    private static double Distance((double X, double Y, double Z) a, (double X, double Y, double Z) b) =>
        Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2) + Math.Pow(a.Z - b.Z, 2));
}
