namespace Gmm.Core;

/// <summary>
/// At which pixel of an image of odd side a structure without shift is centred. Programs differ; images of even side are centred at n/2 by all.
/// </summary>
public enum OddOrigin
{
    /// <summary>(n + 1) / 2, where relion_project of RELION 3.1.3 puts it.</summary>
    Relion,

    /// <summary>n / 2, rounded down: what MRC2014, cryoSPARC, EMAN2, cisTEM and RELION's documentation say.</summary>
    Half,
}
