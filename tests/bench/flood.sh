#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make bench: a flood of SYNs that comes in at one end of a veth pair, in a network namespace of its own. `sockwatch
# events` beside tcpdump with the same filter; the monitor while it lasts; what is known of connections that stood before;
# and what a thousand connections a second cost. In the environment: RATES (a second; default "300000 600000 10000000",
# the last is as fast as can be), SECONDS_EACH (default 4), SOURCES (bits of the addresses that vary; default 8: the more,
# the slower tcpdump -nn is), WHAT (events, monitor, memory or connections; default all). Needs root.
# CPU is that of all processes of a command. Other work on the machine makes all of them slower: compare within one run.
set -eu
bin=$(cd "${builddir:-.}" && pwd)
sockwatch=$bin/sockwatch
bench=$bin/tests/bench
rates=${RATES:-300000 600000 10000000}
seconds=${SECONDS_EACH:-4}
sources=${SOURCES:-8}
filter='(ip and tcp[13] & 7 != 0) or (ip6 and ((ip6[6] = 6 and ip6[53] & 7 != 0) or ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 60))'

if [ "${SOCKWATCH_BENCH_INSIDE:-}" != yes ]; then
	[ "$(id -u)" = 0 ] || {
		echo 'bench: needs root to make a network namespace' >&2
		exit 77
	}
	SOCKWATCH_BENCH_INSIDE=yes exec unshare --net "$0" "$@"
fi
work=$(mktemp -d)
children=
cleanup() {
	exec 9>&-
	for child in $children; do
		kill "$child" 2>/dev/null || :
	done
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link set lo up
ip link add flooded type veth peer name sender
ip addr add 192.0.2.1/24 dev flooded
ip link set sender up
ip link set flooded up

have() {
	command -v "$1" >/dev/null 2>&1
}

# flood RATE COUNT: prints "SENT SECONDS".
flood() {
	"$bench/flood" -x -n "$2" -r "$1" -s "$sources" flooded 192.0.2.1 443 2>"$work/err.flood" ||
		"$bench/flood" -n "$2" -r "$1" -s "$sources" sender 192.0.2.1 443
}

capturing() {
	polls=0
	until ss -0 -n -b | grep -q 'bpf filter ([0-9][0-9]'; do
		polls=$((polls + 1))
		[ $polls -lt 100 ] || return 1
		sleep 0.1
	done
}

# begin COMMAND…: under measure, until it captures.
begin() {
	"$bench/measure" "$@" >"$work/figures" 2>"$work/err" &
	measure=$!
	children="$children $measure"
	capturing || {
		cat "$work/err"
		echo "bench: $1 does not capture" >&2
		exit 1
	}
}

# Sets cpu and peak.
end() {
	sleep 0.5
	pkill -INT -P "$measure" || :
	wait "$measure" || :
	read -r cpu _ peak _ <"$work/figures"
}

# Sets seen and lost, from the last lines of sockwatch or tcpdump.
read_counts() {
	seen=$(sed -n 's/^sockwatch: \([0-9]*\) segments.*/\1/p; s/^\([0-9]*\) packets* captured/\1/p' "$work/err")
	lost=$(sed -n 's/.*; \([0-9]*\) dropped by the kernel$/\1/p; s/^\([0-9]*\) packets* dropped by kernel/\1/p' "$work/err")
}

# consume NAME COMMAND…: one line of the table of events.
consume() {
	name=$1
	shift
	begin "$@"
	flood "$rate" $((count)) >"$work/sent"
	end
	read_counts
	read -r sent took <"$work/sent"
	[ -n "$base" ] || base=$cpu
	echo "$name $sent $took $seen $lost $cpu $base $peak" | awk '{
		printf "%-18s %9.0f %9d %9d %6d %8.3f %9.3f %8.2f %9.1f\n", $1, $2 / $3, $4, $5, $2 - $4 - $5, $6,
			$4 ? $6 * 1e6 / $4 : 0, $6 / $7, $8 / 1024 }'
}

