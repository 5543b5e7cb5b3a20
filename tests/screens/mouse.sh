#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The mouse: a click selects, two open, a heading sorts, the wheel scrolls, a label of the footer acts.
. "${srcdir:-.}/tests/screens/lib.sh"
start_sockets
sockets open 60
# Nothing that changes, and no owners: a line about processes of others could come at any time and move the table.
echo 'columns = state,local,remote' >"$work/columns"
start 100 30 --no-color --config "$work/columns"
sees '^.LISTEN'

# press BUTTON COLUMN LINE, from 1, as xterm reports it; with "twice" a double click, in one go.
press() {
	reports=$(printf '\033[<%d;%d;%dM\033[<%d;%d;%dm' "$1" "$2" "$3" "$1" "$2" "$3")
	[ "${4:-}" != twice ] || reports=$reports$reports
	type "$reports"
}
line_of() {
	screen | grep -n -e "$1" | head -1 | cut -d: -f1
}

heading=$(line_of '^ STATE')
press 0 3 "$heading"
sees 'STATE[▲▼]'
press 0 3 $((heading + 5))
cursor_on ESTABLISHED
[ "$(cursor_line)" = "$(screen | sed -n "$((heading + 5))p")" ] || fail 'another line was selected'
first=$(screen | sed -n "$((heading + 1))p")
press 65 3 $((heading + 5))
until_true 'the rows scroll' sh -c "! $tmux capture-pane -p -t $session | grep -qxF '$first'"
press 64 3 $((heading + 5))
sees "$(printf %s "$first" | cut -c1-60 | sed 's/[][*.]/\\&/g')"
footer=$(line_of '^F1Help')
press 0 3 "$footer"
sees 'Moving'
keys Escape
sees '^ STATE'
press 0 5 $((heading + 7)) twice
sees '── who ─'
quit
