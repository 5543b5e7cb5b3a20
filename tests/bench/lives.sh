#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make bench: connections that live shorter than a refresh, over loopback in a network namespace of its own: the CPU time
# of each half for every end of them, and how many were lost. In the environment: RATES (a second; default "1000 5000
# 20000"), SECONDS_EACH (default 3). The storm itself and the kernel need a core at 20,000 a second. Needs root.
set -eu
bin=${builddir:-.}
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

# cpu_ms PID: the CPU time of a process, in milliseconds.
cpu_ms() {
	awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000 / hz }' "/proc/$1/stat"
}

has_lines() { # COUNT FILE, while the process $3 is there
	until [ "$(wc -l <"$2")" -ge "$1" ]; do
		kill -0 "$3"
		sleep 0.1
	done
}

printf '\nshort connections, refresh every second; CPU in ms for each 1,000 connections\n'
printf '%9s %9s %9s %9s %11s %9s %9s\n' wanted reached ends shown 'collector' 'account' lost
for rate in ${RATES:-1000 5000 20000}; do
	count=$((rate * ${SECONDS_EACH:-3}))
	# One process alone does not reach 20,000.
	storms=$((rate > 10000 ? 2 : 1))
	mkfifo "$work/go" "$work/end"
	for i in $(seq $storms); do
		"$bin/tests/netns/storm" $((count / storms)) $((rate / storms)) 100 127.0.0."$i" <"$work/go" >"$work/storm$i" &
	done
	storm=$!
	exec 8>"$work/go"
	for i in $(seq $storms); do
		has_lines 1 "$work/storm$i" $storm
	done
	"$bin/tests/netns/account" "$bin/sockwatch" 1000 <"$work/end" >"$work/account" &
	account=$!
	exec 9>"$work/end"
	rm "$work/go" "$work/end"
	has_lines 1 "$work/account" $account
	collector=$(sed -n 's/^ready //p' "$work/account")
	before=$(cpu_ms "$collector")
	before_account=$(cpu_ms $account)
	for i in $(seq $storms); do
		echo >&8 # each reads one byte
	done
	for i in $(seq $storms); do
		has_lines 2 "$work/storm$i" $storm
	done
	sleep 2
	after=$(cpu_ms "$collector")
	after_account=$(cpu_ms $account)
	echo $((2 * count)) >&9
	wait $account
	exec 8>&- 9>&-
	wait
	awk -v count=$count -v rate="$rate" -v seconds="$(tail -qn 1 "$work"/storm[12] | cut -d' ' -f2 | sort -n | tail -1)" \
		-v collector="$before $after" -v account="$before_account $after_account" '
		{ figure[$1] = $2 }
		END {
			split(collector, c, " ")
			split(account, a, " ")
			printf "%9d %9.0f %9d %9d %11.2f %9.2f %9d\n", rate, count / seconds, 2 * count, figure["closings"],
				(c[2] - c[1]) * 1000 / count, (a[2] - a[1]) * 1000 / count, figure["lost"]
		}' "$work/account"
	rm "$work"/storm*
done
