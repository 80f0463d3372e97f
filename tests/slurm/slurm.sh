#!/bin/bash
# A SLURM on this machine for tests: slurm.sh start DIR, then SLURM_CONF=DIR/slurm.conf; slurm.sh stop DIR; slurm.sh restart-controller|restart-node DIR [NODE].
# Needs root, and Debian's slurm-wlm and munge. Only processes that it started are stopped, by their number.
set -u
here=$(cd "$(dirname "$0")" && pwd)
what=$1
dir=$2

pid_of() { cat "$dir/$1.pid" 2>/dev/null; }

stop_one() {
    local pid; pid=$(pid_of "$1")
    if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then
        kill "$pid"
        for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    fi
    rm -f "$dir/$1.pid"
}

controller() { SLURM_CONF=$dir/slurm.conf slurmctld "$@"; }
node() { SLURM_CONF=$dir/slurm.conf slurmd -N "$1"; }

case $what in
start)
    mkdir -p "$dir/state" "$dir/spool-n1" "$dir/spool-n2" "$dir/munge"
    sed "s|HOST|$(hostname -s)|g; s|DIR|$dir|g" "$here/slurm.conf" > "$dir/slurm.conf"
    if ! munge -n > "$dir/munge/probe" 2>/dev/null; then
        mkdir -p /run/munge && chown munge /run/munge && chmod 755 /run/munge
        runuser -u munge -- munged --force && cp /run/munge/munged.pid "$dir/munged.pid"
    fi
    controller -c && node n1 && node n2
    export SLURM_CONF=$dir/slurm.conf
    for _ in $(seq 100); do
        [ "$(sinfo -h -t idle -o %D 2>/dev/null)" = 2 ] && exit 0
        sleep 0.3
    done
    echo "slurm.sh: the nodes do not come up; see the logs in $dir" >&2
    exit 1
    ;;
stop)
    SLURM_CONF=$dir/slurm.conf timeout 10 scancel --user=root 2>/dev/null
    stop_one slurmd-n1; stop_one slurmd-n2; stop_one ctld; stop_one munged
    ;;
kill-controller) kill -9 "$(pid_of ctld)" ;;
start-controller) controller ;;
kill-node) kill -9 "$(pid_of "slurmd-$3")" ;;
start-node) node "$3" ;;
*)
    echo "slurm.sh: start, stop, kill-controller, start-controller, kill-node, start-node" >&2
    exit 2
    ;;
esac
