#!/bin/sh
# Checks and times poses and half maps: run.sh [gpu|gpu:N|gpu:N,M|opencl:N|dry|counts]. Under five minutes on a card; what it prints is in gpu-benchmark.txt too.
here=$(cd "$(dirname "$0")" && pwd)
"$here/Gmm.GpuBenchmark" "${1:-gpu}" 2>&1 | tee gpu-benchmark.txt
[ "$1" = counts ] || grep -q "all checks passed" gpu-benchmark.txt
