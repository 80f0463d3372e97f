#!/bin/bash
# gmm refine --cluster slurm on a SLURM of this machine: the same bits with 1, 2 and 4 workers as without, whatever is killed.
#   tests/slurm/refine.sh "dotnet src/Gmm.Cli/bin/Release/net10.0/gmm.dll" particles.star WORK [KILLS [OPTIONS ...]]
# WORK is made. Prints a line for each run; the exit code says whether all gave the same bits.
set -u
here=$(cd "$(dirname "$0")" && pwd)
gmm=$1; star=$2; work=$3; kills=${4:-5}
shift; shift; shift; [ $# -gt 0 ] && shift
options=("$@")
[ ${#options[@]} -eq 0 ] && options=(--iterations 2 --gaussians 50 --max-resolution 6 --parts 3)
mkdir -p "$work"
"$here/slurm.sh" start "$work/slurm" || exit 1
trap '"$here/slurm.sh" stop "$work/slurm"' EXIT
export SLURM_CONF=$work/slurm/slurm.conf
failed=0
RANDOM=7

cat > "$work/cluster.json" <<J
{ "threads": 1, "partition": "p", "time": "60", "poll_s": 0.1, "queue_s": 2, "beat_s": 1, "lost_after_s": 30 }
J

run() { # folder workers more...
    local out=$1 workers=$2; shift 2
    $gmm refine "$star" --out "$work/$out" "${options[@]}" --threads 1 --cluster slurm --workers "$workers" --cluster-settings "$work/cluster.json" \
        --quiet "$@" > "$work/$out.out" 2> "$work/$out.err"
}

same() { # folder what
    local n=0 f
    for f in $(cd "$work/plain" && find . -name '*.mrc' -o -name '*.star' -o -name '*.gmmfig'); do
        if ! cmp -s "$work/plain/$f" "$work/$1/$f"; then
            echo "DIFFERS: $2: $f"; failed=1; return
        fi
        n=$((n + 1))
    done
    echo "same: $2 ($n files)"
}

pass() { # folder: seconds of each iteration's pass
    python3 -c "import json,sys; print(' '.join('%.1f' % i['statistics']['pose_s'] for i in json.load(open(sys.argv[1]))['iterations'] if i['statistics']))" "$work/$1/run.json"
}

$gmm refine "$star" --out "$work/plain" "${options[@]}" --threads 1 --quiet > "$work/plain.out" 2> "$work/plain.err" || { cat "$work/plain.err"; exit 1; }
echo "plain: passes $(pass plain) s"
for n in 1 2 4; do
    run "w$n" $n || { cat "$work/w$n.err"; failed=1; }
    same "w$n" "$n workers, passes $(pass "w$n") s"
done

# The sums of a reconstruction, shared likewise.
$gmm reconstruct "$star" --out "$work/rec/plain" --parts 3 --wiener --quiet > "$work/rec.out" 2> "$work/rec.err" || { cat "$work/rec.err"; failed=1; }
for n in 1 2 4; do
    $gmm reconstruct "$star" --out "$work/rec/w$n" --parts 3 --wiener --cluster slurm --workers $n --cluster-settings "$work/cluster.json" \
        --quiet > "$work/rec.out" 2> "$work/rec.err" || { cat "$work/rec.err"; failed=1; }
    for f in _half1_unfil.mrc _half2_unfil.mrc .mrc; do
        cmp -s "$work/rec/plain$f" "$work/rec/w$n$f" || { echo "DIFFERS: reconstruct, $n workers: $f"; failed=1; }
    done
    echo "reconstruct, $n workers: done"
done

# Patches, shared likewise.
patches=(patches "$star" --count 3 --iterations 1 --gaussians 60 --max-resolution 6 --threads 1 --quiet)
$gmm "${patches[@]}" --out "$work/patches" > "$work/p.out" 2> "$work/p.err" || { cat "$work/p.err"; failed=1; }
$gmm "${patches[@]}" --out "$work/patches2" --cluster slurm --workers 2 --cluster-settings "$work/cluster.json" > "$work/p.out" 2> "$work/p.err" ||
    { cat "$work/p.err"; failed=1; }
(cd "$work/patches" && find . -type f ! -name '*.json' ! -name '*.html') | while read -r f; do
    cmp -s "$work/patches/$f" "$work/patches2/$f" || echo "DIFFERS: patches: $f"
done | grep . && failed=1 || echo "patches, 2 workers: done"

wait_task() { # folder: until a worker has a task; false if the run ends first
    while kill -0 "$2" 2>/dev/null; do
        compgen -G "$work/$1/tasks/it*/*.try1" > /dev/null && return 0
        sleep 0.02
    done
    return 1
}

for what in worker node submitter controller; do
    n=0; tried=0
    while [ $n -lt "$kills" ] && [ $tried -lt $((3 * kills)) ]; do
        tried=$((tried + 1))
        rm -rf "$work/k"
        run k 2 & pid=$!
        wait_task k $pid || { wait $pid; continue; }
        sleep "0.$((RANDOM % 6))$((RANDOM % 10))"
        case $what in
        worker)
            w=$(grep -ho '"process": *[0-9]*' "$work"/k/tasks/it*/worker_*.json 2>/dev/null | grep -o '[0-9]*' | tail -1)
            if [ -n "$w" ] && kill -9 "$w" 2>/dev/null; then n=$((n + 1)); fi
            wait $pid || cat "$work/k.err"
            ;;
        node)
            "$here/slurm.sh" kill-node "$work/slurm" n1; n=$((n + 1)); sleep 1; "$here/slurm.sh" start-node "$work/slurm" n1
            wait $pid || cat "$work/k.err"
            ;;
        submitter)
            g=$(pgrep -P $pid | head -1)
            if [ -n "$g" ] && kill -9 "$g" 2>/dev/null; then n=$((n + 1)); fi
            wait $pid 2>/dev/null
            run k 2 --resume || cat "$work/k.err"
            ;;
        controller)
            "$here/slurm.sh" kill-controller "$work/slurm"; n=$((n + 1)); sleep 2; "$here/slurm.sh" start-controller "$work/slurm"
            wait $pid || cat "$work/k.err"
            ;;
        esac
        same k "$what killed, $n"
    done
    [ $n -ge "$kills" ] || { echo "only $n times killed: $what"; failed=1; }
done
exit $failed
