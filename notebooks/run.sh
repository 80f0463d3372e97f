#!/usr/bin/env bash
# Executes the notebooks beside this file with .NET Interactive's last kernel and jupyter-nbconvert, against packages of this clone.
# Usage: run.sh [--update] [FEED VERSION]     without a feed the packages are packed into a temporary folder; --update writes the outputs into the notebooks.
# Says "skipped: ..." and is content where the kernel cannot be had; exits with 1 where a cell fails.
set -euo pipefail
update=0
if [[ ${1:-} == --update ]]; then update=1; shift; fi
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
feed=${1:-$work/feed} version=${2:-}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT=1
skip() { echo "skipped: $1"; exit 0; }

# The kernel: made for .NET 9, it runs on the newest runtime there is.
command -v jupyter-nbconvert >/dev/null || skip "the notebooks, because jupyter-nbconvert is not installed (Debian: apt install jupyter-nbconvert)"
dotnet tool install Microsoft.dotnet-interactive --version 1.0.712001 --tool-path "$work/tools" >"$work/tool.log" 2>&1 \
    || skip "the notebooks, because the kernel does not install: $(tail -1 "$work/tool.log")"
mkdir -p "$work/jupyter/kernels/.net-csharp"
cat >"$work/jupyter/kernels/.net-csharp/kernel.json" <<JSON
{"argv": ["$work/tools/dotnet-interactive", "jupyter", "--default-kernel", "csharp", "{connection_file}"], "display_name": ".NET (C#)", "language": "C#"}
JSON
export JUPYTER_PATH=$work/jupyter DOTNET_ROLL_FORWARD=Major

# The packages, of a version of their own, in a cache of their own that falls back on the machine's for all others.
if [[ -z $version ]]; then
    version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")-notebooks
    for name in Core IO Maps Simulation Refinement Heterogeneity Reports Testing Torch Interactive; do
        dotnet pack "$root/src/Gmm.$name" -c Release -p:Version="$version" -p:RunAnalyzers=false -v q -o "$feed"
    done
fi
cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
mkdir -p "$cache"
export NUGET_PACKAGES=$work/nuget RestoreFallbackFolders=$cache RestoreAdditionalProjectSources=$feed

# libtorch as the tests of Gmm.Torch have it (docs/torch.md).
torch=$root/tests/Gmm.Torch.Tests/bin/Release/net10.0/runtimes/linux-x64/native
if [[ ! -e $torch/libLibTorchSharp.so ]]; then
    env -u NUGET_PACKAGES dotnet build "$root/tests/Gmm.Torch.Tests" -c Release -p:RunAnalyzers=false -v q >"$work/torch.log" 2>&1 || true
fi

failed=0
cd "$root/notebooks"
for notebook in *.ipynb; do
    if [[ $notebook == torch.ipynb && ! -e $torch/libLibTorchSharp.so ]]; then
        echo "skipped: $notebook, because libtorch cannot be had for this machine"
        continue
    fi
    SECONDS=0
    if LD_LIBRARY_PATH=$torch${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} timeout 300 jupyter-nbconvert --to notebook --execute "$notebook" \
            --ExecutePreprocessor.timeout=240 --output-dir "$work/out" --output "$notebook" >"$work/log" 2>&1 \
        && python3 check.py "$work/out/$notebook" $([[ $update == 0 ]] || echo "$notebook"); then
        echo "executed $notebook in $SECONDS s"
    else
        grep -v '^info:\|^      ' "$work/log" | tail -30
        echo "FAILED: $notebook"
        failed=1
    fi
done
exit $failed
