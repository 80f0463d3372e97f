#!/bin/sh
# Checks and times the pose step: run.sh [gpu|gpu:N|opencl:N|dry]. Under five minutes on a card; what it prints is in gpu-benchmark.txt too.
here=$(cd "$(dirname "$0")" && pwd)
"$here/Gmm.GpuBenchmark" "${1:-gpu}" 2>&1 | tee gpu-benchmark.txt
grep -q "all checks passed" gpu-benchmark.txt
