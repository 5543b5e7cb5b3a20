#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The screen at its three sizes: header, totals, rates, columns, rows, footer; nothing beyond its line.
. "${srcdir:-.}/tests/screens/lib.sh"
# Short, so that all columns have their room.
[ "${SOCKWATCH_TEST_INSIDE:-}" != yes ] || address=127.1.2.3
start_sockets
sockets open 3
sockets half 2
sockets queue 2

for size in '80 24' '120 40' '200 60'; do
	set -- $size
	start "$1" "$2"
	sees "holder/$holder"
	sees '^ sockwatch '
	sees 'every 1s  *live'
	sees '^ TCP [0-9].*LISTEN [0-9].*ESTAB[A-Z]* 10.*FIN 0/2.*UDP'
	sees '^ opened .*closed .*reset .*retransmitted '
	sees 'STATE  *RECV-Q SEND-Q LOCAL '
	sees "^.LISTEN  *2  *5 $address:$port "
	sees "^.CLOSE-WAIT  *1  *0 $address:$port "
	sees '(not accept'
	sees 'F9Action  *F10Quit' # no label is glued to the next
	sees '^F1Help  *F2Setup  *F3Search  *F4Filter  *F5Group  *F6Sort .*F9Action *F10Quit'
	[ "$(screen | wc -l)" = "$2" ] || fail "not $2 lines"
	[ "$1" -lt 120 ] || sees 'LOCAL.*REMOTE  *RTT  *RETR  *DROPS  *SENT/s  *RECV/s  *AGE  *PROCESS'
	[ "$1" -lt 120 ] || sees 'CLOSE-WAIT 2 '
	quit
done

# The arrows reach the columns that have no room.
start 80 24
sees 'STATE.*»'
keys Right Right Right Right
sees '^«'
sees 'RETR  *DROPS  *SENT/s'
sees_not 'STATE'
keys Left Left Left Left
sees 'STATE'
quit

# Room that nothing in sight needs goes to what would be cut, or would be lost.
exec 8>&-
port=$((port + 1))
rm "$work/in"
start_sockets a-long-name-xyz
start 60 15
sees "^ LISTEN  *$address:$port  *0.0.0.0:\*  *a-long-name-[a-z…/0-9]*$"
quit
start 80 24
sees "a-long-name-xyz/$holder\$"
keys F5
sees 'remote_addr'
type remote
keys Enter
sees '(no peer)'
shows '(unknown)' && fail 'a listener has no peer: that is known'
quit
