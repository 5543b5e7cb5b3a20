#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A collector or keeper that is stopped: the screen is not called live any more, says for how long nothing came and
# greys what it shows; keys go on, the end comes at once, and nothing is left behind. The same for a viewer that
# became another user (sudo) and may not signal the others.
. "${srcdir:-.}/tests/screens/lib.sh"

# A row that is not under the cursor. An attribute is written where it changes.
is_grey() {
	colors | grep -q "^.\[38;5;243m\($(printf '\033')\[49m\)* *ESTABLISHED"
}
is_not_grey() {
	! is_grey
}
# ends_at_once: q ends the viewer whatever hangs, the terminal is as it was, nothing is left.
ends_at_once() {
	keys q
	ended 0
	gone "$viewer" "$keeper" "$collector"
	given_back
	close_terminal
}

start_sockets
sockets open 1
start 100 30 -d 0.2
sees ' live '
sees '^.ESTABLISHED'
processes
is_not_grey || fail 'rows are grey without a reason'
kill -STOP "$collector"
sees 'no answer for [0-9]* s'
sees_not ' live '
until_true 'grey rows' is_grey
answers_keys
kill -CONT "$collector"
sees ' live '
sees_not 'no answer'
until_true 'rows in colour' is_not_grey

# A pause is no silence, not even after it.
keys Z
sees 'PAUSED'
sleep 4
shows_not 'no answer' || fail 'a pause is called silence'
keys Z
sees ' live '
shows_not 'no answer' || fail 'the pause counts as silence'

# A keeper that is stopped is named, and what is collected is live.
kill -STOP "$keeper"
sees 'keeper: no answer for [0-9]* s'
shows ' live ' || fail 'what is collected is not called live'
kill -CONT "$keeper"
sees_not 'no answer'

# The collector ends while the keeper is stopped: keys go on, and the keeper starts one when it goes on.
kill -STOP "$keeper"
kill -KILL "$collector"
sees ' no answer for [0-9]* s  keeper: no answer'
answers_keys
kill -CONT "$keeper"
sees ' live '
sees_not 'no answer'
processes

# Each may hang at the end.
kill -STOP "$keeper"
ends_at_once
start 100 30 -d 0.2
sees '^.ESTABLISHED'
processes
kill -STOP "$collector" "$keeper"
ends_at_once

# The viewer is killed, and both others are stopped.
start 100 30 -d 0.2
sees '^.ESTABLISHED'
processes
kill -STOP "$collector" "$keeper"
kill -KILL "$viewer"
gone "$keeper" "$collector"
close_terminal
[ "$(id -u)" = 0 ] || exit 0

# Another user than the keeper.
chmod 755 "$work"
export SUDO_UID=65534 SUDO_GID=65534
$tmux set-environment -g SUDO_UID 65534
$tmux set-environment -g SUDO_GID 65534
start 100 30 -d 0.2
sees '^.ESTABLISHED'
processes
[ "$(awk '/^Uid/ { print $2 }' "/proc/$viewer/status")" = 65534 ] || fail 'the viewer is root'
kill -STOP "$collector" "$keeper"
ends_at_once
