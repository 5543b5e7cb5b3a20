#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the captures in tests/golden/wire anew: every way that a connection can go (doc/design.md), by
# real stacks in two namespaces with a veth pair between. As root, by hand:
#	make tests/golden/converse && tests/golden/make_captures.sh BUILD-DIRECTORY [NAME…]
# Look at the difference of the *.events that tests/golden/wire.sh then tells before taking it over.
set -eu
builddir=$(cd "$1" && pwd)
shift
only=$*
to=$(cd "$(dirname "$0")" && pwd)/wire
server=swgolden-a
client=swgolden-b
work=$(mktemp -d)
capture=

[ "$(id -u)" = 0 ] || {
	echo 'needs root to make network namespaces'
	exit 77
}
for tool in ip nft tc tcpdump nsenter; do
	command -v $tool >/dev/null || {
		echo "needs $tool"
		exit 77
	}
done

cleanup() {
	status=$?
	[ -z "$capture" ] || kill "$capture" 2>/dev/null || :
	ip netns delete $server 2>/dev/null || :
	ip netns delete $client 2>/dev/null || :
	rm -rf "$work"
	exit $status
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP

in_ns() {
	ns=$1
	shift
	nsenter --net=/run/netns/"$ns" "$@"
}

# Fresh namespaces for each capture: no neighbours, no metrics, no TIME-WAIT of the previous one.
set_up() {
	ip netns delete $server 2>/dev/null || :
	ip netns delete $client 2>/dev/null || :
	ip netns add $server
	ip netns add $client
	ip -n $server link add eth0 type veth peer name eth0 netns $client
	for end in "$server 1" "$client 2"; do
		# shellcheck disable=SC2086
		set -- $end
		ip -n "$1" link set lo up
		ip -n "$1" link set eth0 up
		ip -n "$1" address add "10.97.0.$2/24" dev eth0
		ip -n "$1" address add "fd97::$2/64" dev eth0 nodad
	done
	# Both know each other before the capture begins.
	in_ns $client ping -q -c 1 10.97.0.1 >/dev/null 2>&1 || :
	in_ns $client ping -q -c 1 fd97::1 >/dev/null 2>&1 || :
}

start_capture() { # NAMESPACE TCPDUMP-OPTIONS…
	ns=$1
	shift
	: >"$work/tcpdump"
	nsenter --net=/run/netns/"$ns" tcpdump -Z root -n -s 128 -U --immediate-mode \
		-w "$work/capture.pcap" "$@" tcp 2>"$work/tcpdump" &
	capture=$!
	until grep -q listening "$work/tcpdump"; do sleep 0.05; done
}

end_capture() { # NAME
	sleep 0.3
	kill $capture
	wait $capture || :
	capture=
	cp "$work/capture.pcap" "$to/$1.pcap"
	echo "$1: $(tcpdump -r "$to/$1.pcap" 2>/dev/null | wc -l) packets"
}

drop() { # NAMESPACE RULE: at its entrance, behind the capture
	in_ns "$1" nft "add table inet lose; add chain inet lose in { type filter hook prerouting priority 0; }
		add rule inet lose in $2 drop"
}

# The client's packets wait for tokens, which two pings have used up.
delay() {
	in_ns $client tc qdisc add dev eth0 root tbf rate 2kbit burst 1600 limit 100000
	in_ns $client ping -q -c 1 -s 1400 10.97.0.1 >/dev/null
	in_ns $client ping -q -c 1 -s 400 -W 5 10.97.0.1 >/dev/null
}

# The arguments of one capture: NAME SCENARIO VERSION CAPTURE-OPTIONS…; $lost names the lost packets.
one() {
	name=$1
	scenario=$2
	version=$3
	shift 3
	case " ${only:-$name} " in *" $name "*) ;; *) return 0 ;; esac
	set_up
	[ -z "$lost" ] || eval "$lost"
	start_capture $client "$@"
	case $version in
	4) "$builddir/tests/golden/converse" $server 10.97.0.1 $client 10.97.0.2 "$scenario" ;;
	6) "$builddir/tests/golden/converse" $server fd97::1 $client fd97::2 "$scenario" ;;
	esac
	end_capture "$name"
	lost=
}

