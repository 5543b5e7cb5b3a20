#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every way that a connection can go, live: what events tells is what tshark reads of the same traffic, segment by
# segment, with its times; without --data it is SYN, FIN and RST; a router in between counts each once.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
for tool in nft ping tc tcpdump tshark; do
	command -v $tool >/dev/null || skip "needs $tool"
done
converse=$builddir/tests/golden/converse
client=sockwatch-ev-c-$$
server=sockwatch-ev-s-$$
cleanup_more() {
	ip netns del $client 2>/dev/null || :
	ip netns del $server 2>/dev/null || :
}
ip netns add $client
ip netns add $server
# This namespace is the router between the two.
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
connect() { # NAMESPACE NUMBER
	ip link add "to$2" type veth peer name eth0 netns "$1"
	ip addr add "10.98.$2.254/24" dev "to$2"
	ip addr add "fd98:$2::ff/64" dev "to$2" nodad
	ip link set "to$2" up
	ip -n "$1" link set lo up
	ip -n "$1" link set eth0 up
	ip -n "$1" addr add "10.98.$2.1/24" dev eth0
	ip -n "$1" addr add "fd98:$2::1/64" dev eth0 nodad
	ip -n "$1" addr add "10.98.$2.2/24" dev eth0
	ip -n "$1" route add default via "10.98.$2.254"
	ip -n "$1" -6 route add default via "fd98:$2::ff"
}
connect $client 1
connect $server 2

in_client() {
	nsenter --net=/run/netns/$client "$@"
}

# captures COMMAND COUNT: so many packet sockets are there, where the command runs.
captures() {
	[ "$("$1" cat /proc/net/packet | wc -l)" -gt "$2" ]
}

# Started by nsenter itself, not by a shell's function: the signals must reach them.
# start: one with data, one without, the router's, and tcpdump beside the first.
start() {
	nsenter --net=/run/netns/$client tcpdump -q -n -i any -y LINUX_SLL2 -s 128 -B 8192 -w "$work/truth.pcap" tcp 2>"$work/tcpdump" &
	tcpdump=$!
	nsenter --net=/run/netns/$client "$sockwatch" events -d 0.1 --json --data >"$work/all" 2>"$work/all.err" &
	all=$!
	nsenter --net=/run/netns/$client "$sockwatch" events -d 0.1 --json >"$work/flags" 2>"$work/flags.err" &
	flags=$!
	"$sockwatch" events --json --data >"$work/router" 2>"$work/router.err" &
	router=$!
	children="$children $tcpdump $all $flags $router"
	wait_for 'tcpdump' grep -q listening "$work/tcpdump"
	wait_for 'the captures of the client' captures in_client 3
	wait_for 'the capture of the router' captures env 1
}

finish() {
	for pid in $all $flags $router; do
		kill -INT "$pid"
		wait "$pid" || fail "events ended with status $?"
	done
	kill -TERM $tcpdump
	wait $tcpdump || fail "tcpdump ended with status $?"
	for run in all flags router; do
		grep -q '; 0 dropped by the kernel$' "$work/$run.err" || {
			cat "$work/$run.err"
			fail "$run: segments were dropped"
		}
	done
	grep -q '^0 packets dropped by kernel' "$work/tcpdump" || fail 'tcpdump dropped packets'
}

lose() { # NAMESPACE RULE: what matches is lost at its entrance, behind the capture
	nsenter --net="/run/netns/$1" nft "add table inet lose
		add chain inet lose in { type filter hook prerouting priority 0; }
		add rule inet lose in $2 drop"
}
find_again() {
	nsenter --net="/run/netns/$1" nft delete table inet lose
}
once='limit rate 1/hour burst 1 packets'

v4() {
	"$converse" $server 10.98.2.1 $client 10.98.1.1 "$1" || fail "converse $1"
}
v6() {
	"$converse" $server fd98:2::1 $client fd98:1::1 "$1" || fail "converse $1"
}

# tshark FILTER FIELD…: absolute numbers, tab between.
read_truth() {
	filter=$1
	shift
	for field; do
		set -- "$@" -e "$field"
		shift
	done
	tshark -n -o tcp.relative_sequence_numbers:FALSE -r "$work/truth.pcap" -T fields "$@" "$filter" 2>/dev/null
}

start
for scenario in orderly server-closes half-close refused reset-by-client reset-by-server reset-unread reset-late; do
	v4 $scenario
	v6 $scenario
done
lose $server "tcp flags & (syn | ack) == syn $once"
v4 orderly
find_again $server
lose $client "tcp flags & (syn | ack) == (syn | ack) $once"
v6 orderly
find_again $client
lose $server "tcp flags & fin == fin $once"
v4 orderly
find_again $server
# Both ends close, and each loses the other's first FIN: both were sent before one was heard.
lose $server "tcp flags & fin == fin $once"
lose $client "tcp flags & fin == fin $once"
v6 simultaneous-close
find_again $server
find_again $client
lose $client 'tcp flags & (syn | ack) == (syn | ack)'
v4 half-open
find_again $client
lose $server 'tcp flags & (syn | ack) == syn'
v6 timeout
find_again $server
v4 keepalive
# SYNs that cross: both wait in a queue behind echo requests. Addresses of which no TIME-WAIT is left.
queued() {
	nsenter --net="/run/netns/$1" tc -s qdisc show dev eth0 | grep -q 'backlog [1-9]'
}
for end in $client $server; do
	nsenter --net=/run/netns/$end tc qdisc add dev eth0 root tbf rate 8kbit burst 1600 limit 100000
