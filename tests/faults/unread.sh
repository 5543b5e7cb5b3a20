#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A terminal that nobody reads: the monitor does not hang nor grow, a key and a signal end it, and what is needed to
# give the terminal back is the last that is in it. Then garbage that is typed, of all kinds: none of it ends the
# program but in order. FAULTS_UNREAD_SECONDS=60 for as long as somebody is at lunch.
. "${srcdir:-.}/tests/screens/lib.sh"
seconds=${FAULTS_UNREAD_SECONDS:-4}
unread=$builddir/tests/faults/unread
export TERM=xterm-256color
mkdir -m 755 "$work/here"
cd "$work/here"
start_sockets
sockets open 20

on_failure() {
	cat "$work/end"
}
# ends STATUS [SIGNAL]: in order, or by that signal.
ends() {
	grep -q -x "ended $1" "$work/end" || fail "$how: $(cat "$work/end")"
	grep -q -x 'given back' "$work/end" || fail "$how: the terminal was not given back"
}
# 3: QUIT, which the program does not wait for; 15: TERM.
for how in q 15 3; do
	"$unread" "$seconds" $how "$sockwatch" -d 0.1 >"$work/end" 2>&1 || fail "$how: not ended"
	case $how in
	3) ends '\(3\|131\)' ;;
	*) ends 0 ;;
	esac
	grew=$(sed -n 's/^grew //p' "$work/end")
	echo "$how after $seconds s: grew by $grew KiB"
	grep -q '^#define SANITIZERS 1' "$builddir/config.h" || [ "$grew" -lt 4096 ] || fail "it grew by $grew KiB"
done

how=garbage
"$unread" garbage "${FAULTS_GARBAGE_BYTES:-20000}" "$sockwatch" -d 0.1 --read-only >"$work/end" 2>&1 ||
	fail 'garbage: not ended'
! grep '^ended' "$work/end" | grep -v -x 'ended 0' || fail 'garbage ended it otherwise than in order'
[ "$(grep -c '^ended' "$work/end")" = "$(grep -c -x 'given back' "$work/end")" ] || fail 'the terminal was not given back'
echo "garbage: $(grep -c '^ended' "$work/end") runs"
