#!/bin/sh
# Makes gmm-gpu-benchmark.tar.gz: the benchmark with the .NET runtime in it, for a Linux machine with a graphics card and its driver, and nothing else.
set -e
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/publish}
dotnet publish "$here/Gmm.GpuBenchmark.csproj" -c Release -r linux-x64 --self-contained -o "$out/gmm-gpu-benchmark"
cp "$here/run.sh" "$here/README.md" "$out/gmm-gpu-benchmark"
tar -C "$out" -czf "$out/gmm-gpu-benchmark.tar.gz" gmm-gpu-benchmark
ls -l "$out/gmm-gpu-benchmark.tar.gz"
