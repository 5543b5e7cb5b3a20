#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Rows: marks of new and closed ones, a cursor that follows its socket, order, groups, hold, pause.
. "${srcdir:-.}/tests/screens/lib.sh"
start_sockets
sockets open 2
sockets half 1
start 100 30 --no-color
sees '^.CLOSE-WAIT'

# New, then closed, with the state from which it ended.
sockets open 1
sees '^+ESTABLISHED'
sockets reset
sees '^xESTABLISHED'
sees_not '^xESTABLISHED'

# The cursor stays on its socket when the order turns round.
keys F6
sees 'Sort by'
type 'STATE '
keys Enter
sees 'STATE[▲▼]'
keys F3
type CLOSE-W
sees 'F3 goes to the next'
keys Enter
cursor_on CLOSE-WAIT
keys I
cursor_on CLOSE-WAIT
keys I
cursor_on CLOSE-WAIT
keys Home
keys I
sees 'STATE[▲▼]'

# Nothing under a menu moves; a socket that closes meanwhile stays in its line.
keys F
sees 'following'
keys F

# Groups.
keys t
sees 'Group by'
type state
keys Enter
sees '^ GROUP  *SOCKETS'
sees '^ ▸ ESTABLISHED  *4 '
sees '^ ▸ CLOSE-WAIT  *1 '
keys F3
type CLOSE-WAIT
sees 'F3 goes to the next'
keys Enter
keys +
sees '^ ▾ CLOSE-WAIT'
sees "└ *CLOSE-WAIT .*$address:$port"
keys -
sees '^ ▸ CLOSE-WAIT'
sees_not "└ *CLOSE-WAIT .*$address:$port"
keys Enter
sees '^ ▾ CLOSE-WAIT'
keys t
type 'no groups'
keys Enter
sees_not GROUP

# Hold and pause are shown; while paused, nothing changes.
keys H
sees HELD
keys H
sees_not HELD
keys Space
sees PAUSED
sockets open 1
keys Down Up C-l
sees_not '^+ESTABLISHED'
keys Space
sees '^+ESTABLISHED'

# Delay.
keys d
sees 'Seconds between refreshes'
keys C-u
type 0
keys Enter
sees '0.1 to 3600'
keys C-u
type 2
keys Enter
sees 'every 2s'
quit
