#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# MPLS labels that a router tells in its ICMP errors, by every method, with and without rights.
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
for target in "$target4" "$target6"; do
	for method in --icmp --udp --tcp=81; do
		for as in 'at 0' as_nobody; do
			$as "$sockwatch" probe --json -n $method -c 2 -i 0.2 --router-rate 10 "$target" >"$work/json"
			jq -e -s 'length == 4 and .[1].mpls == '"$labels"' and all(.[0, 2, 3]; .mpls == null) and
				all(.received == .sent and .sent > 0)' "$work/json" >"$work/out" || {
				cat "$work/json"
				fail "$as $method $target: labels"
			}
		done
	done
done
at 0 "$sockwatch" probe --report -n -c 1 "$target4" | grep -q '^    |  +-- \[MPLS: Lbl 16000 TC 2 S 0 TTL 1\]$' ||
	fail 'labels are not in the report'
