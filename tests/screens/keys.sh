#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No key is silent: one that has no use on a screen, or none at the moment, is answered with a word.
. "${srcdir:-.}/tests/screens/lib.sh"
start_sockets
sockets open 1

# answers KEY WORDS: the key brings a message with these words, and the next one another.
answers() {
	keys "$1"
	sees "$2"
}

# unbound: what no screen knows.
unbound() {
	answers 9 'there is no screen 9'
	answers '~' '~ does nothing'
	answers F11 'F11 does nothing'
}

start 120 40
sees '^.ESTABLISHED'
unbound
answers V 'V does nothing'
answers r 'r does nothing on this screen, elsewhere: on the screen of paths: probe it again'
answers + 'there are no groups here'
answers - 'there are no groups here'
answers Escape 'there is no filter to clear'
answers 1 'that is this screen'
answers Left 'that is the first column'
answers A 'rows stand as they came'
answers I 'the order of arrival has no other way round'
answers '<' 'there is no column further left\|^ *STATE'
answers A 'trouble first'
keys s
sees 'Filter by state'
answers F11 'F11 does nothing here; Esc closes this'
keys Escape
sees_not 'Filter by state'
keys F4
answers F11 'F11 does nothing here; Esc closes this'
keys Escape
sees F10Quit

keys 2
sees 'HALF-OPEN'
unbound
keys 3
sees 'Still'
unbound
answers s 's does nothing on this screen, elsewhere: filter by state'
answers Enter 'the list stands still\|nothing to do here now'
keys End
keys 4
sees 'no path is probed'
unbound
answers x 'there is no path'
answers n 'addresses alone\|names beside'
answers Enter 'nothing to do here now'
keys 1
keys Enter
sees 'who'
unbound
answers s 's does nothing on this screen'
keys Escape
keys F1
sees 'Moving'
unbound
answers Enter 'there is nothing to open here'
keys Escape
keys F2
sees 'Columns shown'
unbound
keys Tab
answers ']' 'that is for the columns that are shown'
keys Escape
quit

# Nothing lies below the page of one path.
start 80 24 probe -n 127.0.0.1
sees 'path to 127.0.0.1'
answers Escape 'there is no page to go back to'
answers 2 'there is one path here'
answers 9 'there is no screen 9'
quit
