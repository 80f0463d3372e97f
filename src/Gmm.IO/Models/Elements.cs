namespace Gmm.IO;

/// <summary>Symbols of the chemical elements.</summary>
internal static class Elements
{
    private static readonly string[] Symbols =
    [
        "H", "HE", "LI", "BE", "B", "C", "N", "O", "F", "NE", "NA", "MG", "AL", "SI", "P", "S", "CL", "AR", "K", "CA", "SC", "TI", "V", "CR", "MN",
        "FE", "CO", "NI", "CU", "ZN", "GA", "GE", "AS", "SE", "BR", "KR", "RB", "SR", "Y", "ZR", "NB", "MO", "TC", "RU", "RH", "PD", "AG", "CD", "IN",
        "SN", "SB", "TE", "I", "XE", "CS", "BA", "LA", "CE", "PR", "ND", "PM", "SM", "EU", "GD", "TB", "DY", "HO", "ER", "TM", "YB", "LU", "HF", "TA",
        "W", "RE", "OS", "IR", "PT", "AU", "HG", "TL", "PB", "BI", "PO", "AT", "RN", "FR", "RA", "AC", "TH", "PA", "U", "NP", "PU", "AM", "CM", "BK",
        "CF", "ES", "FM", "MD", "NO", "LR", "RF", "DB", "SG", "BH", "HS", "MT", "DS", "RG", "CN", "NH", "FL", "MC", "LV", "TS", "OG",
    ];

    /// <summary>Atomic number of a symbol in any case; deuterium counts as hydrogen; 0 if there is no such element.</summary>
    public static byte AtomicNumber(ReadOnlySpan<char> symbol)
    {
        symbol = symbol.Trim();
        if (symbol is "D" or "d")
        {
            return 1;
        }

        for (var i = 0; i < Symbols.Length; i++)
        {
            if (symbol.Equals(Symbols[i], StringComparison.OrdinalIgnoreCase))
            {
                return (byte)(i + 1);
            }
        }

        return 0;
    }

    /// <summary>Symbol of an atomic number in capitals; X, as PDB files have it, if there is no such element.</summary>
    public static string Symbol(byte atomicNumber) => atomicNumber is 0 || atomicNumber > Symbols.Length ? "X" : Symbols[atomicNumber - 1];
}
