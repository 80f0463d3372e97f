#!/bin/bash
# kill -9 of a refinement at random moments, plain and with local workers in turn; after every kill it is resumed, and must end with the bits of a run that
# nobody disturbed.
#   tests/slurm/kills.sh "dotnet src/Gmm.Cli/bin/Release/net10.0/gmm.dll" particles.star WORK [MOMENTS [OPTIONS ...]]
set -u
gmm=$1; star=$2; work=$3; moments=${4:-50}
shift; shift; shift; [ $# -gt 0 ] && shift
options=("$@")
[ ${#options[@]} -eq 0 ] && options=(--iterations 2 --gaussians 50 --max-resolution 6 --parts 3)
mkdir -p "$work"
RANDOM=11

call() { $gmm refine "$star" --out "$work/$1" "${options[@]}" --threads 2 --quiet "${@:2}" > "$work/$1.out" 2> "$work/$1.err"; }

began=$(date +%s%N)
call plain || { cat "$work/plain.err"; exit 1; }
length=$(( ($(date +%s%N) - began) / 1000000 ))
failed=0; done=0
while [ $done -lt "$moments" ]; do
    share=(); kind=plain
    if [ $((done % 2)) = 1 ]; then share=(--cluster local); kind=local; fi
    rm -rf "$work/k"
    call k "${share[@]}" & pid=$!
    at=$(( (length * (RANDOM % 1000)) / 1000 ))
    sleep "$(printf '%d.%03d' $((at / 1000)) $((at % 1000)))"
    child=$(pgrep -P $pid | head -1)
    if [ -z "$child" ] || ! kill -9 "$child" 2>/dev/null; then wait $pid; continue; fi
    wait $pid 2>/dev/null
    done=$((done + 1))
    [ -s "$work/k/.gmm_lock" ] || [ ! -e "$work/k/.gmm_lock" ] || sleep 10.5
    if [ -d "$work/k" ] && [ -e "$work/k/gmm_files.json" ]; then again=(--resume); else rm -rf "$work/k"; again=(); fi
    call k "${share[@]}" "${again[@]}" || { cat "$work/k.err"; failed=1; }
    bad=
    for f in $(cd "$work/plain" && find . -name '*.mrc' -o -name '*.star' -o -name '*.gmmfig'); do
        cmp -s "$work/plain/$f" "$work/k/$f" || bad=$f
    done
    [ -z "$bad" ] || { echo "DIFFERS: $kind killed after $at ms: $bad"; failed=1; }
    [ ! -e "$work/k/tasks" ] || { echo "LEFT: $kind killed after $at ms: tasks/"; failed=1; }
done
echo "$done kills, of $length ms; $([ $failed = 0 ] && echo all the same || echo NOT the same)"
exit $failed
