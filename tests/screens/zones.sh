#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One link-local address on two links: the page of a socket, the menu of addresses, the group, the command of the
# close action and the path name the link.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs root to make a network namespace'
needs ip netns-names
peer=sockwatch-zones-$$
cleanup_more() {
	ip netns del $peer 2>/dev/null || :
}
ip netns add $peer
for i in 0 1; do
	ip link add "e$i" type veth peer name "b$i" netns $peer
	ip link set "e$i" up
	ip -n $peer link set "b$i" up
	ip addr add fe80::1/64 dev "e$i" nodad
	ip -n $peer addr add fe80::2/64 dev "b$i" nodad
done
mkfifo "$work/never"
exec 7<>"$work/never"
ip netns exec $peer "$builddir/tests/netns/hold" dual:80 <&7 >"$work/peer.out" 2>&1 &
children="$children $!"
until_true 'the peer' grep -q ready "$work/peer.out"
connects() {
	"$builddir/tests/netns/hold" connect:fe80::2%e0:80 connect:fe80::2%e1:80 <&7 >"$work/out" 2>&1 &
	holder=$!
	children="$children $holder"
	until_true 'the connections' ready_or_ended
	grep -q ready "$work/out"
}
ready_or_ended() {
	grep -q ready "$work/out" || ! kill -0 $holder
}
until_true 'a way by both links' connects

start 120 40 state established
sees '\[fe80::1\]%e0:[0-9]* *\[fe80::2\]%e0:80 '
sees '\[fe80::1\]%e1:[0-9]* *\[fe80::2\]%e1:80 '
keys a
sees 'Filter by remote address'
sees 'fe80::2%e0 .*this row\|fe80::2%e1 .*this row'
sees '│ fe80::2%e0 '
sees '│ fe80::2%e1 '
type 'fe80::2%e1'
keys Enter
sees 'filter: .*fe80::2%e1.*1 of 2'
sees_not '%e0'
keys Enter
sees '\[fe80::1\]%e1:[0-9]*  *to  *\[fe80::2\]%e1:80'
keys F9
sees 'Close'
keys Enter
sees 'dev = e1'
keys Escape
keys F7
sees 'path to fe80::2%e1\|Probe fe80::2%e1'
quit
