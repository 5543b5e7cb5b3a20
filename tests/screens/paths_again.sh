#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The collector is killed while paths are probed: running ones go on with their figures, a stopped one stays
# stopped.
. "${srcdir:-.}/tests/screens/lib.sh"
. "$srcdir/tests/netns/lab.sh"
lab_needs
chain 3
via=10.9.2.2
serve 2 $via 7
serve 3 "$target4" 8
join "$target4" "$port" $via "$port"
in_node_0 -n

find_row() {
	keys F3
	type "$1:$port"
	sees 'F3 goes to the next'
	keys Enter
	sees_not 'F3 goes to the next'
}

start 120 40
sees "ESTABLISHED .*$target4:$port"
find_row $via
keys F7
sees "── path to $via (tcp $port) ─ 2 hops ─ loss 0.0%"
find_row "$target4"
keys F7
sees "── path to $target4 (tcp $port) ─ 3 hops ─ loss 0.0%"
keys 4
sees "^ + $via"
keys Up
sees "── path to $via"
keys x
sees "^ - $via"
keys Down
sees "── path to $target4"

sent() {
	screen | sed -n "s/^  3 $target4  *0.0%  *\([0-9]*\) .*/\1/p"
}
sent_is_more() {
	[ "$(sent)" -gt "$1" ]
}
until_true 'some rounds' sent_is_more 3
processes
kill -KILL "$collector"
sees 'started again'
before=$(sent)
[ "$before" -gt 3 ] || fail 'the figures went with the collector'
until_true 'more rounds' sent_is_more $((before + 2))
shows "^ + $target4 .* 0.0%" || fail 'the path is not asked for again, or what was in flight counts as lost'
shows "^ - $via" || fail 'a path that was stopped runs again'

# Its row still knows the path: the same key stops it.
keys 1
sees "── path to $target4 (tcp $port)"
keys F7
sees 'stopped; screen 4 keeps'
sees_not "── path to $target4"
quit
