#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The way changes while it is probed: the source address is replaced, the interface goes down and comes back, a
# firewall of this box lets nothing out. What cannot be sent is lost and is said, and afterwards probing goes on by itself.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs nft
chain 3

# during CYCLES METHOD TARGET COMMAND: probes in the background, and runs the command once a probe was answered.
during() {
	at 3 nft 'add table inet count
		add chain inet count in { type filter hook input priority 0; }
		add rule inet count in meta l4proto { icmp, ipv6-icmp, udp, tcp } counter'
	$as "$sockwatch" probe --json -n "$2" -c "$1" -i 0.1 --router-rate 100 "$3" >"$work/json" &
	pid=$!
	until_true 'the first probes' arrived
	$4
	wait "$pid" || :
	at 3 nft delete table inet count
}
arrived() {
	at 3 nft list chain inet count in | grep -Eq 'packets [1-9][0-9]*'
}

swap() {
	at 0 ip addr add 10.9.1.77/24 dev l1
	at 0 ip addr del 10.9.1.1/24 dev l1
	at 0 ip addr replace 10.9.1.77/24 dev l1
	at 0 ip route replace default via 10.9.1.2
	at 0 ip -6 addr add fd09:1::77/64 dev l1 nodad
	at 0 ip -6 addr del fd09:1::1/64 dev l1
}
swap_back() {
	at 0 ip addr add 10.9.1.1/24 dev l1
	at 0 ip addr del 10.9.1.77/24 dev l1
	at 0 ip addr replace 10.9.1.1/24 dev l1
	at 0 ip route replace default via 10.9.1.2
	at 0 ip -6 addr add fd09:1::1/64 dev l1 nodad
	at 0 ip -6 addr del fd09:1::77/64 dev l1
}
for target in "$target4" "$target6"; do
	for how in 'at 0:--icmp' 'at 0:--udp' 'at 0:--tcp=81' 'as_nobody:--udp' 'as_nobody:--tcp=81'; do
		as=${how%:*}
		during 30 "${how#*:}" "$target" swap
		jq -e -s '[.[] | select(.ttl == 3)][0] | .sent == 30 and .received >= 15' "$work/json" >"$work/out" || {
			cat "$work/json"
			fail "$how $target: another source address"
		}
		swap_back
	done
done

down() {
	at 0 ip link set l1 down
	sleep 1
	at 0 ip link set l1 up
	at 0 ip route replace default via 10.9.1.2
	at 0 ip -6 addr replace fd09:1::1/64 dev l1 nodad
	at 0 ip -6 route replace default via fd09:1::2
}
as='at 0'
for target in "$target4" "$target6"; do
	for method in --icmp --tcp=81; do
		during 40 $method "$target" down
		jq -e -s '[.[] | select(.ttl == 3)][0] | .sent == 40 and .received >= 10 and .received < 38 and
			(.loss_pct - (40 - .received) * 2.5 | fabs) < 0.1 and .verdict == null' "$work/json" >"$work/out" || {
			cat "$work/json"
			fail "$method $target: down and up"
		}
	done
done

# Nothing goes out at all: no figure can be shown for well.
at 0 nft 'add table inet lab
	add chain inet lab out { type filter hook output priority 0; }
	add rule inet lab out meta l4proto icmp drop'
at 0 "$sockwatch" probe --report -n -c 2 -i 0.1 "$target4" >"$work/text" 2>&1 || :
grep -q 'probes not sent, the last at .*: a firewall of this box does not let it out' "$work/text" || {
	cat "$work/text"
	fail 'it is not said that nothing was sent'
}
