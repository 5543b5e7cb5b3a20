#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Where a path ends and how its end answers: a host that is down, targets that answer as a router does, from another
# address or with a small time to live; a first router that has the target's address.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs nft traceroute
chain 4
sysctl_at 0 net/ipv4/ping_group_range '65534 65534'

# hops WHAT FILTER COMMAND…: the filter sees the rows of hops as .hops, and the row of the path as .path.
hops() {
	what=$1
	filter=$2
	shift 2
	"$@" >"$work/json" || :
	jq -e -s '{hops: map(select(has("ttl"))), path: (map(select(has("reached")))[0])} | '"$filter" "$work/json" >"$work/out" || {
		cat "$work/json"
		fail "$what: $filter"
	}
}

# rewrite NODE RULE…: changes what the node sends.
rewrite() {
	node=$1
	shift
	nsenter --net="/run/netns/$lab-$node" nft 'add table inet lab
		add chain inet lab pre { type filter hook prerouting priority -300; }
		add chain inet lab out { type filter hook output priority 0; }'
	for rule in "$@"; do
		nsenter --net="/run/netns/$lab-$node" nft "add rule inet lab $rule"
	done
}
unrewrite() {
	nsenter --net="/run/netns/$lab-$1" nft delete table inet lab
}

# From another address. Only UDP cannot tell it from a firewall.
rewrite 4 'out icmp type { echo-reply, destination-unreachable } ip saddr set 10.9.77.7' \
	'out icmpv6 type { echo-reply, destination-unreachable } ip6 saddr set fd09:77::7'
for target in "$target4" "$target6"; do
	[ "$target" = "$target4" ] && other=10.9.77.7 || other=fd09:77::7
	for as in 'at 0' as_nobody; do
		hops "echo from another address, $as $target" '.path.reached and .path.answer == "echo" and .path.answered_by == "'$other'" and
			(.hops | length == 4 and .[3].addrs == ["'$other'"] and .[3].loss_pct == 0) and
			(.path.notes | any(test("the target answers from another address, '$other'")))' \
			$as "$sockwatch" probe --json -n -c 2 -i 0.2 "$target"
		hops "UDP from another address, $as $target" '.path.reached and .path.answer == "port-unreachable" and
			(.hops | length == 4 and .[3].addrs == ["'$other'"]) and
			(.path.notes | any(test("port unreachable from '$other': another address of the target, or a router")))' \
			$as "$sockwatch" probe --json -n -c 2 -i 0.2 --udp "$target"
	done
done
unrewrite 4

# As a router: node 3 plays a target that only says "time exceeded".
rewrite 3 'pre ip daddr 10.9.4.2 ip ttl set 1' 'pre ip6 daddr fd09:4::2 ip6 hoplimit set 1' \
	'out icmp type time-exceeded ip saddr set 10.9.4.2' 'out icmpv6 type time-exceeded ip6 saddr set fd09:4::2'
for target in "$target4" "$target6"; do
	for method in --icmp --udp --tcp=81; do
		hops "time exceeded only, $method $target" '.path.reached and .path.answer == "time-exceeded" and
			(.hops | length == 3 and .[2].addrs == ["'"$target"'"] and all(.verdict == null)) and
			(.path.notes | any(test("answers with \"time exceeded\" only")))' \
			at 0 "$sockwatch" probe --json -n -c 2 -i 0.2 $method "$target"
	done
done
unrewrite 3

# A gateway with the target's address.
rewrite 1 'out icmp type time-exceeded ip saddr set 10.9.4.2' 'out icmpv6 type time-exceeded ip6 saddr set fd09:4::2'
for target in "$target4" "$target6"; do
	for method in --icmp --udp --tcp=81; do
		hops "the target's address at hop 1, $method $target" '.path.reached and .path.answer != "time-exceeded" and
			(.hops | length == 4 and .[0].addrs == ["'"$target"'"] and .[3].addrs == ["'"$target"'"] and all(.verdict == null))' \
			at 0 "$sockwatch" probe --json -n -c 2 -i 0.2 $method "$target"
	done
done
unrewrite 1

# Answers that begin with ttl 32, and with 60, from which only a guess is possible.
for first in 32 60; do
	rewrite 4 "out icmp type echo-reply ip ttl set $first"
	at 0 "$sockwatch" probe --report -n -c 1 "$target4" >"$work/text"
	grep 'return path' "$work/text" >"$work/out" || :
	[ $first = 60 ] || [ ! -s "$work/out" ] || fail 'ttl 32: it is taken for another length of the return path'
	[ $first = 32 ] || grep -q 'the return path may have another length: 8 hops if the answers begin with ttl 64, not 4' "$work/out" ||
		fail 'ttl 60: the guess is not told as one'
	unrewrite 4
done

# The host is down: the last router says so when its search of the neighbour is over.
at 4 ip link set r4 arp off
at 4 ip addr flush dev r4
for target in "$target4" "$target6"; do
	[ "$target" = "$target4" ] && by=10.9.3.2 || by=fd09:3::2
	at 3 ip neigh flush dev l4
	at 0 traceroute -n -q 1 -m 4 "$target" >"$work/traceroute"
	grep -Eq "^ 4  $by .*!H" "$work/traceroute" || {
		cat "$work/traceroute"
		fail "traceroute does not say !H: $target"
	}
	for how in '--icmp -c 1' '--udp -c 3 -i 0.5' '--tcp=81 -c 1'; do
		hops "down, $how $target" '(.path.reached | not) and .path.answer == "unreachable" and
			(.hops | length == 4 and .[3].addrs == ["'$by'"] and .[3].verdict == "unreachable" and .[3].last_us == null) and
			(.path.verdict | test("unreachable by '$by', hop 4 \\(!H\\)$"))' \
			at 0 "$sockwatch" probe --json -n $how "$target"
	done
	hops "down, by connect(), $target" '(.path.reached | not) and (.hops | length == 4 and .[3].addrs == ["'$by'"] and .[3].verdict == "unreachable")' \
		as_nobody "$sockwatch" probe --json -n --tcp=81 -c 1 "$target"
done
hops 'a neighbour that is not there' '(.path.reached | not) and (.path.verdict | test("host unreachable, says this host \\(!H\\)"))' \
	at 0 "$sockwatch" probe --json -n -c 1 10.9.1.99
