"""Map values as 16-bit integers (a third of the size of the fixture) and six poses; run with numpy and mrcfile."""
import sys, mrcfile, numpy as np
for name in ('even', 'odd'):
    v = mrcfile.open(name + '.mrc', permissive=True).data
    with mrcfile.new('map_%s.mrc' % name, overwrite=True) as m:
        m.set_data(np.rint(v * (20000 / 0.2)).astype(np.int16)); m.voxel_size = 7.08
poses = [(0, 0, 0, 14.16, 0), (37.5, 62.1, -121.4, -21.24, 35.4), (-148.3, 115.7, 15.9, 10.3, -27.9),
         (88.8, 12.4, 170.2, -33.33, -18.5), (201.6, 90, 45, 28.32, 49.56), (-11.1, 155.5, 77.7, -7.77, 40.1)]
for name, n in (('even', 40), ('odd', 41)):
    with open('poses_%s.star' % name, 'w') as f:
        f.write('\n# version 30001\n\ndata_optics\n\nloop_\n' + ''.join('_rln%s #%d\n' % (c, i + 1) for i, c in enumerate(
            'OpticsGroup OpticsGroupName Voltage SphericalAberration AmplitudeContrast ImagePixelSize ImageSize ImageDimensionality'.split())))
        f.write('1 opticsGroup1 300 2.7 0.1 7.08 %d 2\n\n\n# version 30001\n\ndata_particles\n\nloop_\n' % n)
        f.write(''.join('_rln%s #%d\n' % (c, i + 1) for i, c in enumerate(
            'ImageName AngleRot AngleTilt AnglePsi OriginXAngst OriginYAngst DefocusU DefocusV DefocusAngle OpticsGroup'.split())))
        for i, p in enumerate(poses):
            f.write('%06d@none.mrcs ' % (i + 1) + ' '.join('%.6f' % x for x in p) + ' %.1f %.1f %.1f 1\n' % (15000 + 3000 * i, 14200 + 2900 * i, 25 * i))
        f.write('\n')
