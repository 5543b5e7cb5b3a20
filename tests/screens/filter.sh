#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The filter bar: live, with errors at their place, completion and history; menus that add terms; Esc.
. "${srcdir:-.}/tests/screens/lib.sh"
start_sockets
sockets open 2
sockets half 1
start 120 40
sees "^.CLOSE-WAIT .*$address:$port"
sees '^.LISTEN'

# Live, before Enter.
keys /
type 'state listen'
sees_not '^.CLOSE-WAIT'
sees '^.LISTEN'
keys Escape
sees '^.CLOSE-WAIT'

# What is not whole yet, or lets nothing pass, leaves the last good view; Enter takes it all the same.
keys F4
type 'stat'
sees 'not a whole word yet'
shows '^.CLOSE-WAIT' && shows '^.LISTEN' || fail 'the table is empty at "stat"'
type 'e clo'
sees 'Filter: state clo'
sees '^.CLOSE-WAIT'
shows '^.LISTEN' || fail 'the table is empty at "state clo"'
type 'se-wait'
sees_not '^.LISTEN'
shows '^.CLOSE-WAIT' || fail 'the filter is whole, and nothing is filtered'
type ' and port 1'
sees 'no socket passes that'
shows '^.CLOSE-WAIT' || fail 'the table is empty while a port is typed'
keys Enter
sees 'no socket passes the filter'
keys Escape
sees '^.LISTEN'

# A mistake is shown at its place, and the filter in force stays.
keys F4
type 'state listen and clos'
sees '^ Filter: state listen and clos'
keys C-u
type 'state listen and rtt > 1x'
sees ' ▼ "1x" is not a number'
keys BSpace BSpace
sees_not 'is not a number'
keys C-u
type 'state listen and lport > 1x'
sees '"1x" is not a port'
sees '^.LISTEN'
sees_not '^.ESTABLISHED'
keys C-u
type 'sta'
keys Tab
sees 'Filter: state'
type 'close-w'
keys Tab
sees 'Filter: state CLOSE-WAIT'
keys Enter
sees '^.CLOSE-WAIT'
sees_not '^.LISTEN'
sees 'filter: state CLOSE-WAIT *1 of '

# History.
keys Escape
sees '^.LISTEN'
keys /
sees 'Tab completes'
keys Up
sees 'Filter: state CLOSE-WAIT'
keys Escape

# Menus with counts; each adds a term, each Esc takes one away.
keys s
sees 'Filter by state'
sees '│ ESTABLISHED  *4 │'
type 'close-wait'
sees_not '│ ESTABLISHED '
keys Enter
sees 'filter: state CLOSE-WAIT'
# Another state takes the place of the first: the menu counts them all.
keys s
sees '│ ESTABLISHED  *4 │'
type 'listen'
keys Enter
sees 'filter: state LISTEN'
sees_not 'CLOSE-WAIT and'
keys s
type 'close-wait'
keys Enter
sees 'filter: state CLOSE-WAIT'
keys p
sees "local  *$port  (this row)"
keys Enter
sees "state CLOSE-WAIT and lport $port"
keys Escape
sees_not "lport $port"
keys Escape
sees '^.LISTEN'
keys P
sees '│ holder  *[0-9]* │'
keys Escape
keys u
sees 'Filter by user'
keys Escape
keys a
sees "$address  *[0-9]* │"
type 127.77.77.77
sees 'Enter takes what you typed'
keys Enter
sees 'filter: raddr 127.77.77.77'
sees 'no socket passes the filter'
keys Escape
sees '^.LISTEN'

# Search jumps and hides nothing.
keys F3
type CLOSE-W
sees 'F3 goes to the next'
keys Enter
sees '^.LISTEN'
keys F3
type nothinglikethis
sees 'no row shows that'
keys Escape
quit
