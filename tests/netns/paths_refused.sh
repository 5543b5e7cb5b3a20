#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Refusals in words: every code by which a firewall rejects, and routes that lead nowhere, with their reason; also
# where traceroute sees them too.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs nft traceroute
chain 5

# reject FAMILY TYPE VERDICT WORDS: node 3 rejects in this way; its answer comes at ttl 4.
reject() {
	at 3 nft "add table inet lab
		add chain inet lab way { type filter hook forward priority 0; }
		add rule inet lab way iifname r3 reject with $1 type $2"
	if [ "$1" = icmp ]; then
		target=$target4 router=10.9.3.2
	else
		target=$target6 router=fd09:3::2
	fi
	for method in --icmp --udp --tcp=81; do
		check_hops "$1 $2, $method" 'length == 4 and .[3].addrs == ["'$router'"] and .[3].error == "'"$4"'" and .[3].verdict == "'"$3"'" and
			all(.[:3][]; .verdict == null and .error == null)' $method -c 1 "$target"
	done
	hops_of "$work/json" >"$work/ours"
	at 0 traceroute -n -q 1 -w 1 "$target" | sed -n 's/^ *\([0-9][0-9]*\)  \([0-9a-f.:]*\) .*/\1 \2/p' >"$work/traceroute"
	same "$1 $2: sockwatch against traceroute" "$work/traceroute" "$work/ours"
	at 3 nft delete table inet lab
}
reject icmp net-unreachable unreachable 'network unreachable'
reject icmp host-unreachable unreachable 'host unreachable'
reject icmp prot-unreachable unreachable 'protocol unreachable'
reject icmp port-unreachable unreachable 'port unreachable'
reject icmp net-prohibited prohibited 'network administratively prohibited'
reject icmp host-prohibited prohibited 'host administratively prohibited'
reject icmp admin-prohibited prohibited 'administratively prohibited'
reject icmpv6 no-route unreachable 'no route'
reject icmpv6 admin-prohibited prohibited 'administratively prohibited'
reject icmpv6 addr-unreachable unreachable 'address unreachable'
reject icmpv6 port-unreachable unreachable 'port unreachable'
reject icmpv6 policy-fail prohibited 'source address failed policy'
reject icmpv6 reject-route unreachable 'reject route'

# A firewall that answers with the target's address: only its distance shows where it stands.
at 3 nft 'add table inet lab
	add chain inet lab way { type filter hook forward priority 0; }
	add rule inet lab way iifname r3 meta l4proto tcp reject with tcp reset'
for target in "$target4" "$target6"; do
	check_hops "reset, $target" 'length == 4 and .[3].addrs == ["'"$target"'"] and .[3].received == 1' --tcp=81 -c 1 "$target"
done
at 3 nft delete table inet lab

# Routes. Linux answers for them only at a low rate for each source, so each time another source asks.
source=20
# route KIND VERDICT WORDS4 WORDS6
route() {
	at 2 ip route add "$1" 10.9.5.0/24
	at 2 ip -6 route add "$1" fd09:5::/64
	source=$((source + 1))
	at 0 ip addr add "10.9.1.$source/24" dev l1
	check_hops "route $1" 'length == 2 and .[1].addrs == ["10.9.2.2"] and .[1].error == "'"$3"'" and .[1].verdict == "'"$2"'"' \
		-c 1 --source "10.9.1.$source" "$target4"
	check_hops "route $1, IPv6" 'length == 2 and .[1].addrs == ["fd09:2::2"] and .[1].error == "'"$4"'" and .[1].verdict == "'"$2"'"' \
		-c 1 "$target6"
	at 2 ip route del "$1" 10.9.5.0/24
	at 2 ip -6 route del "$1" fd09:5::/64
}
route unreachable unreachable 'host unreachable' 'no route'
route throw unreachable 'network unreachable' 'no route'
route prohibit prohibited 'administratively prohibited' 'administratively prohibited'

# With Linux's default limits too, also for a source that has just used them up: the hop is the right one, not one
# farther.
for n in 1 2 3 4 5; do
	sysctl_at $n net/ipv4/icmp_ratelimit 1000
	sysctl_at $n net/ipv6/icmp/ratelimit 1000
done
at 2 ip route add prohibit 10.9.5.0/24
# A source whose allowance was not counted while there was no limit.
at 0 ip addr add 10.9.1.11/24 dev l1
for run in 1 2; do
	check_hops "a route that prohibits, limited, run $run" 'length == 2 and .[1].addrs == ["10.9.2.2"] and .[1].verdict == "prohibited" and
		.[0].verdict == null' -c 8 -i 1 --source 10.9.1.11 "$target4"
done
at 2 ip route replace blackhole 10.9.5.0/24
at 2 ip route del prohibit 10.9.5.0/24 2>/dev/null || :
at 0 "$sockwatch" probe --report -n -c 1 --timeout 0.5 "$target4" >"$work/text" && fail 'a black hole: status 0'
grep -q 'the target has not answered' "$work/text" || fail 'a black hole: it is not said that the target does not answer'
