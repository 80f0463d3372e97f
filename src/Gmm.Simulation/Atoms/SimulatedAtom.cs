using Gmm.Core;
using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>An atom for the simulator.</summary>
/// <param name="X">X, angstrom.</param>
/// <param name="Y">Y, angstrom.</param>
/// <param name="Z">Z, angstrom.</param>
/// <param name="Element">Element symbol.</param>
/// <param name="BFactor">Isotropic B factor, square angstrom.</param>
/// <param name="Occupancy">Occupancy, over 0.</param>
public readonly record struct SimulatedAtom(double X, double Y, double Z, string Element, double BFactor, double Occupancy)
{
    private static readonly string[] Waters = ["HOH", "WAT", "DOD", "H2O", "TIP", "TIP3", "TIP4", "TIP5", "TP3", "TP3M", "SOL", "SPC", "SPCE", "OPC", "OPC3"];

    /// <summary>
    /// The atoms of a model that scatter in a simulation. Atoms without occupancy are left out; so are waters, which the solvent stands
    /// for, and hydrogens, which few models of this method have, unless they are asked for.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="waters">Whether waters are taken.</param>
    /// <param name="hydrogens">Whether hydrogens are taken; then give a <see cref="SimulationOptions.SolventDensity"/> of 0.094.</param>
    /// <returns>The atoms, in the model's order.</returns>
    /// <exception cref="InvalidInputException">No atom is left, or one's element is unknown.</exception>
    public static IReadOnlyList<SimulatedAtom> FromModel(AtomicModel model, bool waters = false, bool hydrogens = false)
    {
        var kept = IndicesInModel(model, waters, hydrogens);
        return Array.ConvertAll(kept, i => new SimulatedAtom(
            model.X[i], model.Y[i], model.Z[i], ElectronScattering.SymbolOf(model.AtomicNumbers[i]), model.BFactors[i], model.Occupancies[i]));
    }

    /// <summary>Centre of mass: atomic weights times occupancies. The simulator puts it at the box centre.</summary>
    /// <param name="atoms">The atoms.</param>
    /// <returns>The centre, angstrom.</returns>
    /// <exception cref="InvalidInputException">No atom, an element without scattering factor, a value that is not finite, an occupancy that is not
    /// positive.</exception>
    public static (double X, double Y, double Z) CentreOfMass(IReadOnlyList<SimulatedAtom> atoms)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        if (atoms.Count == 0)
        {
            throw new InvalidInputException("the model has no atoms");
        }

        double x = 0, y = 0, z = 0, mass = 0;
        for (var i = 0; i < atoms.Count; i++)
        {
            var a = atoms[i];
            var element = ElectronScattering.Find(a.Element) ?? throw new InvalidInputException(
                $"atom {i + 1}: no electron scattering factor for element '{a.Element}' (known: {string.Join(' ', ElectronScattering.Elements)})");
            if (!double.IsFinite(a.X + a.Y + a.Z + a.BFactor) || !(a.Occupancy > 0) || !double.IsFinite(a.Occupancy))
            {
                throw new InvalidInputException($"atom {i + 1}: position, B factor and occupancy must be finite, the occupancy positive");
            }

            var w = element.AtomicWeight * a.Occupancy;
            x += w * a.X;
            y += w * a.Y;
            z += w * a.Z;
            mass += w;
        }

        return (x / mass, y / mass, z / mass);
    }

    /// <summary>Which atoms of a model <see cref="FromModel"/> takes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="waters">Whether waters are taken.</param>
    /// <param name="hydrogens">Whether hydrogens are taken.</param>
    /// <returns>The index in the model of each atom that is taken, in order.</returns>
    /// <exception cref="InvalidInputException">No atom is left, or one's element is unknown.</exception>
    public static int[] IndicesInModel(AtomicModel model, bool waters = false, bool hydrogens = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        var kept = new List<int>(model.Count);
        for (var i = 0; i < model.Count; i++)
        {
            if (!(model.Occupancies[i] > 0) || (!hydrogens && model.IsHydrogen(i)) || (!waters && Waters.Contains(model.ResidueNames[i])))
            {
                continue;
            }

            var symbol = ElectronScattering.SymbolOf(model.AtomicNumbers[i]);
            if (ElectronScattering.Find(symbol) is null)
            {
                throw new InvalidInputException(
                    $"atom {model.AtomNames[i]} of {model.ResidueNames[i]} {model.ResidueNumbers[i]} in chain {model.Chains[i]} (element {symbol}) "
                        + "has no electron scattering factor here");
            }

            kept.Add(i);
        }

        return kept.Count > 0 ? [.. kept] : throw new InvalidInputException("the model has no atoms to simulate");
    }
}
