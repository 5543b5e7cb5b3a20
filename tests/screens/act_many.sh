#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# F9 on a group, on what passes the filter, on tagged rows: one question with the number and the command, and an
# outcome that counts.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "$(id -u)" = 0 ] || skip 'needs root: closing sockets is CAP_NET_ADMIN'
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs a network namespace of its own'

# left STATE N: so many sockets, as ss has it.
left() {
	[ "$(ss -Htan state "$1" | grep -c .)" = "$2" ]
}

start_sockets victim
sockets open 3
sockets half 40
start 120 40 --no-color
sees '^.CLOSE-WAIT'

# A group: its number, its states, whose they are; the command closes the same and no other.
keys F5
type 'state'
keys Enter
sees '▸ CLOSE-WAIT  *40'
keys Home
until_true 'the cursor on the group' cursor_is 'CLOSE-WAIT  *40'
keys F9
sees 'Action on 40 sockets in the group'
sees 'Close these 40 sockets'
keys Enter
sees "Close 40 sockets (CLOSE-WAIT 40) of victim/$holder?"
sees "ss -K -t state close-wait src $address sport = :$port"
[ "$(ss -Htn state close-wait src "$address" sport = ":$port" | grep -c .)" = 40 ] || fail 'the command fits others'
# The cursor stands on No.
keys Enter
sees_not 'ss -K'
left close-wait 40 || fail 'closed in spite of no'
keys F9 Enter
sees 'ss -K'
keys y
sees 'closed 40 of 40 sockets'
left close-wait 0 || fail 'some are left'
left established 6 || fail 'others were closed'
keys F5
type 'no groups'
keys Enter

# A filter: of what has gone meanwhile nothing is closed, and that is counted.
sockets half 5
keys F4
type 'state close-wait'
keys Enter
sees 'filter: state close-wait *5 of '
# Rows that ended a moment ago are no targets.
sees_not '^x'
keys F9
sees 'All 5 sockets that pass the filter'
keys Down Enter
sees 'Action on 5 sockets by the filter'
keys Enter
sees 'Close 5 sockets (CLOSE-WAIT 5)'
sockets reset
keys y
sees 'closed 4 of 5 sockets, 1 gone before\|closed 4 of 5 sockets, 1 refused: .* does not hold the socket any more'
left close-wait 0 || fail 'some are left'
keys Escape
sees '^.ESTABLISHED'

# Tagged rows, and no others.
sockets half 3
keys F4
type 'state close-wait'
keys Enter
sees 'filter: state close-wait *3 of '
sees_not '^x'
keys Home '*' IC
sees '2 tagged'
until_true 'two marks' sh -c "[ \"\$($tmux capture-pane -p -t $session | grep -c '^\*CLOSE-WAIT')\" = 2 ]"
keys F9
sees 'Action on 2 sockets tagged'
keys Enter
sees 'Close 2 sockets (CLOSE-WAIT 2)'
sees 'and so on, 2 commands, one for each'
keys y
sees 'closed 2 of 2 sockets'
left close-wait 1 || fail 'not the tagged ones alone'
# Their tags went with them.
sees_not 'tagged'
keys U
sees 'nothing is tagged'
keys '*'
sees '1 tagged'
keys U
sees '1 tag taken away'
sees_not '1 tagged'
keys Escape

# A process that holds many is signalled once.
keys F4
type "state established,listen"
keys Enter
sees_not '^x'
keys F9
sees 'sockets that pass the filter'
type 'pass the filter'
keys Enter
sees 'by the filter'
type 'Signal'
keys Enter
sees 'Signal 1 process'
type TERM
keys Enter
sees "Send SIGTERM to 1 process of victim/$holder?"
sees "kill -TERM $holder"
keys y
sees 'signalled 1 of 1 process'
until_true 'the end of the process' sh -c "! kill -0 $holder"
quit
