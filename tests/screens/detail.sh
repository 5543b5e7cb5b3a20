#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The page of one socket, the listeners, help, and a row that closes while it is looked at.
. "${srcdir:-.}/tests/screens/lib.sh"
start_sockets
sockets open 1
sockets half 1
start 120 40
# Keys that are typed before the first rows are there wait for them.
keys Down
keys Enter
sees '── who ─'
keys Escape
sees '^.CLOSE-WAIT'
keys F3
type CLOSE-W
sees 'F3 goes to the next'
keys Enter
keys Enter
sees '── who ─'
sees "process  *holder, process $holder"
sees '── is it the network? ─'
sees '── is it the receiver? ─'
sees '── is it the program? ─'
sees 'only the end is unread'
sees "^ $address:$port  to  127.0.0.1:[0-9]*   CLOSE-WAIT"
sees 'path MTU  *[0-9]* bytes'
sees 'RTT .*most'
sockets reset
sees 'closed [0-9.]*m*s ago, from CLOSE-WAIT'
# The row disappears, the page stays.
sees 'closed \([6-9]\.[0-9]\|[1-9][0-9]\)s ago, from CLOSE-WAIT'
sees "process  *holder, process $holder"
sees '── is it the network? (before the end) ─'
sees_not '^ idle '
sees_not ' unless an ACK comes'
keys Escape
sees '^.LISTEN'

keys 2
sees 'ACCEPT-Q BACKLOG .*HALF-OPEN'
sees "$address:$port  *0  *5  *0"
sees_not ESTABLISHED.*holder
keys 1
sees '^.ESTABLISHED'

keys F1
sees 'F1 ? h  *help of this screen'
keys PgDn
sees 'F4 / \\  *filter bar'
keys End
sees 'gone '
keys q
sees '^.ESTABLISHED'

# At 80 columns the page is one column and scrolls.
resize 80 24
keys Enter
sees '── who ─'
shows 'is it the program' && fail 'more than fits'
keys G
sees '── memory and marks ─'
quit
