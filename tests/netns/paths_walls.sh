#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Paths that end, turn back, are narrow, part or change: firewalls that reject and that drop, a loop, a small MTU,
# two equal ways, a change of way during the probing.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs nft
chain 5

# wall RULE…: node 3 forwards nothing of ours.
wall() {
	at 3 nft "add table inet lab
		add chain inet lab way { type filter hook forward priority 0; }
		add rule inet lab way iifname r3 $*"
}
unwall() {
	at 3 nft delete table inet lab
}

for target in "$target4" "$target6"; do
	[ "$target" = "$target4" ] && router=10.9.3.2 words='administratively prohibited' || {
		router=fd09:3::2
		words='administratively prohibited'
	}
	for method in --icmp --udp --tcp=81; do
		wall reject with icmpx type admin-prohibited
		check_hops "rejected, $method $target" 'length == 4 and .[3].addrs == ["'$router'"] and .[3].verdict == "prohibited" and
			(.[3].error | contains("'"$words"'")) and all(.[:3][]; .verdict == null and .loss_pct == 0)' $method -c 2 -i 0.2 "$target"
		unwall
		wall drop
		check_hops "dropped, $method $target" 'length == 4 and all(.[:3][]; .verdict == null and .loss_pct == 0) and
			(.[3] | .ttl == 4 and .loss_pct == 100 and .addrs == null and .verdict == "no answer from here on")' $method -c 2 -i 0.2 --timeout 0.5 "$target"
		unwall
	done
	at 0 "$sockwatch" probe --report -n -c 1 "$target" >"$work/text"
	grep -q 'target has not answered' "$work/text" && fail "the target answered, and is said not to: $target"
	wall drop
	at 0 "$sockwatch" probe --report -n -c 1 --timeout 0.5 "$target" >"$work/text" && fail "a target that does not answer: status 0"
	grep -q 'target has not answered' "$work/text" || fail "it is not said that the target does not answer: $target"
	unwall
done

# Node 3 sends packets for the target back.
at 3 ip route add 10.9.5.2/32 via 10.9.3.1
at 3 ip -6 route add fd09:5::2/128 via fd09:3::1
for target in "$target4" "$target6"; do
	check_hops "loop, $target" 'length == 8 and .[4].addrs == .[2].addrs and .[4].verdict == "loop" and all(.[:3][]; .verdict == null)' \
		-c 2 -i 0.2 --max-ttl 8 "$target"
done
at 3 ip route del 10.9.5.2/32
at 3 ip -6 route del fd09:5::2/128

# A narrow link after node 3: its place is shown, and the rest of the path is seen all the same.
at 3 ip link set l4 mtu 1400
at 4 ip link set r4 mtu 1400
for target in "$target4" "$target6"; do
	for method in --icmp --udp; do
		check_hops "narrow, $method $target" 'length == 5 and .[2].mtu == 1400 and all(.loss_pct == 0) and all(.[0, 1, 3, 4]; .mtu == null)' \
			$method --mtu --size 1440 -c 4 -i 0.2 "$target"
	done
	at 0 "$sockwatch" probe --report -n -c 2 -i 0.2 --mtu --size 1440 "$target" >"$work/text"
	grep -q '^path MTU 1400$' "$work/text" || fail "the MTU of the path is not shown: $target"
	at 0 ip route flush cache
	at 0 ip -6 route flush cache
	# Without a size it begins with the largest packet.
	for method in --icmp --udp; do
		at 0 "$sockwatch" probe --report -n -c 4 -i 0.2 --mtu $method "$target" >"$work/text"
		grep -q '^path MTU 1400$' "$work/text" || {
			cat "$work/text"
			fail "the MTU of the path is not found: $method $target"
		}
		at 0 ip route flush cache
		at 0 ip -6 route flush cache
	done
done
# Without a size it is searched, and the routers say what they take; or not, as their words are filtered.
for words in yes no; do
	for target in "$target4" "$target6"; do
		probe_json --mtu -c 1 "$target" >"$work/json"
		jq -e -s '[.[] | select(has("ttl"))] as $hops | [.[] | select(has("reached"))][0].mtu == 1400 and ($hops | length == 5) and
			$hops[2].mtu == '"$([ $words = yes ] && echo 1400 || echo null)"' and ($hops | all(.loss_pct == 0))' "$work/json" >"$work/out" || {
			cat "$work/json"
			fail "search for the MTU, $target, routers speak: $words"
		}
		at 0 ip route flush cache
		at 0 ip -6 route flush cache
	done
	[ $words = no ] || at 3 nft 'add table inet lab
		add chain inet lab out { type filter hook output priority 0; }
		add rule inet lab out icmp type destination-unreachable drop
		add rule inet lab out icmpv6 type packet-too-big drop'
