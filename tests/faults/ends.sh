#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Viewer, keeper and collector are killed, and others of them stopped before, in every order: no process is left, and
# as long as the viewer lives its keys work, it ends at once and gives the terminal back.
. "${srcdir:-.}/tests/screens/lib.sh"

begin() {
	echo "$order"
	start 100 30 -d 0.2
	sees '^.ESTABLISHED'
	processes
}
all_gone() {
	gone "$viewer" "$keeper" "$collector"
	close_terminal
}
# strike SIGNAL WHO: one that has ended already gets none.
strike() {
	case $2 in
	viewer) kill "-$1" "$viewer" 2>/dev/null || : ;;
	keeper) kill "-$1" "$keeper" 2>/dev/null || : ;;
	collector) kill "-$1" "$collector" 2>/dev/null || : ;;
	esac
}

start_sockets
sockets open 1
for order in 'viewer' 'keeper collector viewer' 'collector keeper viewer' 'collector viewer' 'keeper viewer'; do
	begin
	for who in $order; do
		strike KILL "$who"
	done
	all_gone
done

# stopped:killed; then the user ends it.
for order in collector:keeper keeper:collector :keeper ':keeper collector' 'keeper:keeper' 'collector:collector'; do
	begin
	for who in ${order%%:*}; do
		strike STOP "$who"
	done
	for who in ${order#*:}; do
		strike KILL "$who"
	done
	answers_keys
	keys q
	ended 0
	given_back
	all_gone
done
