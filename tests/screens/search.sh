#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# F3 jumps to a row without hiding the others, on every table: sockets, listeners, destinations, counters, findings; again
# it goes to the next, around the end; Enter stays, Esc goes back.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs root, for a namespace of its own'

# search WORD: asks for it.
search() {
	keys F3
	sees 'Search:'
	type "$1"
}
stay() {
	keys Enter
	sees_not 'Search:'
}

# The listener under the cursor.
on_address() {
	cursor_line | grep -o '127\.0\.0\.1:810[123]'
}
is_another() {
	[ "$(on_address)" != "$first" ]
}

port=8100
start_sockets
sockets open 3
sockets half 3
for listener in 8101 8102 8103; do
	start_dial "port$listener" wait 127.0.0.1 $listener 8
done
printf 'rule.close-wait.warning = 3\n' >"$work/config"
start 120 40 --no-color --config "$work/config"
sees '^.CLOSE-WAIT'
search 8102
cursor_on '127.0.0.1:8102'
sees 'F3 goes to the next, Enter stays here'
shows '8103' || fail 'the search hides rows'
stay
cursor_on '127.0.0.1:8102'

# Listeners: by an address, the next, around the end, and back.
keys 2
sees 'sockwatch .* listeners '
sees ':8103 '
search 127.0.0.1:
cursor_on '127.0.0.1:810[123]'
first=$(on_address)
keys F3
until_true 'the next listener' is_another
keys F3 F3
cursor_on "$first"
type 'x'
sees 'no row shows that'
keys Escape
sees_not 'Search:'
search dial/
cursor_on 'dial/'
stay
sees '4 listeners'

# Destinations, where the keys are theirs.
keys Tab
sees 'sockwatch .* destinations '
search nothing-like-this
sees 'no row shows that'
keys Escape
sees_not 'Search:'
search "$address"
sees 'F3 goes to the next, Enter stays here'
stay

# Counters: by a name, by what it counts, and by the title of a group.
keys 5
sees '^ opens and ends'
search CurrEstab
cursor_on 'Tcp\.CurrEstab'
stay
search 'connections that came in'
cursor_on 'Tcp\.PassiveOpens'
keys Escape
cursor_on 'Tcp\.CurrEstab'
search 'opens and ends'
cursor_on 'Tcp\.ActiveOpens'
stay

# Findings.
keys 6
sees 'warning  *stands .*close-wait'
search close-wait
cursor_on 'close-wait'
stay
quit

# Smaller, in ASCII: the key is in the footer of these screens too.
lang=C
start 80 24 --ascii --no-color --config "$work/config"
sees '^.CLOSE-WAIT'
for page in 2 5 6; do
	keys $page
	sees 'F3Search'
done
quit
