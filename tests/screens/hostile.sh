#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A process whose name tries to steer the terminal, and a wide one: both are shown, neither harms.
. "${srcdir:-.}/tests/screens/lib.sh"
start_sockets "$(printf '\033[2J\033]0;x\a')"
start 120 40
sees '^.LISTEN'
sees '?\[2J?\]0;x?'
sees '^ sockwatch '
sees '^F1Help'
[ "$($tmux display-message -p -t $session '#{pane_title}')" != x ] || fail 'the title was set'
keys P
sees 'Filter by process'
sees '│ ?\[2J?\]0;x?'
keys Enter
sees 'filter: process "\\x1b\[2J\\x1b\]0;x\\x07"'
sees '^.LISTEN'
keys Enter
sees '── who ─'
sees 'process  *?\[2J'
quit

# The menu's filter finds the row's own process, whatever bytes its name has, and no other.
for name in 'new\nline' 'tab\tbed' 'bad\377utf' 'del\177' '"quoted" \\' 'and' 'a,b|c' ''; do
	exec 8>&-
	rm "$work/in"
	port=$((port + 1))
	start_sockets "$(printf "$name")"
	start 120 40
	sees "^.LISTEN.*[/ (]$holder"
	keys P
	sees 'Filter by process'
	keys Enter
	sees 'filter: p'
	sees "^.LISTEN.*[/ (]$holder"
	sees_not 'no socket'
	quit
done

exec 8>&-
rm "$work/in"
port=$((port + 1))
start_sockets '数据库服务'
start 80 24
sees "数据库服务/$holder"
quit
