#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every course of a connection, live: events shows the segments that tshark reads of the same traffic, with their
# times; without --data it shows SYN, FIN and RST; a router in between, which is a bridge too, counts each segment
# once. The handshakes' times equal tshark's, over a path with a delay too.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs nft ping tc tcpdump tshark netns-names tun
converse=$builddir/tests/golden/converse
router_netns=sockwatch-ev-r-$$
client=sockwatch-ev-c-$$
server=sockwatch-ev-s-$$
cleanup_more() {
	for name in $router_netns $client $server; do
		ip netns del $name 2>/dev/null || :
	done
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

# It is also a bridge between other interfaces of theirs.
ip link add bridge type bridge 2>/dev/null || skip 'this kernel has no bridges'
ip link set bridge up
bridge() { # NAMESPACE NUMBER
	ip link add "port$2" type veth peer name eth1 netns "$1"
	ip link set "port$2" master bridge
	ip link set "port$2" up
	ip -n "$1" link set eth1 up
	ip -n "$1" addr add "10.98.3.$2/24" dev eth1
}
bridge $client 1
bridge $server 2

# The router reaches the server also by a link with a delay, for addresses of their own.
ip netns attach $router_netns $$
mkfifo "$work/end"
"$builddir/tests/netns/delay" 7 $router_netns far $server far <"$work/end" >"$work/delay" &
children="$children $!"
exec 8>"$work/end"
until_true 'the line' grep -q ready "$work/delay"
ip link set far up
ip -n $server link set far up
ip -n $client addr add 10.98.1.3/24 dev eth0
ip -n $client addr add fd98:1::3/64 dev eth0 nodad
ip -n $server addr add 10.98.4.1/32 dev far
ip -n $server addr add fd98:4::1/128 dev far nodad
ip -n $server route add 10.98.1.3 dev far
ip -n $server -6 route add fd98:1::3 dev far
ip route add 10.98.4.1 dev far
ip -6 route add fd98:4::1 dev far

in_client() {
	nsenter --net=/run/netns/$client "$@"
}

# Started by nsenter itself, not by a shell's function: the signals must reach them.
# start: one with data, one without, the router's, and tcpdump beside the first.
start() {
	nsenter --net=/run/netns/$client tcpdump -q -n -i any -y LINUX_SLL2 --time-stamp-precision=nano -s 128 -B 8192 -w "$work/truth.pcap" tcp 2>"$work/tcpdump" &
	tcpdump=$!
	nsenter --net=/run/netns/$client "$sockwatch" events -d 0.1 --json --data >"$work/all" 2>"$work/all.err" &
	all=$!
	nsenter --net=/run/netns/$client "$sockwatch" events -d 0.1 --json >"$work/flags" 2>"$work/flags.err" &
	flags=$!
	"$sockwatch" events --json --data >"$work/router" 2>"$work/router.err" &
	router=$!
	children="$children $tcpdump $all $flags $router"
	until_true 'tcpdump' grep -q listening "$work/tcpdump"
	until_true 'the captures of the client' captures 3 in_client
	until_true 'the capture of the router' captures 1
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

# tshark FILTER FIELD…: absolute numbers, separated by tabs; what is true or false as 1 or 0, as tshark before 4.4
# has it.
read_truth() {
	filter=$1
	shift
	for field; do
		set -- "$@" -e "$field"
		shift
	done
	tshark -n -o tcp.relative_sequence_numbers:FALSE -r "$work/truth.pcap" -T fields "$@" "$filter" 2>/dev/null |
		awk -F '\t' -v OFS='\t' '{
			for (i = 1; i <= NF; i++) $i = $i == "True" ? 1 : $i == "False" ? 0 : $i
			print
		}'
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
v6 vanish
"$converse" $server 10.98.4.1 $client 10.98.1.3 many || fail 'converse many'
"$converse" $server fd98:4::1 $client fd98:1::3 many || fail 'converse many over IPv6'
for scenario in orderly refused reset-by-server; do
	"$converse" $server 10.98.3.2 $client 10.98.3.1 $scenario || fail "converse $scenario over the bridge"
done
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
until_true 'the queue of the client' queued $client
until_true 'the queue of the server' queued $server
"$converse" $server 10.98.2.2 $client 10.98.1.2 simultaneous-open || fail 'converse simultaneous-open'
finish

# Segment by segment. The router in between uses another interface, so it adds nothing.
fields='[.src_addr, .src_port, .dst_addr, .dst_port, .seq, .len, .win] | map(tostring) | join(" ")'
jq -r "$fields" "$work/all" | sort >"$work/ours"
read_truth tcp ip.src ipv6.src tcp.srcport ip.dst ipv6.dst tcp.dstport tcp.seq_raw tcp.len tcp.window_size_value |
	awk -F '\t' '{ print $1 $2, $3, $4 $5, $6, $7, $8, $9 }' | sort >"$work/truth"
same 'all segments, against tshark' "$work/truth" "$work/ours"
[ "$(wc -l <"$work/ours")" -gt 150 ] || fail "only $(wc -l <"$work/ours") segments"

# within WHAT: pairs of microseconds on standard input differ by 20 at most. Each capture stamps what comes in
# over veth when it reads it; the machine may do something else between two, so one pair in twenty may differ by
# more.
within() {
	what=$1
	awk -v what="$what" '
		{ apart = $1 > $2 ? $1 - $2 : $2 - $1; if (apart > most) most = apart; if (apart > 20) wrong++ }
		END {
			printf "%s: %d, at most %.3f us apart, %d by more than 20 us\n", what, NR, most, wrong
			exit NR == 0 || wrong * 20 > NR
		}' || fail "$what are not those of tshark"
}

# Their times, in microseconds since the day began.
jq -r '.time | split("T")[1] | split(":") as [$h, $m, $s] |
	(($h | tonumber) * 3600 + ($m | tonumber) * 60) * 1000000 + ($s | split("+")[0] | tonumber) * 1000000' \
	"$work/all" | sort -n >"$work/ours"
read_truth tcp frame.time_epoch | awk '{ split($1, t, "."); printf "%.3f\n", t[1] % 86400 * 1000000 + t[2] / 1000 }' |
	sort -n | paste - "$work/ours" | within 'times of segments'

# The handshakes: from the last SYN to the SYN-ACK, and from there to the ACK, as tshark has them. Ports are used
# again, initial sequence numbers are not. The table of sockets, which shows an established connection, must not
# replace the ACK's time.
read_truth tcp tcp.flags.syn tcp.flags.ack tcp.flags.reset tcp.seq_raw tcp.ack_raw frame.time_epoch \
	ip.src ipv6.src tcp.srcport ip.dst ipv6.dst tcp.dstport | awk -F '\t' '
	function us(from, to,    a, b) {
		split(from, a, ".")
		split(to, b, ".")
		return (b[1] - a[1]) * 1000000 + (b[2] - a[2]) / 1000
	}
	{
		from = $7 $8 " " $9
		to = $10 $11 " " $12
		there = from " " to
		back = to " " from
	}
	$1 && !$2 {
		if (isn[there] != $4) delete syn_ack[there]
		syn[there] = $6
		isn[there] = $4
	}
	# Simultaneous opens have no such parts.
	$1 && $2 && back in syn && !(there in syn) && $5 == isn[back] + 1 && !(back in syn_ack) {
		first[back] = us(syn[back], $6)
		syn_ack[back] = $6
		answer[back] = $4
	}
	!$1 && $2 && !$3 && there in syn_ack && $5 > answer[there] {
		printf "%s %s %.3f %.3f\n", there, isn[there], first[there], us(syn_ack[there], $6)
		delete syn[there]
		delete syn_ack[there]
	}' | sort >"$work/truth"
whose='([.src_addr, .src_port, .dst_addr, .dst_port, .seq - .relative_seq] | map(tostring) | join(" "))'
jq -r "select(.kind == \"handshake-done\" and .ack_us) | $whose + \" \(.syn_ack_us) \(.ack_us)\"" "$work/all" |
	sort >"$work/ours"
cut -d' ' -f1-5 "$work/truth" >"$work/whose"
cut -d' ' -f1-5 "$work/ours" >"$work/ours.whose"
same 'which handshakes were completed' "$work/whose" "$work/ours.whose"
[ "$(wc -l <"$work/truth")" -ge 65 ] || fail "only $(wc -l <"$work/truth") handshakes"
[ "$(awk '$1 ~ /^(10.98.1.3|fd98:1::3)$/ && $6 >= 14000' "$work/truth" | wc -l)" = 48 ] || fail 'the line has no delay'
paste -d' ' "$work/truth" "$work/ours" | cut -d' ' -f6,13 | within 'times from SYN to SYN-ACK'
paste -d' ' "$work/truth" "$work/ours" | cut -d' ' -f7,14 | within 'times from SYN-ACK to ACK'
# Without --data the SYN-ACK shows its part.
jq -r 'select(.kind == "syn-ack" and .syn_ack_us) | ([.dst_addr, .dst_port, .src_addr, .src_port, .ack - 1] |
	map(tostring) | join(",")) + " \(.syn_ack_us)"' "$work/flags" | sort >"$work/ours"
sed 's/ /,/; s/ /,/; s/ /,/; s/ /,/' "$work/truth" | sort | join - "$work/ours" >"$work/both"
[ "$(wc -l <"$work/both")" = "$(wc -l <"$work/truth")" ] || fail 'not every SYN-ACK tells its part'
cut -d' ' -f2,4 "$work/both" | within 'times from SYN to SYN-ACK without --data'

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
# The router saw what was lost at an entrance: each segment twice, coming and going, and it is counted once.
jq -r "$fields" "$work/router" | sort >"$work/ours"
jq -r "$fields" "$work/all" | sort >"$work/truth"
same 'the router, against the client' "$work/truth" "$work/ours"
grep -q ' seen twice and counted once' "$work/router.err" || fail 'the router saw nothing twice'

# The meaning of the segments.
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
