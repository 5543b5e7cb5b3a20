#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make bench: sockwatch beside its peers on populations of established sockets in 200 processes, in a network namespace
# of its own. In the environment: SIZES (default "1000 10000 100000"), WHAT (lists or monitors; default all), ALL_PEERS.
# Figures are CPU seconds, wall seconds and peak memory of whole runs. Needs root (for the namespace).
set -eu
bin=${builddir:-.}
sockwatch=$bin/sockwatch
bench=$bin/tests/bench
sizes=${SIZES:-1000 10000 100000}
processes=200

if [ "${SOCKWATCH_BENCH_INSIDE:-}" != yes ]; then
	[ "$(id -u)" = 0 ] || {
		echo 'bench: needs root to make a network namespace' >&2
		exit 77
	}
	SOCKWATCH_BENCH_INSIDE=yes exec unshare --net "$0" "$@"
fi
ip link set lo up
sysctl -qw net.ipv4.ip_local_port_range='1024 65000'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# row NAME COMMAND…: one line of the table; ratio is the CPU time against the first row's.
row() {
	name=$1
	shift
	figures=$("$bench/measure" "$@" 2>"$work/err") || figures='0 0 0 0 127'
	echo "$figures" | awk -v name="$name" -v n="$n" -v base="${base:-0}" '{
		printf "%-28s %9.3f %9.3f %9.1f %8d", name, $1, $2, $3 / 1024, $3 * 1024 / n
		if (base > 0 && $1 > 0) printf " %8.2f", base / $1
		if ($5 != 0) printf "   exit status %d", $5
		print "" }'
	last=${figures%% *}
}

have() {
	command -v "$1" >/dev/null 2>&1
}

lists() {
	printf '\n%s sockets in %s processes\n' "$n" $processes
	printf '%-28s %9s %9s %9s %8s %8s\n' 'one run of' 'CPU s' 'wall s' 'peak MiB' 'B/socket' 'times less CPU than ss -tanpi'
	base=0 last=0
	if [ "$n" -le 100000 ] || [ -n "${ALL_PEERS:-}" ]; then
		row 'ss -tanpi' ss -tanpi
		base=$last
		have netstat && row 'netstat -natp' netstat -natp
	else
		echo 'ss -tanpi and netstat -natp take minutes at this size: left out; ALL_PEERS=1 runs them'
	fi
	row 'ss -tan' ss -tan
	have lsof && row 'lsof -nP -iTCP' lsof -nP -iTCP
	row 'bare dump' "$bench/baredump" 1 0x02
	row 'sockwatch list' "$sockwatch" list
	row 'sockwatch list --json' "$sockwatch" list --json
}

# driven NAME COMMAND…
driven() {
	name=$1
	shift
	"$bench/drive" -w "$warm_up" -s 10 -k 60 "$@" | awk -v name="$name" -v floor="$floor_ms" -v n="$n" '{
		printf "%-28s %9.2f %9.2f %9.1f %9.1f %8.2f %8.2f %8.2f %9d\n", name, $1, $1 / floor,
			$2 / 1024, $3 / 1024, $4, $5, $6, $7 }'
}

monitors() {
	warm_up=$((3 + n / 50000))
	floor_ms=$("$bench/baredump" 10 | awk '{ print $2 / 1000 }')
	printf '\nrunning, refresh every second, 120x40; bare dump %s ms of CPU\n' "$floor_ms"
	printf '%-28s %9s %9s %9s %9s %8s %8s %8s %9s\n' '' 'CPU ms/s' '/ dump' 'RSS MiB' 'PSS MiB' \
		'key p50' 'key p95' 'key max' 'bytes/s'
	driven 'sockwatch' "$sockwatch"
	have htop && driven 'htop -d 10' htop -d 10
	:
}

uname -sr
for n in $sizes; do
	mkfifo "$work/end.$n"
	"$bench/populate" "$n" $processes <"$work/end.$n" >"$work/ready.$n" &
	populate=$!
	exec 9>"$work/end.$n"
	until grep -q ready "$work/ready.$n"; do
		kill -0 $populate
		sleep 0.2
	done
	case ${WHAT:-all} in
	all) lists && monitors ;;
	lists) lists ;;
	monitors) monitors ;;
	esac
	exec 9>&-
	wait $populate
	sleep 1
done
