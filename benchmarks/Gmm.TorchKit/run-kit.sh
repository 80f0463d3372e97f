#!/usr/bin/env bash
# On the GPU machine, in the folder of make-kit.sh: checks and times. Usage: RESULTS=FOLDER MODEL=model.pdb run-kit.sh [IMAGES]
# Every step has its own limit; what matters most comes first. KIT_DEVICE=torch-cpu with KIT_APP=FOLDER of built programs is the dry run.
set -uo pipefail
images=${1:-1000}
here=$(dirname "$(realpath "$0")") out=${RESULTS:-$(mktemp -d)} work=$(mktemp -d) start=$SECONDS device=${KIT_DEVICE:-cuda} box=${KIT_BOX:-196} n=${KIT_GAUSSIANS:-7374}
kit_device=${device#torch-}
mkdir -p "$out"
exec > >(tee "$out/kit.log") 2>&1
say() { printf '\n== %s (at %d s)\n' "$*" $((SECONDS - start)); }

say "machine"
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null || echo "no nvidia-smi"
nproc
if [ -n "${KIT_APP:-}" ]; then
    export KIT_GMM=${KIT_GMM:-$KIT_APP}
    kit="dotnet $KIT_APP/Gmm.TorchKit.dll" gmm="dotnet $KIT_GMM/gmm.dll"
else
    tar -C "$work" -xzf "$here/app.tar.gz"
    export KIT_GMM=$work/app
    app=$work/app kit=$work/app/Gmm.TorchKit gmm=$work/app/gmm
    # Without importing torch, which takes seconds.
    torch=${KIT_TORCH:-$(python3 -c 'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])')}
    LD_LIBRARY_PATH=$torch/lib:$(find "$(dirname "$torch")/nvidia" -maxdepth 3 -type d -name lib 2>/dev/null | paste -sd:)
    export LD_LIBRARY_PATH KIT_TORCH_LIB=$torch/lib KIT_SHIM=${KIT_SHIM:-$app/libLibTorchSharp.so}
    bash "$here/mend-libtorchsharp.sh" "$app"
    echo "symbols that the shim lacks in this torch: $(ldd -r "$KIT_SHIM" 2>&1 | grep -cE 'undefined symbol')"
fi

nvidia-smi --query-gpu=timestamp,memory.used,utilization.gpu --format=csv,noheader -lms 250 >"$out/gpu.csv" 2>/dev/null & sampler=$!
say "check"; timeout 120 $kit check "$kit_device" 64 "$n"
say "speed"; timeout 120 $kit speed "$kit_device" $((images / 4)) "$n"
say "leak"; timeout 120 $kit leak "$kit_device" "${KIT_ROUNDS:-20}"
if [ -n "${MODEL:-}" ]; then
    # A whole iteration and training, on the device and on all processors of the machine; times are in the JSON files.
    say "simulate"; $gmm simulate "$MODEL" --out "$work/sim" --particles "$images" --box "$box" --pixel-size "$(awk "BEGIN { print 196 / $box }")" --json >"$out/simulate.json"
    for where in "$device" cpu; do
        say "refine on $where"; timeout 300 $gmm refine "$work/sim/disturbed.star" --out "$work/refine-$where" --iterations 1 --gaussians "$n" --device "$where" --json \
            >"$out/refine-$where.json" 2>"$out/refine-$where.err" || tail -3 "$out/refine-$where.err"
        say "reconstruct on $where"; timeout 120 $gmm reconstruct "$work/sim/true.star" --out "$work/rec-$where" --device "$where" --json \
            >"$out/reconstruct-$where.json" 2>"$out/reconstruct-$where.err" || tail -3 "$out/reconstruct-$where.err"
        say "heterogeneity on $where"
        timeout 300 $gmm heterogeneity "$work/refine-$where/run_data.star" --model-half1 "$work/refine-$where/run_model_half1.star" \
            --model-half2 "$work/refine-$where/run_model_half2.star" --out "$work/motion-$where" --folds 1 --epochs 2 --device "$where" --json \
            >"$out/heterogeneity-$where.json" 2>"$out/heterogeneity-$where.err" || tail -3 "$out/heterogeneity-$where.err"
    done
    say "agree"; mkdir "$work/agree"; timeout 1500 $kit agree "$kit_device" "$MODEL" "${KIT_AGREE:-400}" "$work/agree"
    grep -o '"particles_per_second":[^,]*' "$out"/*.json
fi

kill "$sampler" 2>/dev/null
echo "most memory of the card in use: $(cut -d, -f2 "$out/gpu.csv" 2>/dev/null | sort -n | tail -1)"
say "done"
rm -rf "$work"
