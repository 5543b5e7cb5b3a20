#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A router whose answers come by a slow way of their own: one cycle waits for the first of them, though the target
# answered long before, and its delay is that of nobody else.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs
chain 3
slow_link=8
slow_ms=900
link 2 0 8
sysctl_at 2 net/ipv4/icmp_errors_use_inbound_ifaddr 1
at 2 ip route add 10.9.1.0/24 via 10.9.8.2 table 55
at 2 ip rule add from 10.9.2.2 lookup 55
probe_json -c 1 "$target4" >"$work/json"
jq -e -s '([.[] | select(has("ttl"))] | length == 3 and .[1].received == 1 and .[1].best_us >= 900000 and all(.verdict == null)) and
	([.[] | select(has("reached"))][0] | .reached and (.notes | all(test("delay") | not)))' "$work/json" >"$work/out" || {
	cat "$work/json"
	fail 'the first answer of a router was not waited for'
}
