#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Connection tracking: the number of entries of a namespace as the kernel counts it, and its limit.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs nft ping
ip link set lo up
nft 'add table ip track; add chain ip track out { type filter hook output priority 0; }; add rule ip track out ct state new counter' ||
	skip 'connections cannot be tracked here'
[ -r /proc/net/stat/nf_conntrack ] || skip 'this kernel has no /proc/net/stat/nf_conntrack'

record "$sockwatch" collect -d 0.2
until_true 'no entries' says 'counter own Conntrack.entries=0'
for last in 1 2 3 4 5 6 7; do
	ping -c 1 -q 127.0.0.$last >/dev/null || fail "ping 127.0.0.$last"
done
# counts: so many as the kernel counts at this moment, and some: they live for 30 s.
counts() {
	count=$(cat /proc/sys/net/netfilter/nf_conntrack_count)
	[ "$count" -gt 1 ] && says "counter own Conntrack.entries=$count"
}
until_true 'the entries' counts
says "sysctl own net.netfilter.nf_conntrack_max=$(cat /proc/sys/net/netfilter/nf_conntrack_max)" || fail 'the limit'
says 'counter own Conntrack.drop=0' || fail 'what was dropped'
says 'counter own Conntrack.early_drop=0' || fail 'what was thrown out early'
