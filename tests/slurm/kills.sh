#!/bin/bash
# kill -9 at random moments of small whole runs: after every kill the run is gone on with (--resume; reconstruct: the same call), and must end with the bits
# of a run that nobody disturbed and leave nothing behind. The moments come from a seed and are printed before.
#   tests/slurm/kills.sh "dotnet src/Gmm.Cli/bin/Release/net10.0/gmm.dll" particles.star WORK [KILLS [SEED [KIND ...]]]
# KIND: refine, refine-local, reconstruct-local, patches, patches-local, heterogeneity (all of them in turn by default); -local with --cluster local. The particles
# should be few: 80 images of box 32 take some seconds a run. Not a part of the test suite: minutes.
set -u
gmm=$1; star=$2; work=$3; kills=${4:-50}; seed=${5:-11}
shift $(($# < 5 ? $# : 5))
kinds=("$@")
[ ${#kinds[@]} -eq 0 ] && kinds=(refine refine-local reconstruct-local patches patches-local heterogeneity)
mkdir -p "$work"
common=(--threads 2 --quiet)
loop=(--iterations 2 --gaussians 50 --max-resolution 6)

command_of() { # kind folder: sets $words
    local models=$work/plain-refine
    case $1 in
    refine) words=(refine "$star" --out "$2" "${loop[@]}" --parts 3) ;;
    refine-local) words=(refine "$star" --out "$2" "${loop[@]}" --parts 3 --cluster local) ;;
    reconstruct) words=(reconstruct "$star" --out "$2/run" --parts 3 --wiener) ;;
    reconstruct-local) words=(reconstruct "$star" --out "$2/run" --parts 3 --wiener --cluster local) ;;
    patches) words=(patches "$star" --out "$2" --count 2 "${loop[@]}") ;;
    patches-local) words=(patches "$star" --out "$2" --count 2 "${loop[@]}" --cluster local) ;;
    heterogeneity)
        words=(heterogeneity "$star" --out "$2" --model-half1 "$models/run_model_half1.star" --model-half2 "$models/run_model_half2.star"
            --latent 1 --anchors 8 --epochs 2 --folds 1) ;;
    *) echo "kills.sh: no kind $1"; exit 2 ;;
    esac
    words+=("${common[@]}")
}

now() { echo $(($(date +%s%N) / 1000000)); }

# What every kind must end with, and how long it takes.
declare -A length
for kind in refine "${kinds[@]}"; do
    alone=${kind%-local}
    command_of "$alone" "$work/plain-$alone"
    if [ ! -e "$work/plain-$alone.done" ]; then
        rm -rf "$work/plain-$alone"
        $gmm "${words[@]}" > "$work/out" 2> "$work/err" || { cat "$work/err"; exit 1; }
        touch "$work/plain-$alone.done"
    fi
    if [ ! -e "$work/length-$kind" ]; then
        command_of "$kind" "$work/k"
        rm -rf "$work/k"
        began=$(now)
        $gmm "${words[@]}" > "$work/out" 2> "$work/err" || { cat "$work/err"; exit 1; }
        echo $(($(now) - began)) > "$work/length-$kind"
    fi
    length[$kind]=$(cat "$work/length-$kind")
done

RANDOM=$seed
moments=()
for ((n = 0; n < kills; n++)); do moments+=($((RANDOM % 1000))); done
echo "seed $seed, moments in thousandths of a run: ${moments[*]}"

failed=0
for ((n = 0; n < kills; n++)); do
    kind=${kinds[$((n % ${#kinds[@]}))]}
    plain=$work/plain-${kind%-local}
    command_of "$kind" "$work/k"
    # Where the run was quicker than the one that was timed it is begun again, and killed sooner.
    for ((attempt = 0; ; attempt++)); do
        rm -rf "$work/k"
        at=$((length[$kind] * moments[n] / 1000))
        (exec $gmm "${words[@]}") > "$work/out" 2> "$work/err" & pid=$!
        sleep "$(printf '%d.%03d' $((at / 1000)) $((at % 1000)))"
        kill -9 $pid 2>/dev/null && break
        wait $pid
        length[$kind]=$((length[$kind] * 9 / 10))
        [ $attempt -lt 20 ] || { echo "it always ends before it is killed"; exit 1; }
    done
    wait $pid 2>/dev/null
    kept=$(find "$work/k" -type f ! -name '.*' 2>/dev/null | wc -l)
    # Killed between making the lock and writing it: for ten seconds nobody can tell whose it is.
    lock=$(find "$work/k" -name '.*gmm_lock' -size 0 2>/dev/null)
    [ -z "$lock" ] || sleep 10.5
    case $kind in
    reconstruct*) again=(--overwrite) ;;
    *) again=(); [ ! -e "$work/k/gmm_files.json" ] || again=(--resume) ;;
    esac
    $gmm "${words[@]}" "${again[@]}" > "$work/out" 2> "$work/err" || { cat "$work/err"; failed=1; }
    said=same
    while IFS= read -r f; do
        cmp -s "$plain/$f" "$work/k/$f" || said="DIFFERS: $f"
    done < <(cd "$plain" && find . -type f ! -name '*.json' ! -name '*.html')
    left=$(diff <(cd "$plain" && find . -type f | sort) <(cd "$work/k" && find . -type f | sort) | tr '\n' ' ')
    [ -z "$left" ] || said="$said, OTHER FILES: $left"
    [ "$said" = same ] || failed=1
    echo "$((n + 1)) $kind, killed after $at ms, $kept files there: $said"
done
echo "$kills kills of ${kinds[*]}: $([ $failed = 0 ] && echo all the same || echo NOT the same)"
exit $failed
