#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A flood of SYNs from invented addresses: what was sent is what was seen and what the kernel dropped, to the segment;
# lines and folded ones add up to what was seen; a connection that stood before is known after it.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
flood=$builddir/tests/bench/flood
other=sockwatch-flood-$$
cleanup_more() {
	ip netns del $other 2>/dev/null || :
}
ip netns add $other
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add flooded type veth peer name sender netns $other
ip addr add 192.0.2.1/24 dev flooded
ip link set lo up
ip link set flooded up
ip -n $other link set sender up

# start OPTION…: sockwatch events into $work/events, until it captures.
start() {
	"$sockwatch" events --json "$@" >"$work/events" 2>"$work/err" &
	events=$!
	children="$children $events"
	wait_for 'the capture' grep -q '^[0-9a-f]' /proc/net/packet
}

finish() {
	kill -INT $events
	wait $events || {
		cat "$work/err"
		fail "events ended with status $?"
	}
}

received() {
	awk '$1 == "flooded:" { print $3 }' /proc/net/dev
}

# send COUNT RATE; sets sent to what arrived here.
send() {
	before=$(received)
	nsenter --net=/run/netns/$other "$flood" -n "$1" -r "$2" sender 192.0.2.1 443 >"$work/flood" || fail 'flood'
	came=$(($(received) - before))
	sent=$(cut -d' ' -f1 "$work/flood")
	[ $came -ge "$sent" ] || sent=$came
	[ "$sent" -gt 0 ] || fail 'nothing was sent'
}

# Sets seen and dropped, as events said at its end, and counted: its lines with those folded into them.
add_up() {
	seen=$(sed -n 's/^sockwatch: \([0-9]*\) segments.*/\1/p' "$work/err")
	dropped=$(sed -n 's/.*; \([0-9]*\) dropped by the kernel$/\1/p' "$work/err")
	missed=$(sed -n 's/.*, \([0-9]*\) not printed in time.*/\1/p' "$work/err")
	counted=$(jq -s 'map(1 + (.folded // 0)) | add // 0' "$work/events")
	echo "$1: sent $sent, seen $seen, dropped $dropped, lines $(wc -l <"$work/events"), with those folded $counted"
	[ -n "$seen" ] && [ $((seen + dropped)) = "$sent" ] || {
		cat "$work/err"
		fail "$1: sent $sent, but seen and dropped are $seen and $dropped"
	}
	[ "$counted" = "$seen" ] && [ -z "$missed" ] || fail "$1: the lines stand for $counted segments, not $seen"
}

# Each in a line of its own.
start dst_port 443
send 3000 3000
finish
add_up 'a trickle'
[ "$(wc -l <"$work/events")" = "$sent" ] || fail 'a trickle is not a line each'
jq -e -s 'all(.kind == "syn" and .flags == "S" and .interface == "flooded" and .direction == "in")' "$work/events" \
	>/dev/null || fail 'a SYN of the trickle is something else'

# Folded.
start
send 300000 200000
finish
add_up 'a flood'
[ "$(wc -l <"$work/events")" -lt $((sent / 2)) ] || fail 'a flood is not folded'

# The collector stands still for a while: the ring runs over, and that is told.
start
collector=$(pgrep -P "$(pgrep -P "$events")")
[ -n "$collector" ] || fail 'the collector is not found'
kill -STOP "$collector"
send 300000 300000
kill -CONT "$collector"
finish
add_up 'a ring that runs over'
[ "$dropped" -gt 0 ] || fail 'nothing was dropped by a collector that stood still'