done
nsenter --net=/run/netns/$client ping -q -l 7 -c 7 -s 300 10.98.1.254 >/dev/null &
children="$children $!"
nsenter --net=/run/netns/$server ping -q -l 7 -c 7 -s 300 10.98.2.254 >/dev/null &
children="$children $!"
wait_for 'the queue of the client' queued $client
wait_for 'the queue of the server' queued $server
"$converse" $server 10.98.2.2 $client 10.98.1.2 simultaneous-open || fail 'converse simultaneous-open'
finish

# Segment by segment. The router between has another card, so it shows nothing of its own.
fields='[.src_addr, .src_port, .dst_addr, .dst_port, .seq, .len, .win] | map(tostring) | join(" ")'
jq -r "$fields" "$work/all" | sort >"$work/ours"
read_truth tcp ip.src ipv6.src tcp.srcport ip.dst ipv6.dst tcp.dstport tcp.seq_raw tcp.len tcp.window_size_value |
	awk -F '\t' '{ print $1 $2, $3, $4 $5, $6, $7, $8, $9 }' | sort >"$work/truth"
same 'all segments, against tshark' "$work/truth" "$work/ours"
[ "$(wc -l <"$work/ours")" -gt 150 ] || fail "only $(wc -l <"$work/ours") segments"

# Their times, in microseconds of the day's beginning: both stamps are the kernel's.
jq -r '.time | split("T")[1] | split(":") as [$h, $m, $s] |
	(($h | tonumber) * 3600 + ($m | tonumber) * 60) * 1000000 + ($s | split("+")[0] | tonumber) * 1000000' \
	"$work/all" | sort -n >"$work/ours"
read_truth tcp frame.time_epoch | awk '{ split($1, t, "."); printf "%.3f\n", t[1] % 86400 * 1000000 + t[2] / 1000 }' |
	sort -n >"$work/truth"
paste "$work/truth" "$work/ours" | awk '
	{ apart = $1 - $2; if (apart < 0) apart = -apart; if (apart > most) most = apart }
	END { print "times are at most " most + 0 " us apart"; exit most > 20 }' || fail 'the times differ by more than 20 us'

# Without --data: exactly SYN, FIN and RST, and the counts of the summary.
jq -r '[.src_addr, .src_port, .dst_addr, .dst_port, .seq, .flags] | map(tostring) | join(" ")' "$work/flags" |
	sort >"$work/ours"
jq -r 'select(.flags | test("[SFR]")) |
	[.src_addr, .src_port, .dst_addr, .dst_port, .seq, .flags] | map(tostring) | join(" ")' "$work/all" |
	sort >"$work/truth"
same 'SYN, FIN and RST' "$work/truth" "$work/ours"
count() {
	read_truth "$1" frame.number | wc -l
}
syn=$(count 'tcp.flags.syn == 1 && tcp.flags.ack == 0')
syn_ack=$(count 'tcp.flags.syn == 1 && tcp.flags.ack == 1')
fin=$(count 'tcp.flags.fin == 1')
rst=$(count 'tcp.flags.reset == 1')
for run in all flags router; do
	grep -q "segments: $syn SYN, $syn_ack SYN-ACK, $fin FIN, $rst RST" "$work/$run.err" || {
		cat "$work/$run.err"
		fail "$run: tshark counts $syn SYN, $syn_ack SYN-ACK, $fin FIN, $rst RST"
	}
done
# What was lost at an entrance passed the router: there each is seen twice, coming and going, and counted once.
jq -r "$fields" "$work/router" | sort >"$work/ours"
jq -r "$fields" "$work/all" | sort >"$work/truth"
same 'the router, against the client' "$work/truth" "$work/ours"
grep -q ' seen twice and counted once' "$work/router.err" || fail 'the router saw nothing twice'

# What they meant.
has() { # COUNT KIND WORDS
	found=$(jq -s --arg kind "$2" --arg words "$3" \
		'map(select(.kind == $kind and ((.step // "") | test($words)))) | length' "$work/all")
	[ "$found" -ge "$1" ] || {
		jq -r '[.kind, .flags, .step // ""] | join("  ")' "$work/all" | sort | uniq -c
		fail "$found of $1 $2 \"$3\""
	}
}
has 2 refused '^refused$'
has 4 rst '^reset by us'
has 4 rst '^reset by peer'
has 3 retransmit '^SYN again'
has 1 retransmit '^SYN-ACK again'
has 3 retransmit '^FIN again'
has 1 fin-ack '^closed by both at once'
has 1 simultaneous-syn '^simultaneous open'
has 2 keepalive ''
has 12 handshake-done '^established in '
jq -e -s 'any(.process == "converse")' "$work/all" >/dev/null || fail 'no event has its process'
