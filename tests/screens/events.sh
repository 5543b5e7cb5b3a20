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

headed=1
start_sockets
start 120 30 --no-color
keys 3
until_true 'the capture' captures

# Live: what comes is seen. Without a cursor Enter only stands still, on the newest.
sockets open 1
newest '\[S\.\] .* 2/3'
keys Enter
sees 'standing still'
cursor_on '\[S\.\] .* 2/3'

# It goes on, but not here; further up is the beginning.
sockets finish
keys Up
cursor_on '\[S\]  *seq [0-9]* .*1/3'
shows_not 'closed by' || fail 'the lines moved though they stand still'
keys Space
sees 'closed by'
sees_not 'standing still'

# A connection that has a socket.
sockets open 1
newest '\[S\.\] .* 2/3'
keys Up
cursor_on '\[S\.\] .* 2/3'
keys Enter
sees '[-─] who [-─]'
sees 'ESTABLISHED'
keys Escape
sees 'standing still'

# Of one that was refused there never was one: the wire alone tells.
keys Space
sees_not 'standing still'
sockets refused
newest '\[R\.\] .*refused'
keys Up
cursor_on refused
keys Enter
sees 'closed: refused'
sees 'state  *ended .* ago; no socket'
sees '│ sent SYN'
sees 'got RST: refused'
sees 'ended  *refused, lived'
sees_not 'receive queue'
keys End
sees '\[R\.\] seq 0 ack 1 .* refused'
quit
