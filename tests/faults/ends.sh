#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Viewer, keeper, collector and (of a login as root) the opener are killed, and others of them stopped before, in every
# order: no process is left, and as long as the viewer lives its keys work, it ends at once and gives the terminal back.
. "${srcdir:-.}/tests/screens/lib.sh"

# The process that writes root's files.
find_opener() {
	opener=
	for child in $(cat "/proc/$viewer/task/$viewer/children"); do
		[ "$(cat "/proc/$child/comm")" != sockwatch-open ] || opener=$child
	done
}
begin() {
	echo "$order"
	start 100 30 -d 0.2
	sees '^.ESTABLISHED'
	processes
	find_opener
}
all_gone() {
	gone "$viewer" "$keeper" "$collector" $opener
	close_terminal
}
# strike SIGNAL WHO…: one that has ended already gets none.
strike() {
	signal=$1
	shift
	for who; do
		case $who in
		viewer) kill "-$signal" "$viewer" 2>/dev/null || : ;;
		keeper) kill "-$signal" "$keeper" 2>/dev/null || : ;;
		collector) kill "-$signal" "$collector" 2>/dev/null || : ;;
		opener) [ -z "$opener" ] || kill "-$signal" "$opener" 2>/dev/null || : ;;
		esac
	done
}

start_sockets
sockets open 1
# All orders in which others are killed before the viewer, which ends the rest.
others='keeper collector'
[ "$(id -u)" != 0 ] || others='keeper collector opener'
orders=$(awk -v words="$others" '
	function extend(order, used,    i) {
		print order " viewer"
		for (i = 1; i <= count; i++)
			if (index(used, i) == 0)
				extend(order " " word[i], used i)
	}
	BEGIN { count = split(words, word, " "); extend("", "") }')
while read -r order; do
	begin
	strike KILL $order
	all_gone
done <<END
$orders
END

# stopped:killed; then the user ends it, or where the viewer is stopped somebody kills it.
stopped=':
keeper:
collector:
keeper collector:'
[ "$(id -u)" != 0 ] || stopped="$stopped
opener:
keeper opener:
collector opener:
keeper collector opener:"
while read -r order; do
	for killed in '' keeper collector 'keeper collector' opener; do
		order="${order%%:*}:$killed"
		begin
		strike STOP ${order%%:*}
		strike KILL $killed
		answers_keys
		keys q
		ended 0
		given_back
		all_gone
	done
	# A stopped viewer reads nothing; the others end with it, stopped or not.
	order="viewer ${order%%:*}:viewer"
	begin
	strike STOP ${order%%:*}
	strike KILL viewer
	all_gone
done <<END
$stopped
END
