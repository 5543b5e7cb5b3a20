#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A killed collector is a sentence on the screen and a restart; the end of the monitor leaves no process.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
command -v script >/dev/null || skip 'needs script'

has_child() {
	[ -n "$(child_of "$1")" ]
}
shows() {
	grep -q -a -e "$1" "$work/screen"
}

mkfifo "$work/keys"
TERM=xterm XDG_CONFIG_HOME="$work" script -qefc "stty cols 120 rows 30; echo \$\$ >$work/pid; exec $sockwatch" \
	"$work/screen" <"$work/keys" >/dev/null 2>&1 &
screen=$!
children="$children $screen"
exec 8>"$work/keys"
until_true 'the screen' shows 'PROCESS'
monitor=$(cat "$work/pid")
keeper=$(child_of "$monitor")
until_true 'a collector' has_child "$keeper"
collector=$(child_of "$keeper")
[ -n "$collector" ] || fail 'there is no collector'

kill -KILL "$collector"
until_true 'the sentence' shows 'started again'
another() {
	new=$(child_of "$keeper")
	[ -n "$new" ] && [ "$new" != "$collector" ]
}
until_true 'another collector' another
until_true 'the good news' shows 'runs again'

# The keeper too: that cannot be repaired, and is shown; the screen stays.
kill -KILL "$keeper"
until_true 'the second sentence' shows 'start sockwatch again'
kill -0 "$monitor" || fail 'the monitor ended'

printf q >&8
ended() {
	! kill -0 "$monitor"
}
until_true 'the end' ended
status=0
wait $screen || status=$?
[ $status = 0 ] || fail "the monitor ended with status $status"
for pid in "$keeper" "$new"; do
	# A zombie of another process does not count.
	case $(cat "/proc/$pid/stat" 2>/dev/null) in
	'' | *') Z '*) ;;
	*) fail "process $pid was left behind" ;;
	esac
done
