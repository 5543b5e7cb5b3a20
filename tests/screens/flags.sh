#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The flags below the table and on their own screen: of one row, filtered, folded, in a file.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs root, to capture in a namespace of its own'

# count PATTERN NUMBER: so many lines match.
count() {
	[ "$(screen | grep -c -e "$1")" = "$2" ]
}

start_sockets
# On a screen of this size the pane is there from the start.
start 120 40 --no-color
sees '^── flags ─.*─ [0-9]*/s, none lost ──'
until_true 'the capture' captures
sockets open 1
client='127\.0\.0\.1:[0-9]*'
clock='[0-9][0-9]:[0-9][0-9]:[0-9][0-9]\.[0-9]\{6\}'
sees "^ $clock lo .* $client  *> $address:$port  *\\[S\\]  *seq [0-9]*  .*1/3"
sees "^ $clock lo .* $address:$port  *> $client  *\\[S\\.\\]  *seq [0-9]* ack +1 .*2/3"
sees "1/3 holder/$holder"
sockets talk
sockets finish
sees '\[F\.\]  *seq 101 ack +51 .*close begun by client'
sees '\[F\.\]  *seq 51 ack +102 .*closed by client, lived'
# Data belongs to the page of a connection, not here.
shows '\[P\.\]' && fail 'data among the flags'

# The row under the cursor: its own SYN and no other.
sockets open 2
keys F4
type "state established and rport $port"
keys Enter
until_true 'two rows' count '^[ +]ESTABLISHED' 2
keys F8
sees '^── flags of this row ─'
keys Down
cursor_on ESTABLISHED
until_true 'one SYN' count '\[S\]' 1
until_true 'its own' count "$(cursor_line | grep -o '127\.0\.0\.1:[0-9]*')  *> .*\\[S\\]" 1
keys F8
sees_not '^── flags'

# The screen: filtered by the same language, mistakes are shown.
keys 3
sees '^── flags ─'
sees '1/3'
keys F4
type 'kind rst and flags ~ nonsense('
sees 'nonsense'
keys C-u
type 'kind rst'
keys Enter
sees '^── flags: kind rst ─'
sees '\[R\.\]'
sees_not '1/3'
sockets reset
sees '\[R\.\].*without data'

# To the clipboard: the one under the cursor.
keys y
sees 'there is no row to copy'
keys Up
sees 'standing still'
keys y
sees 'copied, if the terminal allows it'
keys End
sees_not 'standing still'

# To a file, all of them, in full.
writes "$work/flags.txt" 'wrote [0-9]* lines to'
grep -q "^$clock lo .* > .* \\[R\\.\\] seq 1 ack 1 win" "$work/flags.txt" || fail "the file: $(cat "$work/flags.txt")"
grep -q '\[S\]' "$work/flags.txt" && fail 'the file is not filtered'

# A flood is a line a second, however many SYNs come.
keys F4
keys C-u
keys Enter
sees '1/3'
ip link add fl0 type veth peer name fl1
ip link set fl0 up
ip link set fl1 up
"$builddir/tests/bench/flood" -n 3000 -r 30000 fl0 192.0.2.7 80 >/dev/null
sees '~[0-9]* addresses  *> 192\.0\.2\.7:80  *\[S\]  *x[0-9]* 1/3'
quit

# On a small screen the words stay, the numbers go.
start 80 24 --no-color --ascii
keys 3
until_true 'the capture' captures
sockets open 1
sees "^ [0-9:.]\\{8,12\\} .*$client  *> $address:$port  *\\[S\\]  *1/3"
sees '\[R\.\] reset by'
shows 'seq ' && fail 'numbers on a small screen'
quit
