#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Routers report MPLS labels in their ICMP errors, by every method, with and without rights; and they may quote as
# little as eight bytes of the dropped packet.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs nft
chain 4
at 2 nft 'add table inet lab
	add chain inet lab out { type filter hook output priority 0; }
	add rule inet lab out icmp type time-exceeded ip length < 150 drop
	add rule inet lab out icmpv6 type time-exceeded ip6 length < 150 drop'
start_holder "$builddir/tests/netns/mpls" "$lab-2" r2

labels='["label=16000 tc=2 s=0 ttl=1","label=17001 tc=0 s=1 ttl=255"]'
check_labels() {
	for target in "$target4" "$target6"; do
		for method in --icmp --udp --tcp=81; do
			for as in 'at 0' as_nobody; do
				$as "$sockwatch" probe --json -n $method -c 2 -i 0.2 --router-rate 10 "$target" >"$work/json"
				jq -e -s 'map(select(.ttl)) | length == 4 and .[1].mpls == '"$labels"' and all(.[0, 2, 3]; .mpls == null) and
					all(.received == .sent and .sent > 0)' "$work/json" >"$work/out" || {
					cat "$work/json"
					fail "$as $method $target: labels"
				}
			done
		done
	done
}
check_labels
at 0 "$sockwatch" probe --report -n -c 1 "$target4" | grep -q '^    |  +-- \[MPLS: Lbl 16000 TC 2 S 0 TTL 1\]$' ||
	fail 'labels are not in the report'
start_holder "$builddir/tests/netns/mpls" "$lab-2" r2 old
check_labels
at 2 nft delete table inet lab

# The kernel's own routers quote more.
at 3 nft 'add table inet lab
	add chain inet lab out { type filter hook output priority 0; }
	add rule inet lab out icmp type time-exceeded ip length > 60 drop
	add rule inet lab out icmpv6 type time-exceeded ip6 length > 60 drop'
start_holder "$builddir/tests/netns/mpls" "$lab-3" r3 short
for target in "$target4" "$target6"; do
	for how in 'at 0:--icmp' 'at 0:--udp' 'at 0:--tcp=81' 'as_nobody:--tcp=81'; do
		${how%:*} "$sockwatch" probe --json -n ${how#*:} -c 3 -i 0.2 --router-rate 10 "$target" >"$work/json"
		jq -e -s 'map(select(.ttl)) | length == 4 and .[2].addrs != null and all(.received == .sent and .sent > 0)' "$work/json" >"$work/out" || {
			cat "$work/json"
			fail "$how $target: a router that quotes eight bytes"
		}
	done
	# Without a right UDP does not get the header; that is shown, and nothing wrong is.
	as_nobody "$sockwatch" probe --json -n --udp -c 3 -i 0.2 --router-rate 10 "$target" >"$work/json"
	jq -e -s 'map(select(.ttl)) | length == 4 and .[2].verdict == "silent" and all(.[0, 1, 3]; .loss_pct == 0)' "$work/json" >"$work/out" || {
		cat "$work/json"
		fail "without rights $target: a router that quotes eight bytes"
	}
	as_nobody "$sockwatch" probe --report -n --udp -c 1 "$target" |
		grep -q 'UDP by plain socket: CAP_NET_RAW is missing to know the answers of routers that quote only 8 bytes' ||
		fail "$target: it is not said what is missing"
done
