#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# replay: the monitor of a recording shows at each moment what `list --from FILE --at TIME` lists; time runs and stands;
# a snapshot on and back, a minute, a moment, a mark; several files are one span; nothing can be done to what was.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs root: words that follow would be files'

record() {
	"$sockwatch" record -d 0.2 "$@" 2>"$work/record.err" &
	recorder=$!
	children="$children $recorder"
}
stop_recording() {
	kill -TERM "$recorder"
	wait "$recorder" || fail "record ended with status $?: $(cat "$work/record.err")"
}
has_snapshot() {
	"$sockwatch" list --from "$1" >"$work/list" 2>&1 && grep -q "$2" "$work/list"
}

box=$work/box.pcap
start_sockets
record "$box"
until_true 'a first snapshot' has_snapshot "$box" LISTEN
sockets open 2
until_true 'the connections in the recording' has_snapshot "$box" ESTAB
sleep 0.7
kill -USR2 "$recorder" # a mark
sleep 0.7
kill -USR1 "$recorder" # a key frame
sockets open 3
sleep 0.7
sockets reset
sleep 0.7
stop_recording

# The rows of the screen, and those of the list.
rows() {
	screen | grep -v '^x' | cut -c 2- | awk '$4 ~ /:[0-9]+$/ { print $1, $4, $5 }' | sort
}
listed() {
	"$sockwatch" list --from "$box" --at "$1" -n --fields state,local,remote 2>/dev/null | awk 'NR > 1 { print $1, $2, $3 }' | sort
}
shows_list() {
	rows >"$work/rows"
	cmp -s "$work/rows" "$work/listed"
}
# moment TIME: b goes there, and the screen is the list of then.
moment() {
	keys b
	sees 'Go to'
	type "$1"
	keys Enter
	sees_not 'Go to'
	listed "$1" >"$work/listed"
	[ -s "$work/listed" ] || fail "nothing is listed at $1"
	until_true "the list of $1" shows_list
}

start 100 30 replay --no-color --numeric "'$box'"
sees 'stands ..:..:..\.... .*\[=\{0,4\}|-.*[\^].*\] *0:00 of 0:0'
sees '1x$'
moment +0.5
moment -0
moment +1.1
moment +2.4
moment +0.3
moment +2

# A snapshot on and back is the same moment again.
place() {
	screen | sed -n 's/.*stands \([0-9:.]*\) .*/\1/p'
}
moves_from() {
	[ -n "$(place)" ] && [ "$(place)" != "$1" ]
}
keys ]
here=$(place)
keys ]
until_true 'the next snapshot' moves_from "$here"
there=$(place)
keys [
until_true 'the snapshot before' moves_from "$there"
[ "$(place)" = "$here" ] || fail "back at $(place), not $here"

# To the mark, and no further.
keys b
type +0
keys Enter
keys ')'
sees '=|-'
keys ')'
sees 'no mark after this moment'
# The ends.
keys '}'
sees '=|\]'
keys ]
sees 'this is the last snapshot'
keys '{'
sees '\[=\{0,4\}|-'
keys [
sees 'this is the first snapshot'

# It runs to the end, and stands there.
keys d
sees 'How fast'
type 1000
keys Enter
sees 'is not a speed; it is 0.1 to 100, or max'
keys C-u
type 20
keys Enter
sees ' 20x$'
keys Space
sees 'the recording ends here'
sees 'stands'
keys d
type max
keys Enter
sees ' max$'

# The other pages are of that moment too; the page of a socket goes with it.
keys 5
sees 'TCP.inuse'
keys 2
sees 'LOCAL'
keys 6
sees 'FINDING'
keys 1
keys b
type +1.1
keys Enter
sees '^.ESTABLISHED'
keys F9
sees 'this is a recording'
keys Down
cursor_on '^.ESTABLISHED'
keys Enter
sees 'handshake and close'
keys ]
keys [
sees 'handshake and close'
keys Escape
sees '^.ESTABLISHED'
for size in '80 24' '40 10' '200 60' '100 30'; do
	resize ${size% *} ${size#* }
	sees 'sockwatch'
done
quit

# A folder of a ring is one span; what is between its files is told.
mkdir "$work/ring"
chmod 777 "$work/ring"
record "$work/ring/first"
until_true 'a first snapshot' has_snapshot "$work/ring/first" LISTEN
stop_recording
sockets open 1
record "$work/ring/second"
until_true 'a first snapshot' has_snapshot "$work/ring/second" LISTEN
sleep 0.5
stop_recording
start 100 30 replay --no-color --at -0 --speed max "'$work/ring'"
sees 'max$'
sees '^.ESTABLISHED'
keys b
type +0
keys Enter
keys Space
sees 'the recording ends here'
quit

# What is no recording, what is not there, and what makes no sense.
refuses() {
	sentence=$1
	shift
	status=0
	$tmux new-session -d -s refuse -x 80 -y 24 "'$sockwatch' replay $* 2>'$work/errors'; echo \$? >'$work/refused'; sleep 1000"
	until_true 'the end of it' test -s "$work/refused"
	[ "$(cat "$work/refused")" = 2 ] || fail "$*: exit status $(cat "$work/refused")"
	grep -q -e "^sockwatch: .*$sentence" "$work/errors" || fail "$*: $(cat "$work/errors")"
	[ "$(wc -l <"$work/errors")" = 1 ] || fail "$*: $(cat "$work/errors")"
	rm -f "$work/refused"
	$tmux kill-session -t refuse
}
echo hello >"$work/text"
mkdir "$work/empty"
chmod 755 "$work/empty"
refuses 'which recording'
refuses 'cannot open /nonexistent' /nonexistent
refuses 'holds no complete snapshot' "'$work/text'"
refuses 'no recording in the folder' "'$work/empty'"
refuses 'speed' --speed 0 "'$box'"
refuses 'is not a time' --at noon "'$box'"
refuses 'is not within the recording, which is from' --at "$(date -d '-2 minutes' +%H:%M:%S)" "'$box'"
refuses '--netns is about what is now' --netns all "'$box'"
