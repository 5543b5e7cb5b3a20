#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A flood of SYNs from invented addresses: packets sent are packets seen and packets dropped by the kernel, to the
# segment; lines and counted ones add up to what was seen; connections that were opened before it are known after
# it.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs netns-names
flood=$builddir/tests/bench/flood
other=sockwatch-flood-$$
cleanup_more() {
	ip netns del $other 2>/dev/null || :
}
ip netns add $other
# Their multicast reports have a hop-by-hop header, so the kernel's filter lets them through, or drops them.
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
nsenter --net=/run/netns/$other sysctl -qw net.ipv6.conf.default.disable_ipv6=1
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
	until_true 'the capture' captures 1
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

# send COUNT RATE [OPTION…]: sets sent to the number that arrived here.
send() {
	before=$(received)
	count=$1 rate=$2
	shift 2
	nsenter --net=/run/netns/$other "$flood" -n "$count" -r "$rate" "$@" sender 192.0.2.1 443 >"$work/flood" ||
		fail 'flood'
	came=$(($(received) - before))
	sent=$(cut -d' ' -f1 "$work/flood")
	[ $came -ge "$sent" ] || sent=$came
	[ "$sent" -gt 0 ] || fail 'nothing was sent'
}

# Sets seen and dropped, as events reported at its end, and counted: its lines and the SYNs that they count.
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

# Each SYN in a line of its own.
start dst_port 443
send 3000 3000
finish
add_up 'a trickle'
[ "$(wc -l <"$work/events")" = "$sent" ] || fail 'a trickle is not a line each'
jq -e -s 'all(.kind == "syn" and .flags == "S" and .interface == "flooded" and .direction == "in")' "$work/events" \
	>/dev/null || fail 'a SYN of the trickle is something else'

# Counted together: 5,000 in 100 ms are printed in full, so of more than 100,000 a second less than half.
start
send 300000 200000
finish
add_up 'a flood'
if awk '{ exit !($1 / $2 > 100000) }' "$work/flood"; then
	[ "$(wc -l <"$work/events")" -lt $((sent / 2)) ] || fail 'a flood is not folded'
else
	echo 'a flood: too slow here to be folded'
fi

# The collector is stopped for a while: the ring overruns, and that is reported.
start
collector=$(pgrep -P "$(pgrep -P "$events")")
[ -n "$collector" ] || fail 'the collector is not found'
kill -STOP "$collector"
send 300000 300000
kill -CONT "$collector"
finish
add_up 'a ring that runs over'
[ "$dropped" -gt 0 ] || fail 'nothing was dropped by a collector that stood still'

# A capture is opened anew, because its subscription changed, while its ring is full of what came before: what the new
# one does not have the old one passed on, or counts.
mkfifo "$work/orders" "$work/stream"
"$sockwatch" collect -d 0.1 <"$work/stream" >"$work/box.pcap" &
collector=$!
"$builddir/tests/netns/order" <"$work/orders" >"$work/stream" &
children="$children $collector $!"
exec 8>"$work/orders"
echo 'subscribe own data' >&8
until_true 'the capture' captures 1
total=0
for round in tunnels '' tunnels; do
	kill -STOP "$collector"
	send 20000 100000
	total=$((total + sent))
	echo "subscribe own data $round" >&8
	kill -CONT "$collector"
	send 100 1000 # it is opened soon after
done
exec 8>&-
wait "$collector" || fail "the collector ended with status $?"
"$builddir/tests/netns/order" "$work/box.pcap" | grep '^captured' >"$work/captured"
read -r _ seen dropped cut <"$work/captured"
echo "opened anew: sent $total and 300, seen $seen, dropped $dropped"
[ "$((seen + dropped))" -ge "$total" ] && [ "$((seen + dropped))" -le $((total + 300)) ] ||
	fail "opened anew: sent $total and at most 300, but seen and dropped are $seen and $dropped"
[ "$cut" = 0 ] || fail "$cut packets without payload were cut"

# Ten connections are opened before the flood and reset after it.
open_ten() {
	start_holder "$builddir/tests/bench/populate" 20 2
}

none_stands() {
	[ -z "$(ss -Htn state established)" ]
}

reset_ten() {
	exec 9>&-
	wait "$holder" || fail 'the connections could not be held'
	until_true 'the end of the connections' none_stands
}

# The lines of their end need what was seen of their beginning: the opener, and that they were established.
remembered() {
	jq -r 'select(.kind == "rst" and (.src_port == 9000 or .dst_port == 9000)) | .step' "$work/events" >"$work/steps"
	dropped=$(sed -n 's/.*; \([0-9]*\) dropped by the kernel$/\1/p' "$work/err")
	[ "$dropped" = 0 ] || {
		echo "$1: not judged, $dropped were dropped before anybody saw them"
		return 0
	}
	[ "$(wc -l <"$work/steps")" = 10 ] || fail "$1: $(wc -l <"$work/steps") of 10 connections were seen to end"
	[ "$(grep -cE '^reset by (client|server) without data$' "$work/steps")" = 10 ] || {
		sort "$work/steps" | uniq -c
		fail "$1: the flood pushed out what was known of connections"
	}
	echo "$1: 10 connections are remembered"
}

# Only their SYN and SYN-ACK were seen, and no refresh of the socket table confirms them.
start -d 3600
open_ten
send 40000 100000
reset_ten
finish
remembered 'a flood that nobody answers'

# Each SYN is answered: there are as many unconfirmed conversations as segments. The ACKs of the 200 were seen.
ip -n $other addr add 192.0.2.2/24 dev sender
ip route add 10.0.0.0/8 via 192.0.2.2
start -d 3600 --data
open_ten
send 100000 100000 -d "$(ip -j link show flooded | jq -r '.[0].address')"
reset_ten
finish
remembered 'a flood that is answered'
answers=$(sed -n 's/.* FIN, \([0-9]*\) RST.*/\1/p' "$work/err")
[ "$dropped" != 0 ] || [ "$answers" -gt 50000 ] || fail "the flood was not answered: $answers RST"
