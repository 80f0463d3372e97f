#!/usr/bin/env bash
# Makes the folder OUT that a GPU machine without .NET and NuGet needs to check and time Gmm.Torch and a gmm with TorchSharp. Usage: make-kit.sh OUT
# It holds no libtorch: the torch of that machine's Python is used.
set -euo pipefail
here=$(dirname "$(realpath "$0")") repo=$(realpath "$(dirname "$0")/../..") out=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for project in benchmarks/Gmm.TorchKit src/Gmm.Cli; do
    dotnet publish "$repo/$project" -c Release -r linux-x64 --self-contained -o "$work/app" -p:Torch=true -p:TorchBackend=system -p:PackAsTool=false \
        -p:DebugType=none -p:GenerateDocumentationFile=false
done
# The debugger's parts are not needed there.
rm -f "$work"/app/{libmscordaccore.so,libmscordbi.so,createdump} "$work"/app/*.xml
mkdir -p "$out"
tar -C "$work" -cf - app | gzip -9 >"$out/app.tar.gz"
cp "$here/run-kit.sh" "$repo/src/Gmm.Torch/Native/mend-libtorchsharp.sh" "$out/"
du -b "$out"/* | sort -n
