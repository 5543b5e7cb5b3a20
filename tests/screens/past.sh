#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The monitor's own past: [ goes back while it is live, ] behind the last snapshot and End come to now, where nothing was
# missed meanwhile; R writes what was seen, and replay shows it. With past = 0 nothing is kept.
. "${srcdir:-.}/tests/screens/lib.sh"

start_sockets
sockets open 2
start 100 30 --no-color --delay 0.3
sees '^.ESTABLISHED'
sees ' live '
sleep 1
sockets open 1
sees '6 sockets\|7 sockets'
sockets reset
sees_not '^+ESTABLISHED'
sleep 1

# Back to when there was one more, and on to now.
established() {
	screen | sed -n 's/.*ESTABLISHED \([0-9]*\) .*/\1/p' | head -1
}
now=$(established)
keys [
sees 'the past'
sees 'stands ..:..:..'
more_than_now() {
	[ "$(established)" -gt "$now" ] || {
		keys [
		return 1
	}
}
until_true 'the connection that has ended' more_than_now
sees 'the past'
keys F9
sees 'this is a recording'
# What happens meanwhile is there when it comes back.
sockets open 3
keys 6
sees 'FINDING'
keys 5
sees 'TCP.inuse'
keys 2
sees 'LOCAL'
keys 1
keys End
sees ' live '
sees_not 'the past'
is_live() {
	[ "$(established)" -gt "$((now + 2))" ]
}
until_true 'the connections that were opened meanwhile' is_live
comes_back() {
	shows ' live ' || {
		keys ]
		return 1
	}
}
keys [
sees 'the past'
until_true 'now, behind the last snapshot' comes_back

# What was seen becomes a recording.
# On a disk that is busy root's opener may be too slow once.
tries=0
wrote() {
	shows 'wrote what was seen to box[0-9]*.pcap' || {
		tries=$((tries + 1))
		box=box$tries.pcap
		keys R
		sees 'Write what was seen to file'
		keys C-u
		type "$box"
		keys Enter
		sees_not 'Write what was seen to file'
		sleep 1
		shows 'wrote what was seen to box[0-9]*.pcap'
	}
}
until_true 'the recording of what was seen' wrote
quit
"$sockwatch" list --from "$work/$box" >"$work/list" || fail 'the file cannot be read'
grep -q ESTABLISHED "$work/list" || fail 'nothing is in it'
[ "$(stat -c %a "$work/$box")" = 600 ] || fail "mode $(stat -c %a "$work/$box")"
if [ "${SOCKWATCH_TEST_INSIDE:-}" = yes ]; then
	start 100 30 replay --no-color "'$work/$box'"
	sees 'stands'
	sees '^.ESTABLISHED'
	keys Space
	sees 'the recording ends here\|plays'
	quit
fi

# Nothing is kept where nothing is to be kept.
mkdir -p "$XDG_CONFIG_HOME/sockwatch"
echo 'past = 0' >"$XDG_CONFIG_HOME/sockwatch/config"
start 100 30 --no-color
sees '^.ESTABLISHED'
keys [
sees 'nothing is kept of the past'
quit
