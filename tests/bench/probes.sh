#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Part of make bench: paths. How long until all of a path is known, beside mtr and traceroute, and what a hundred targets
# take. Far-away hosts are in a process behind a TUN device (probes_lab.c): hop n
# answers 2n ms and a bit later. In the environment: SECONDS_LONG (default 20), RUNS (default 5). Needs root.
set -eu
bin=${builddir:-.}
sockwatch=$bin/sockwatch
bench=$bin/tests/bench
long=${SECONDS_LONG:-20}
runs=${RUNS:-5}

if [ "${SOCKWATCH_BENCH_INSIDE:-}" != yes ]; then
	[ "$(id -u)" = 0 ] || {
		echo 'bench: needs root to make a network namespace' >&2
		exit 77
	}
	SOCKWATCH_BENCH_INSIDE=yes exec unshare --net "$0" "$@"
fi
ip link set lo up
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

have() {
	command -v "$1" >/dev/null 2>&1
}

printf '\n100 targets of 10 hops once a second, percent of a core\n'
printf '%-28s %9s %9s %9s %9s %9s\n' '' collector viewer probes/s answers/s answered
for rate in 1000 1; do
	# A namespace each: the device has one name.
	unshare --net "$bench/probes" "$sockwatch" 100 10 "$long" $rate |
		awk -v name="routers asked up to $rate/s" '{ printf "%-28s %9.2f %9.2f %9.0f %9.0f %8.1f%%\n", name, $1, $2, $3, $4, $5 }'
done

# start_lab HOP-US: 8 hops, each that much farther away than the one before.
start_lab() {
	rm -f "$work/until"
	mkfifo "$work/until"
	"$bench/probes" 8 "$1" <"$work/until" &
	lab=$!
	exec 9>"$work/until"
	until ip route get 10.200.0.1 2>/dev/null | grep -q lab; do
		kill -0 $lab
		sleep 0.1
	done
}

end_lab() {
	exec 9>&-
	wait $lab
}

# wall COMMAND…: milliseconds, the median of some runs.
wall() {
	n=0
	while [ $n -lt "$runs" ]; do
		"$bench/measure" "$@" | awk '{ print $2 * 1000 }'
		n=$((n + 1))
	done | sort -n | sed -n "$(((runs + 1) / 2))p"
}

row() {
	name=$1
	shift
	printf '%-44s %9.0f\n' "$name" "$(wall "$@")"
}

target=10.200.0.1
start_lab 2000
slowest=$(ping -n -q -c 5 -i 0.2 $target | sed -n 's|.*= [0-9.]*/\([0-9.]*\)/.*|\1|p')
printf '\nfull path of 8 hops, ms from start to end of the command; the target is %s ms away\n' "$slowest"
row 'sockwatch probe --report -n -c 1' "$sockwatch" probe --report -n -c 1 $target
have mtr && row 'mtr -r -n -c 1' mtr -r -n -c 1 $target
have mtr && row 'mtr -r -n -c 10 -i 0.1' mtr -r -n -c 10 -i 0.1 $target
have traceroute && row 'traceroute -I -n -q 1' traceroute -I -n -q 1 $target

# on_wire: milliseconds from the first probe to the target's first answer, by tcpdump, the median of some runs.
on_wire() {
	n=0
	while [ $n -lt "$runs" ]; do
		: >"$work/wire.err"
		tcpdump --immediate-mode -l -n -tt -i lab icmp >"$work/wire" 2>"$work/wire.err" &
		tcpdump=$!
		until grep -q listening "$work/wire.err"; do
			sleep 0.1
		done
		"$sockwatch" probe --report -n -c 1 $target >/dev/null
		sleep 0.2
		kill $tcpdump
		wait $tcpdump || :
		awk '!first { first = $1 } /echo reply/ && !end { end = $1 } END { print (end - first) * 1000 }' "$work/wire"
		n=$((n + 1))
	done | sort -n | sed -n "$(((runs + 1) / 2))p"
}
have tcpdump && printf '%-44s %9.1f\n' 'of it from the first probe to its answer' "$(on_wire)"
end_lab