any='-i any -y LINUX_SLL2'
lost=
# shellcheck disable=SC2086
{
	one orderly orderly 4 $any
	one orderly-ethernet orderly 4 -i eth0
	one orderly-cooked orderly 4 -i any -y LINUX_SLL
	one orderly-ipv6 orderly 6 -i eth0
	one server-closes server-closes 4 $any
	one half-close half-close 6 $any
	one refused refused 4 $any
	one refused-ipv6 refused 6 $any
	one reset-by-client reset-by-client 4 $any
	one reset-by-server reset-by-server 4 $any
	one reset-unread reset-unread 4 $any
	one reset-late reset-late 6 $any
	lost="delay" one simultaneous-open simultaneous-open 4 $any
	lost="delay" one simultaneous-close simultaneous-close 4 $any
	lost="drop $server 'tcp flags & (syn | ack) == syn'" one timeout timeout 4 $any
	lost="drop $client 'tcp flags & (syn | ack) == (syn | ack)'" one half-open half-open 4 $any
	lost="drop $server 'tcp flags & (syn | ack) == syn limit rate 1/hour burst 1 packets'" \
		one lost-syn orderly 4 $any
	lost="drop $client 'tcp flags & (syn | ack) == (syn | ack) limit rate 1/hour burst 1 packets'" \
		one lost-syn-ack orderly 4 $any
	lost="drop $server 'tcp flags & fin == fin limit rate 1/hour burst 1 packets'" \
		one lost-fin orderly 4 $any
	lost="drop $client 'meta length > 1000 limit rate 1/hour burst 1 packets'" \
		one lost-data orderly 4 -i eth0
	lost="in_ns $client sysctl -qw net.ipv4.tcp_ecn=1" one ecn orderly 4 -i eth0
	one keepalive keepalive 4 -i eth0
	one zero-window zero-window 4 -i eth0
	one mptcp mptcp 4 -i eth0
	lost="for ns in $server $client; do in_ns \$ns sysctl -qw net.ipv4.tcp_fastopen=3; done" \
		one fast-open fast-open 4 -i eth0
}

# Tags by hand, into captures that are there already: not every kernel has VLAN devices.
# tag NAME FROM LINK-TYPE TYPE-AT TAGS-AT TAGS: the type at one byte becomes the first of TAGS (hexadecimal), the rest of
# them and then the type go in at the other, where IP begins. What a capture had cut, which are zeros, is made whole again.
tag() {
	case " ${only:-$1} " in *" $1 "*) ;; *) return 0 ;; esac
	tcpdump -n -tt -xx -r "$to/$2.pcap" 2>/dev/null | awk -v tags="$6" -v type_at="$4" -v at="$5" '
		function number(at,    i, sum) {
			for (i = 1; i <= 4; i++)
				sum = sum * 16 + index("0123456789abcdef", substr(bytes, at * 2 + i, 1)) - 1
			return sum
		}
		function flush(    type, line, i, end) {
			if (bytes == "") return
			end = at + (substr(bytes, at * 2 + 1, 1) == 4 ? number(at + 2) : 40 + number(at + 4))
			while (length(bytes) < end * 2) bytes = bytes "00"
			type = substr(bytes, type_at * 2 + 1, 4)
			bytes = substr(bytes, 1, type_at * 2) substr(tags, 1, 4) substr(bytes, type_at * 2 + 5)
			bytes = substr(bytes, 1, at * 2) substr(tags, 5) type substr(bytes, at * 2 + 1)
			line = "000000"
			for (i = 1; i < length(bytes); i += 2) line = line " " substr(bytes, i, 2)
			print stamp "\n" line
			bytes = ""
		}
		/^[0-9]/ { flush(); stamp = $1; next }
		{ for (i = 2; i <= NF; i++) bytes = bytes $i }
		END { flush() }' | text2pcap -q -F pcap -t %s.%f -l "$3" - "$to/$1.pcap" 2>/dev/null
	echo "$1: $(tcpdump -r "$to/$1.pcap" 2>/dev/null | wc -l) packets"
}
tag vlan orderly-ethernet 1 12 14 81000007
tag vlan-twice orderly-ipv6 1 12 14 88a8001381000007
tag vlan-cooked reset-late 276 0 20 81000fa0
