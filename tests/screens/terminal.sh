#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Terminals of all kinds and sizes; and the terminal is afterwards as it was, whatever the end.
. "${srcdir:-.}/tests/screens/lib.sh"
start_sockets
sockets half 1

# tmux ends attributes with 39 and 49 where there were no colours, too.
has_colors() {
	colors | grep -q "$(printf '\033')\[\([0-9;]*;\)*[34]\([0-7]m\|8;\)"
}

# Monochrome: attributes, never colours. Where only ASCII can be shown, only ASCII is.
term=vt100 lang=C
start 80 24
sees '^.CLOSE-WAIT'
keys F5
sees '+- Group by -'
has_colors && fail 'colours on a vt100'
LC_ALL=C screen | LC_ALL=C grep -q "$(printf '[\200-\377]')" && fail 'not only ASCII'
keys Escape
quit
term= lang=
start 80 24
sees '^.CLOSE-WAIT'
has_colors || fail 'no colours where there should be some'
quit
start 80 24 --ascii
sees '^.CLOSE-WAIT'
keys Enter
sees '^-- who ---'
quit
start 80 24 --no-color
sees '^.CLOSE-WAIT'
has_colors && fail 'colours in spite of --no-color'
quit

# Any size, at any moment, on any page.
start 20 5
sees LISTEN
for key in F1 F2 F3 F4 F5 F6 F9 s d Enter; do
	keys "$key"
	for size in '1 1' '7 3' '20 5' '300 2' '2 60' '80 24'; do
		resize ${size% *} ${size#* }
	done
	keys Escape Escape q
	[ ! -s "$work/status" ] || break
	keys Down
done
# q in the table ends it; on any page it only goes back.
until_true 'an end' test -s "$work/status"
ended 0
$tmux kill-session -t $session

# stty prints the same before and after; also after a signal, and after a crash.
for how in q TERM SEGV; do
	session=shell
	$tmux new-session -d -s $session -x 80 -y 24 "env TERM=xterm-256color LC_ALL=C.UTF-8 sh -i"
	type "stty -a >'$work/before'; '$sockwatch'; stty -a >'$work/after'; echo back again"
	keys Enter
	sees '^.CLOSE-WAIT\|^.LISTEN'
	if [ $how = q ]; then
		keys q
	else
		# The viewer is the shell's own child.
		shell=$($tmux display-message -p -t $session '#{pane_pid}')
		kill -$how "$(child_of "$shell")"
	fi
	sees '^back again'
	cmp "$work/before" "$work/after" || fail "the terminal is another after $how"
	[ "$($tmux display-message -p -t $session '#{alternate_on}#{cursor_flag}#{mouse_any_flag}')" = 010 ] ||
		fail "alternate screen, cursor or mouse are not as before after $how"
	$tmux kill-session -t $session
done

command -v bash >/dev/null || skip 'needs bash for its job control'
# Suspended, the shell has the terminal; continued, the screen is whole again.
session=shell
$tmux new-session -d -s $session -x 80 -y 24 "env TERM=xterm-256color LC_ALL=C.UTF-8 bash --norc -i"
type "'$sockwatch'"
keys Enter
sees '^F1Help'
keys C-z
sees Stopped
sees_not '^F1Help'
type fg
keys Enter
sees '^F1Help'
keys q
sees_not '^F1Help'
$tmux kill-session -t $session

# No terminal that can be used: a sentence, status 2. (libtinfo leaks where it does not know the terminal.)
for name in dumb no-such-terminal; do
	session=$name
	$tmux new-session -d -s $session -x 80 -y 24 "env ASAN_OPTIONS=detect_leaks=0 TERM=$name '$sockwatch' 2>'$work/sentence'; echo \$? >'$work/status.$name'"
	until_true "an end with $name" test -s "$work/status.$name"
	[ "$(cat "$work/status.$name")" = 2 ] || fail "TERM=$name: status $(cat "$work/status.$name")"
	grep -q 'sockwatch list' "$work/sentence" || fail "TERM=$name: $(cat "$work/sentence")"
done
session=
