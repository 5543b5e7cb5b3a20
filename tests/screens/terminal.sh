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

command -v bash >/dev/null || skip 'needs bash: it knows all signals by name'
# stty prints the same before and after; also after a crash, and after each signal that ends the program.
for how in q TERM SEGV QUIT USR1 USR2 ALRM PROF VTALRM IO SYS TRAP PWR STKFLT XCPU RTMIN RTMAX; do
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
		bash -c "kill -s $how $(child_of "$shell")"
	fi
	sees '^back again'
	cmp "$work/before" "$work/after" || fail "the terminal is another after $how"
	[ "$($tmux display-message -p -t $session '#{alternate_on}#{cursor_flag}#{mouse_any_flag}')" = 010 ] ||
		fail "alternate screen, cursor or mouse are not as before after $how"
	$tmux kill-session -t $session
done


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

# A terminal whose description is not there and that does what a known one does: taken for that one, and said so.
for name in alacritty foot xterm-kitty; do
	mkdir -p "$work/terminfo/x"
	cp "$(find /usr/share/terminfo /lib/terminfo /etc/terminfo -name xterm-256color 2>/dev/null | head -n 1)" "$work/terminfo/x"
	session=$name
	$tmux new-session -d -s $session -x 120 -y 24 \
		"env ASAN_OPTIONS=detect_leaks=0 TERM=$name TERMINFO='$work/terminfo' TERMINFO_DIRS='$work/terminfo' LC_ALL=C.UTF-8 '$sockwatch'"
	sees '^.CLOSE-WAIT\|^.LISTEN'
	sees "TERM=$name .*taken for xterm-256color"
	$tmux kill-session -t $session
done

# COLUMNS and LINES of another terminal, or of nobody's, do not count.
session=size
$tmux new-session -d -s $session -x 80 -y 24 "env TERM=xterm-256color COLUMNS=99999 LINES=3 LC_ALL=C.UTF-8 '$sockwatch'"
sees '^F1Help.*F10Quit'
$tmux kill-session -t $session

# No terminal that can be used: the reason in a sentence, status 2. (libtinfo leaks where it does not know the
# terminal.)
refuses() {
	name=$1
	session=$name
	$tmux new-session -d -s $session -x 80 -y 24 "env $2 ASAN_OPTIONS=detect_leaks=0 '$sockwatch' 2>'$work/sentence'; echo \$? >'$work/status.$name'"
	until_true "an end with $name" test -s "$work/status.$name"
	[ "$(cat "$work/status.$name")" = 2 ] || fail "$name: status $(cat "$work/status.$name")"
	grep -q "$3" "$work/sentence" || fail "$name: $(cat "$work/sentence")"
	grep -q 'sockwatch list' "$work/sentence" || fail "$name: $(cat "$work/sentence")"
}
refuses dumb TERM=dumb '"dumb" cannot move its cursor'
refuses no-such-terminal TERM=no-such-terminal '"no-such-terminal" is not in the terminfo database'
refuses unset '-u TERM' 'TERM is not set'
refuses empty TERM= 'TERM is empty'
session=
status=0
"$sockwatch" </dev/null >"$work/out.none" 2>"$work/sentence" || status=$?
[ $status = 2 ] && grep -q 'standard input is none' "$work/sentence" || fail "no terminal: $(cat "$work/sentence")"
