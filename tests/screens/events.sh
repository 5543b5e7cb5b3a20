#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The screen of events: live, still with a cursor, and from an event to the page of its connection.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs root, to capture in a namespace of its own'

# newest PATTERN: waits until the last event matches.
newest_is() {
	screen | grep '\[[A-Z.]*\]' | tail -n 1 | grep -q -e "$1"
}

newest() {
	until_true "\"$1\" as the newest event" newest_is "$1"
}

# open_one: opens a connection and waits until its SYN-ACK is the newest event; events of the connections that the
# capture was tried with may still come then.
open_one() {
	sockets open 1
	client=$(ss -Htn state established "dport = :$port" | awk '{ sub(/.*:/, "", $3); print $3 }')
	syn_ack="> 127\.0\.0\.1:$client *\[S\.\] .* 2/3"
	newest "$syn_ack"
}

headed=1
start_sockets
start 120 30 --no-color
keys 3
until_true 'the capture' captures

# Live: new events show. Without a cursor Enter only stands still, on the newest.
open_one
keys Enter
sees 'standing still'
cursor_on "$syn_ack"

# More events come, but not into view; further up is the beginning.
sockets finish
keys Up
cursor_on '\[S\]  *seq [0-9]* .*1/3'
shows_not 'closed by' || fail 'the lines moved though they stand still'
keys Space
sees 'closed by'
sees_not 'standing still'

# A connection that has a socket.
open_one
keys Up
cursor_on "$syn_ack"
keys Enter
sees '[-─] who [-─]'
sees 'ESTABLISHED'
keys Escape
sees 'standing still'

# The kernel reports only the end of a refused connection; when that is forgotten too, the wire alone shows it.
keys Space
sees_not 'standing still'
sockets refused
newest '\[R\.\] .*refused'
keys Up
cursor_on refused
keys Enter
sees 'closed: refused'
sees 'state  *[ce][a-z]*ed .* ago'
sees '│ sent SYN'
sees 'got RST: refused'
sees 'ended  *refused, lived'
! shows 'ago; its socket was never seen' || sees_not 'receive queue'
keys End
sees '\[R\.\] seq 0 ack 1 .* refused'
quit