events() {
	for rate in $rates; do
		count=$((rate < 1000000 ? rate * seconds : 1000000 * seconds))
		printf '\n%d SYNs from %d addresses, %s\n' $count $((1 << sources)) \
			"$([ "$rate" -lt 1000000 ] && echo "$rate a second" || echo 'as fast as can be')"
		printf '%-18s %9s %9s %9s %6s %8s %9s %8s %9s   (of events: bound 103)\n' '' sent/s seen lost neither 'CPU s' \
			'us/seen' 'of -nn' 'peak MiB'
		base=
		if have tcpdump; then
			consume tcpdump_-nn tcpdump -nn -i flooded -B 8192 "$filter"
			consume tcpdump_-w tcpdump -w /dev/null -i flooded -B 8192 "$filter"
		fi
		consume sockwatch_events "$sockwatch" events
	done
}

# watch NAME KEYS RATE
watch() {
	flood "$3" $(($3 < 1000000 ? $3 * 20 : 30000000)) >"$work/sent" &
	flooding=$!
	children="$children $flooding"
	"$bench/drive" -w 3 -s 4 -k 50 -t "$2" -q "$(printf '\033OP')" -a Moving -b q -e Filter "$sockwatch" |
		awk -v name="$1" -v rate="$3" '{
			printf "%-28s %9d %9.1f %8.1f %8.1f %8.1f %9.1f %9d\n", name, rate, $1, $4, $5, $6, $8 / 1024, $7 }'
	pkill -P $flooding || : # the program, not only the shell that waits for it
	wait $flooding 2>/dev/null || :
}

monitor() {
	printf '\nthe monitor during a flood, 120x40, from the key F1 to the help on the screen, and back\n'
	printf '%-28s %9s %9s %8s %8s %8s %9s %9s\n' '' SYNs/s 'CPU ms/s' 'key p50' 'key p95' 'key max' 'peak MiB' 'bytes/s'
	echo '(peak memory is bound by 73 MiB)'
	f8=$(printf '\033[19~')
	for rate in 50000 $rates; do
		watch 'screen 3 (events)' 3 $rate
		watch 'table with event pane (F8)' "$f8" $rate
	done
}

# Opened before the flood, reset after it: the line of the end needs the beginning.
memory() {
	mkfifo "$work/hold"
	printf '\n200 connections that stand before a flood and are reset after it\n'
	for rate in $rates; do
		"$sockwatch" events --json 'port 9000' >"$work/events" 2>"$work/err" &
		watching=$!
		children="$children $watching"
		capturing
		"$bench/populate" 400 4 <"$work/hold" >"$work/ready" &
		populate=$!
		exec 9>"$work/hold"
		until grep -q ready "$work/ready"; do
			kill -0 $populate
			sleep 0.1
		done
		sleep 2
		flood "$rate" $((1000000 * seconds)) >"$work/sent"
		exec 9>&-
		wait $populate || :
		sleep 0.5
		kill -INT $watching
		wait $watching || :
		read_counts
		read -r sent took <"$work/sent"
		echo "$sent $took $seen $lost $(grep -cE '"step":"reset by (client|server) without data"' "$work/events")" |
			awk '{ printf "%9.0f SYNs a second, %d seen, %d lost: %d of 200 ended with their history\n",
				$1 / $2, $3, $4, $5 }'
	done
}

connections() {
	printf '\n1,000 connections a second on loopback, 10 s\n'
	mkfifo "$work/churn"
	"$bench/populate" -c 1000 2 1 <"$work/churn" >"$work/ready" &
	populate=$!
	exec 9>"$work/churn"
	until grep -q ready "$work/ready"; do
		kill -0 $populate
		sleep 0.1
	done
	for run in 'sockwatch events' 'tcpdump -nn'; do
		case $run in
		sock*) begin "$sockwatch" events ;;
		*) have tcpdump || continue && begin tcpdump -nn -i any "$filter" ;;
		esac
		sleep 10
		end
		read_counts
		echo "$cpu $seen $lost" |
			awk -v run="$run" '{ printf "%-18s %6.2f %% of a core, %d segments seen, %d lost\n", run, $1 * 10, $2, $3 }'
	done
	exec 9>&-
	wait $populate || :
}

uname -sr
case ${WHAT:-all} in
all) events && monitor && memory && connections ;;
events) events ;;
monitor) monitor ;;
memory) memory ;;
connections) connections ;;
esac