done
at 3 nft delete table inet lab
at 3 ip link set l4 mtu 1500
at 4 ip link set r4 mtu 1500

# A second router b between 2 and 4, as near as 3. Linux hashes ports when policy 3 is set: the packet's own.
node b
link 2 b 8
link b 4 9
at b ip route add 10.9.5.0/24 via 10.9.9.2
at b ip -6 route add fd09:5::/64 via fd09:9::2
at b ip route add 10.9.1.0/24 via 10.9.8.1
at b ip -6 route add fd09:1::/64 via fd09:8::1
at 2 sh -c 'echo 3 >/proc/sys/net/ipv4/fib_multipath_hash_policy && echo 0x37 >/proc/sys/net/ipv4/fib_multipath_hash_fields &&
	echo 3 >/proc/sys/net/ipv6/fib_multipath_hash_policy && echo 0x37 >/proc/sys/net/ipv6/fib_multipath_hash_fields'
at 2 ip route add 10.9.5.0/24 nexthop via 10.9.3.2 nexthop via 10.9.8.2
at 2 ip -6 route add fd09:5::/64 nexthop via fd09:3::2 nexthop via fd09:8::2
for target in "$target4" "$target6"; do
	[ "$target" = "$target4" ] && ways='["10.9.3.2","10.9.8.2"]' || ways='["fd09:3::2","fd09:8::2"]'
	for method in --udp --tcp=81; do
		check_hops "one flow, $method $target" 'length == 5 and (.[2].addrs | length == 1) and .[2].received == .[2].sent and .[2].sent > 1' $method -c 6 -i 0.2 "$target"
		# All of 12 flows go one way with a chance of 1 in 2,048.
		check_hops "12 flows, $method $target" 'length == 5 and (.[2].addrs | sort) == '$ways' and (.[1].addrs | length == 1)' \
			$method --flows 12 -c 10 -i 0.2 --router-rate 100 "$target"
	done
done

# As most routers do it: IPv6 by the flow label, whatever the protocol.
at 2 sh -c 'echo 0 >/proc/sys/net/ipv6/fib_multipath_hash_policy'
for how in 'at 0:--icmp' 'at 0:--udp' 'at 0:--tcp=81' 'as_nobody:--tcp=81'; do
	${how%:*} "$sockwatch" probe --json -n ${how#*:} -c 6 -i 0.2 --router-rate 100 "$target6" >"$work/json"
	jq -e -s '[.[] | select(.ttl)] | length == 5 and (.[2].addrs | length == 1)' "$work/json" >"$work/out" || fail "one flow by its label, $how"
	${how%:*} "$sockwatch" probe --json -n ${how#*:} --flows 12 -c 6 -i 0.5 --router-rate 100 "$target6" >"$work/json"
	jq -e -s '[.[] | select(.ttl)] | length == 5 and (.[2].addrs | sort) == ["fd09:3::2","fd09:8::2"]' "$work/json" >"$work/out" || {
		cat "$work/json"
		fail "12 flows by their labels, $how"
	}
done

# A router that chooses a way for each packet: that is no path that changes.
at 2 nft 'add table inet lab
	add chain inet lab pre { type filter hook prerouting priority -300; }
	add rule inet lab pre iifname r2 meta mark set numgen inc mod 3'
at 2 ip rule add fwmark 1 lookup 77
at 2 ip route add 10.9.5.0/24 via 10.9.8.2 table 77
at 2 ip route replace 10.9.5.0/24 via 10.9.3.2
at 0 "$sockwatch" probe --report -n -c 40 -i 0.1 --router-rate 100 --udp "$target4" >"$work/text"
at 2 nft delete table inet lab
grep -Eq '3\.\|-- 10\.9\.[38]\.2 .*one router or another, packet by packet' "$work/text" && ! grep -q 'the path changed' "$work/text" || {
	cat "$work/text"
	fail 'a way per packet is taken for changes of the path'
}

# The way changes while it is probed: the change is shown with its time.
at 2 ip route replace 10.9.5.0/24 via 10.9.3.2
(sleep 1; at 2 ip route replace 10.9.5.0/24 via 10.9.8.2) &
at 0 "$sockwatch" probe --report -n -c 12 -i 0.2 --router-rate 20 "$target4" >"$work/text"
wait $!
grep -Eq 'path changed ([2-9][0-9]* times, last )?at [0-9:]{8}: hop [34] from 10\.9\.[34]\.2 to 10\.9\.[89]\.2' "$work/text" || {
	cat "$work/text"
	fail 'the change of the path is not shown'
}
