#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Rows: marks of new and closed ones, a cursor that follows its socket, order, groups, hold, pause.
. "${srcdir:-.}/tests/screens/lib.sh"
# Another monitor of the same sockets: when it shows a new row, and later not as new any more, the first one has had
# the time to show it too.
watch() {
	watched=$session
	start 90 30 --no-color
	sees '^.CLOSE-WAIT'
	watcher=$session
	session=$watched
}

watcher_sees() {
	session=$watcher
	sees "$1"
	session=$watched
}

watcher_sees_not() {
	session=$watcher
	sees_not "$1"
	session=$watched
}

# The rows on the screen: state and both ends.
lines() {
	screen | cut -c 2- | awk '$4 ~ /:[0-9]+$/ { print $1, $4, $5 }'
}

# What is left of them beside a menu.
beside_menu() {
	screen | cut -c 2-30 | grep -E '^(CLOSE-WAIT|ESTABLISHED|FIN-WAIT-2|LISTEN) '
}

# last_is PATTERN: the last row on the screen.
last_is() {
	lines | tail -1 | grep -q "$1"
}

last_is_not() {
	! last_is "$1"
}

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
sees 'STATE▼'
keys I
sees 'STATE▲'

# Nothing under a menu moves, although a new row belongs before others of them, and one that closes would go.
watch
keys F6
sees 'Sort by'
beside_menu >"$work/before"
sockets open 1
watcher_sees '^+ESTABLISHED'
watcher_sees_not '^+ESTABLISHED'
beside_menu | head -n "$(wc -l <"$work/before")" >"$work/after"
cmp "$work/before" "$work/after" || {
	diff -u "$work/before" "$work/after"
	fail 'rows move under a menu'
}
[ "$(beside_menu | wc -l)" = $(($(wc -l <"$work/before") + 2)) ] || fail 'the new rows are not below the others'
keys Escape
until_true 'the order, after the menu' last_is '^LISTEN'

keys F
sees 'following'
keys F

# Groups.
keys t
sees 'Group by'
type state
keys Enter
sees '^ GROUP  *SOCKETS'
sees '^ ▸ ESTABLISHED  *6 '
sees '^[ !]▸ CLOSE-WAIT  *1 '
keys F3
type CLOSE-WAIT
sees 'F3 goes to the next'
keys Enter
keys +
sees '^[ !]▾ CLOSE-WAIT'
sees "└ *CLOSE-WAIT .*$address:$port"
keys -
sees '^[ !]▸ CLOSE-WAIT'
sees_not "└ *CLOSE-WAIT .*$address:$port"
keys Enter
sees '^[ !]▾ CLOSE-WAIT'
keys t
type 'no groups'
keys Enter
sees_not GROUP

# Held: new rows come after the last one. Not held: where they belong.
until_true 'LISTEN as the last row' last_is '^LISTEN'
keys H
sees HELD
sockets open 1
until_true 'new rows below the others' last_is '^ESTABLISHED'
keys H
sees_not HELD
until_true 'the order, when it is not held' last_is '^LISTEN'
sees_not '^+ESTABLISHED'

# Paused: nothing changes, however many refreshes pass.
keys Space
sees PAUSED
sockets open 1
watcher_sees '^+ESTABLISHED'
watcher_sees_not '^+ESTABLISHED'
sockets open 1
watcher_sees '^+ESTABLISHED'
lines >"$work/before"
! shows '^+ESTABLISHED' || fail 'a new row while paused'
keys Down Up Space
sees '^+ESTABLISHED'
lines >"$work/after"
[ "$(wc -l <"$work/after")" = $(($(wc -l <"$work/before") + 4)) ] || {
	diff -u "$work/before" "$work/after"
	fail 'not the four ends that were opened while paused'
}

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

# Rows that come above the cursor do not push its row down the screen.
sockets open 30
start 100 30 --no-color
sees '^.ESTABLISHED'
keys PageDown
ends() {
	cursor_line | grep -o '127[0-9.]*:[0-9]* *127[0-9.]*:[0-9]*'
}
at() {
	screen | grep -n -e "$1" | cut -d: -f1
}
cursor_on '^.ESTABLISHED'
read_row=$(ends)
before=$(at "$read_row")
waiting=$(ss -Htan state close-wait | grep -c . || :)
sockets half 3
# They stand on top, above the window.
sees "CL[A-Z-]*W[AIT]* $((waiting + 3))"
[ "$(ends)" = "$read_row" ] || fail 'the cursor has another row'
[ "$(at "$read_row")" = "$before" ] || fail "the row was on line $before, now on $(at "$read_row")"
keys Home
sees '^[+!]CLOSE-WAIT'
quit
