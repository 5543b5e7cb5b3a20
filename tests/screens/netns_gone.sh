#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `ip netns del` takes a name away, not the namespace: while a process lives in it, its sockets are alive, and the
# header says that the name is gone. When the process ends too, so do its sockets.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs root to make a network namespace'
needs ip nsenter netns-names
name=sockwatch-gone-$$
cleanup_more() {
	ip netns del $name 2>/dev/null || :
}

mkfifo "$work/never"
exec 7<>"$work/never"
for option in "$name" all; do
	ip netns add $name
	ip -n $name link set lo up
	nsenter --net=/run/netns/$name "$builddir/tests/screens/sockets" 127.0.0.1 4000 holder <&7 >"$work/holder.out" 2>&1 &
	holder=$!
	children="$children $holder"
	until_true 'the holder' grep -q ready "$work/holder.out"
	start 120 40 --netns $option -d 0.2 process holder
	sees '^.LISTEN .*127\.0\.0\.1:4000'
	shows_not 'the name' || fail 'a name is told to be gone'
	ip netns del $name
	sees "! the name $name is gone; the network namespace lives on with process $holder"
	sees ' live '
	sees '^.LISTEN .*127\.0\.0\.1:4000'
	colors | grep 4000 | grep -q "$(printf '\033')\[31m" && fail 'a living socket is shown as closed'
	# A socket that opens after that is seen: the namespace is watched on.
	nsenter --net=/proc/$holder/ns/net "$builddir/tests/screens/sockets" 127.0.0.1 4001 holder <&7 >"$work/second.out" 2>&1 &
	second=$!
	children="$children $second"
	sees '^.LISTEN .*127\.0\.0\.1:4001'
	kill $holder
	sees "lives on with process $second"
	kill $second
	wait $holder $second 2>/dev/null || :
	sees_not '^.LISTEN .*127\.0\.0\.1:400'
	quit
done
