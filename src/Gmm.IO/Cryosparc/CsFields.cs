namespace Gmm.IO;

/// <summary>Names of cryoSPARC's fields that mean something here.</summary>
internal static class CsFields
{
    public const string Path = "blob/path";
    public const string Index = "blob/idx";
    public const string Shape = "blob/shape";
    public const string PixelSize = "blob/psize_A";
    public const string Sign = "blob/sign";
    public const string ExposureGroup = "ctf/exp_group_id";
    public const string Voltage = "ctf/accel_kv";
    public const string Aberration = "ctf/cs_mm";
    public const string AmplitudeContrast = "ctf/amp_contrast";
    public const string Defocus1 = "ctf/df1_A";
    public const string Defocus2 = "ctf/df2_A";
    public const string DefocusAngle = "ctf/df_angle_rad";
    public const string PhaseShift = "ctf/phase_shift_rad";
    public const string Scale = "ctf/scale";
    public const string BFactor = "ctf/bfactor";
    public const string Shift = "ctf/shift_A";
    public const string Tilt = "ctf/tilt_A";
    public const string Trefoil = "ctf/trefoil_A";
    public const string Tetrafoil = "ctf/tetra_A";
    public const string Magnification = "ctf/anisomag";
    public const string Split = "alignments3D/split";
    public const string Origin = "alignments3D/shift";
    public const string Pose = "alignments3D/pose";
    public const string PosePixelSize = "alignments3D/psize_A";
    public const string Class = "alignments3D/class";
    public const string Micrograph = "location/micrograph_path";
    public const string MicrographShape = "location/micrograph_shape";
    public const string CentreX = "location/center_x_frac";
    public const string CentreY = "location/center_y_frac";
}
