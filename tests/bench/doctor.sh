#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make bench: what a look of doctor costs, all rules on, beside ss on the same sockets in the same run: established ones of
# 200 processes on loopback addresses and on private ones, in a network namespace of its own. A box is recorded, and the
# looks are at that; ss asks the kernel. In the environment: SIZES (default "10000 100000 500000"), LOOKS (default 20),
# ALL_PEERS (ss -tanp at 500,000 too, which takes minutes). CPU in ms; compare the ratios. Needs root.
set -eu
bin=${builddir:-.}
bench=$bin/tests/bench
if [ "${SOCKWATCH_BENCH_INSIDE:-}" != yes ]; then
	[ "$(id -u)" = 0 ] || {
		echo 'bench: needs root to make a network namespace' >&2
		exit 77
	}
	SOCKWATCH_BENCH_INSIDE=yes exec unshare --net "$0" "$@"
fi
ip link set lo up
# All of 10/8 is ours, and goes over lo as well.
ip addr add 10.0.0.1/8 dev lo
sysctl -qw net.ipv4.ip_local_port_range='1024 65000'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# cpu_ms COMMAND…: of it and its children; the less of two runs.
cpu_ms() {
	for _ in 1 2; do
		"$bench/measure" "$@" 2>/dev/null
	done | awk 'NR == 1 || $1 < least { least = $1 } END { printf "%.1f", least * 1000 }'
}

printf '\na look of doctor, all rules on; CPU in ms, of ss a whole run\n'
printf '%-9s %8s %8s %9s %9s %8s %9s %9s  %s\n' addresses sockets look 'ss -tan' '/ look' findings 'ss -tanp' '/ look' \
	'dearest rule alone'
for size in ${SIZES:-10000 100000 500000}; do
	for addresses in loopback private; do
		network=127
		[ $addresses = loopback ] || network=10
		mkfifo "$work/end"
		"$bench/populate" -a $network "$size" 200 <"$work/end" >"$work/ready" &
		populate=$!
		exec 9>"$work/end"
		until grep -q ready "$work/ready"; do
			kill -0 $populate
			sleep 0.2
		done
		"$bin/sockwatch" record "$work/box" --for $((4 + size / 100000)) >/dev/null 2>"$work/err" || {
			cat "$work/err" >&2
			exit 1
		}
		look=$("$bench/look" "$work/box" "${LOOKS:-20}")
		plain=$(cpu_ms ss -tan)
		named=-
		[ "$size" -gt 100000 ] && [ -z "${ALL_PEERS:-}" ] || named=$(cpu_ms ss -tanp)
		echo "$look" | awk -v addresses=$addresses -v plain="$plain" -v named="$named" '{
			ms = $2 / 1000
			printf "%-9s %8d %8.2f %9.1f %9.1f %8d ", addresses, $1, ms, plain, plain / ms, $3
			if (named == "-") printf "%9s %9s", "-", "-"
			else printf "%9.1f %9.1f", named, named / ms
			printf "  %s %.2f\n", $4, $5 / 1000 }'
		exec 9>&-
		wait $populate
		rm "$work/end" "$work/ready" "$work"/box*
		sleep 1
	done
done
