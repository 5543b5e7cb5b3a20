#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The life of one connection on its page: handshake, data and close in the ladder and the diagram.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs root, to capture in a namespace of its own'

# open_page: opens the page of the client end of a new connection. The connections that the capture was tried with
# must have left the table before, closed rows too: they look the same.
open_page() {
	keys F4
	type "state established and rport $port"
	keys Enter
	sees 'no socket passes the filter'
	sockets open 1
	sees '^[ +]ESTABLISHED'
	keys Down
	cursor_on ESTABLISHED
	keys Enter
	sees '[-─] who [-─]'
}

# up_to PATTERN: scrolls up until the pattern is in sight.
up_to() {
	shows "$1" || {
		keys PageUp
		return 1
	}
}

start_sockets
start 120 40 --no-color
until_true 'the capture' captures
open_page
sees 'us, the client  *peer, the server'
sees '● CLOSED  *● LISTEN'
sees '│ sent SYN  *│ got SYN, sent SYN-ACK'
sees '▶  ESTABLISHED'
sees '○ FIN-WAIT-1  *○ CLOSE-WAIT'
sees 'opened  *by us at '
sees 'handshake  *SYN-ACK after [0-9.]* [um]s'
keys End
sees '│── \[S\] seq [0-9]* win [0-9]* ─*▶│ 1/3'
sees '│◀─ \[S\.\] seq [0-9]* ack 1 win [0-9]* ─*│ 2/3'
sockets talk
sees '│── \[P\.\] seq 1:101 ack 1 win [0-9]* len 100 ─*▶│'
sees '│◀─ \[P\.\] seq 1:51 ack 101 win [0-9]* len 50 ─*│'
sockets finish
sees '│── \[F\.\] seq 101 ack 51 .*▶│ close begun by'
sees '│◀─ \[F\.\] seq 51 ack 102 .*│ closed by'
sees '│── \[\.\] ack 52 .*▶│ close done'
keys Home
# The FIN came with the ACK, or after it.
sees '● FIN-WAIT-1  .*● CLOSE-WAIT'
sees '│ got FIN and ACK  *│ sent FIN\|● FIN-WAIT-2  .*● LAST-ACK'
sees '▶  TIME-WAIT '
sees '▶  CLOSED '
sees 'sent  *100 bytes'
sees 'received  *50 bytes'
sees 'close begun  *by us after'
sees 'ended  *closed by us, lived'

# To a file: its sections apart, no line with blanks at its end.
writes "$work/page.txt" 'wrote [0-9]* lines to'
grep -B1 '^-- segments' "$work/page.txt" | head -1 | grep -q '^$' || fail "the file: $(cat "$work/page.txt")"
grep -q ' $' "$work/page.txt" && fail "blanks at the end: $(cat -A "$work/page.txt")"
quit

# In ASCII, on a small screen; reset.
lang=C
start 80 24 --no-color
keys F8
until_true 'the capture' captures
open_page
keys End
sees '|-- \[S\] seq [0-9]* win [0-9]* -*>| 1/3'
until_true 'the round trip' up_to 'round trip  *[0-9.]*[um]*s +- '
keys End
sockets talk
sees '|<- \[P\.\] seq 1:51 ack 101 .*-|'
sockets reset
sees '\[R\.\] seq 101 ack 51 .*| reset by'
until_true 'the diagram' up_to '[|] sent RST'
sees '[|] sent RST  *[|] got RST'
keys Down
sees '>  CLOSED'
quit
