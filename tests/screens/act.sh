#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# F9: a question that shows the command, and the outcome; where it is not allowed, a sentence refuses it.
. "${srcdir:-.}/tests/screens/lib.sh"
start_sockets victim
sockets open 1
start 120 40 --read-only
sees '^.ESTABLISHED'
sees_not F9Action
keys F9
sees 'runs with --read-only'
quit

start 120 40
sees '^.ESTABLISHED'
keys F3
type "ESTABLISHED"
keys Enter
keys F9
sees 'Close this socket'
sees "Signal process $holder (victim)"
keys Enter
if [ "$(id -u)" = 0 ]; then
	sees 'ss -K -t src .* sport = :[0-9]* dst .* dport = :[0-9]*'
	# The cursor stands on No.
	keys Enter
	sees_not 'ss -K'
	keys F9 Enter
	sees 'ss -K'
	keys y
	sees 'closed the socket'
	sees '^xESTABLISHED'
	sees_not '^xESTABLISHED'
	keys Home
else
	sees 'needs CAP_NET_ADMIN'
fi
keys K
type "$holder"
keys Enter
sees 'TERM  *asks it to end'
type TERM
keys Enter
sees "kill -TERM $holder"
keys n
sees_not "kill -TERM"
kill -0 "$holder" || fail 'signalled in spite of no'
keys K
type "$holder"
keys Enter
type TERM
keys Enter
sees "kill -TERM $holder"
keys y
sees "TERM sent to process $holder"
until_true 'the end of the process' sh -c "! kill -0 $holder"
quit

# The file is the one that was named; an existing one is not overwritten without a question.
start 100 30
sees 'sockets'
keys w C-u
type "$work/written.txt"
keys Enter
sees "wrote [0-9]* lines to $work/written.txt"
grep -q '^STATE' "$work/written.txt" || fail 'no heading in the file'
echo precious >"$work/written.txt"
keys w C-u
type "$work/written.txt"
keys Enter
sees 'Overwrite it'
keys n
grep -q precious "$work/written.txt" || fail 'overwritten in spite of no'
keys w C-u
type "$work/none/such"
keys Enter
sees 'no such file'
quit
