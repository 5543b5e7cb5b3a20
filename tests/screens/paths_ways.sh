#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Paths that are not one router a hop: parallel paths, a change, a narrow link, MPLS labels, a loop.
. "${srcdir:-.}/tests/screens/lib.sh"
. "$srcdir/tests/netns/lab.sh"
lab_needs nft
chain 4
# Node b stands beside node 2, as near to 3.
node b
link 1 b 8
link b 3 9
at b ip route add 10.9.4.0/24 via 10.9.9.2
at b ip route add default via 10.9.8.1
at 1 sh -c 'echo 3 >/proc/sys/net/ipv4/fib_multipath_hash_policy && echo 0x37 >/proc/sys/net/ipv4/fib_multipath_hash_fields'
at 1 ip route add 10.9.4.0/24 nexthop via 10.9.2.2 nexthop via 10.9.8.2
in_node_0

start 100 24 probe -n -i 0.2 --udp "$target4"
sees "^── path to $target4 (udp) ─ 4 hops"
keys E
sees '4 flows: parallel paths'
keys E
sees '16 flows: parallel paths'
sees '^  2 10\.9\.[28]\.2 .* 0.0%'
# All of 16 flows go one way with a chance of 1 in 32,768.
sees '^    10\.9\.[28]\.2 *[1-9][0-9]* of 16 flows'
keys E
sees 'one flow'
at 1 ip route replace 10.9.4.0/24 via 10.9.2.2
keys r
sees '^  2 10\.9\.2\.2 '
sees '^ the path is fine'
at 1 ip route replace 10.9.4.0/24 via 10.9.8.2
sees 'the path changed at [0-9:]*: hop 2 from 10.9.2.2 to 10.9.8.2'
sees '^    10\.9\.[28]\.2 *last at [0-9][0-9]:'
at 1 ip route replace 10.9.4.0/24 via 10.9.2.2

# After hop 3 only 1400 bytes fit.
at 3 ip link set l4 mtu 1400
at 4 ip link set r4 mtu 1400
keys r M
sees '^ path MTU 1400'
sees '^  3 10.9.3.2 .* mtu 1400'
keys M
sees_not 'path MTU'

at 2 nft 'add table inet lab
	add chain inet lab out { type filter hook output priority 0; }
	add rule inet lab out icmp type time-exceeded ip length < 150 drop'
mkfifo "$work/labels"
"$builddir/tests/netns/mpls" "$lab-2" r2 <"$work/labels" >"$work/labels.out" &
children="$children $!"
exec 9>"$work/labels"
until_true 'the router with labels' grep -q ready "$work/labels.out"
keys r
sees '^     MPLS label=16000 tc=2 s=0 ttl=1'
sees '^     MPLS label=17001 tc=0 s=1 ttl=255'

# A loop: the verdict is in sight, though the path is longer than the screen.
at 2 nft delete table inet lab
at 3 ip route add "$target4/32" via 10.9.3.1
keys r
sees '^ loop at hop 4, 10.9.2.2'
keys C-c
sees '^ 30.|-- 10.9.2.2 .* loop'
# The target did not answer.
ended 1
close_terminal
