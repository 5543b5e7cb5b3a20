#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# events that cannot listen reports why and ends: no such interface, one that goes away, no right in any
# namespace. "any" is not the name of an interface, but users of tcpdump type it. A reader that takes nothing does
# not keep events from ending.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs setpriv timeout netns-names
ip link set lo up
other=sockwatch-ew-$$
cleanup_more() {
	ip netns del $other 2>/dev/null || :
}

# ends STATUS SENTENCE OPTION…: within a minute, and the sentence is its last one before the counts.
ends() {
	expected=$1
	sentence=$2
	shift 2
	status=0
	timeout 60 "$@" >"$work/out" 2>"$work/err" || status=$?
	[ $status = "$expected" ] || {
		cat "$work/err"
		fail "$*: status $status, not $expected"
	}
	grep -v ' segments: ' "$work/err" | tail -1 | grep -q "$sentence" || {
		cat "$work/err"
		fail "$*: does not say: $sentence"
	}
}

not_running() {
	! kill -0 "$1" 2>/dev/null
}

ends 2 'there is no interface "none"' "$sockwatch" events -i none
ends 2 'there is no interface "none"' "$sockwatch" events -i none --netns all
ends 2 'an interface has a name' "$sockwatch" events -i ''
ends 1 'needs CAP_NET_RAW' setpriv --reuid 65534 --clear-groups "$sockwatch" events
ends 1 'no network namespace can be captured in' \
	setpriv --reuid 65534 --clear-groups "$sockwatch" events --netns all

"$sockwatch" events -i any --for 1 2>"$work/err" || fail "-i any: $(cat "$work/err")"

# A renamed interface is still captured; when it is gone, nothing more can come.
ip link add there type veth peer name peer
ip link set there up
ip link set peer up
"$sockwatch" events -d 0.1 -i there 2>"$work/err" &
events=$!
children="$children $events"
until_true 'the capture' captures 1
ip link set there down
ip link set there name other
ip link set other up
sleep 0.5
kill -0 $events || fail "events ended when its interface was renamed: $(cat "$work/err")"
ip link del other
status=0
wait $events || status=$?
[ $status = 1 ] || fail "status $status when the interface had gone: $(cat "$work/err")"
grep -q 'the interface "there" is gone' "$work/err" || fail "does not say that it is gone: $(cat "$work/err")"
grep -q ' dropped by the kernel' "$work/err" || fail 'does not tell its counts'

# Nobody reads its output, and the pipe is full: a signal ends it all the same.
mkfifo "$work/pipe"
exec 9<>"$work/pipe"
dd if=/dev/zero of="$work/pipe" oflag=nonblock bs=4096 2>/dev/null || :
"$sockwatch" events >"$work/pipe" 2>"$work/err" &
events=$!
children="$children $events"
until_true 'the capture' captures 1
"$sockwatch" connect 127.0.0.1 9 >"$work/out" 2>&1 || :
kill -INT $events
status=0
wait $events || status=$?
[ $status = 1 ] || fail "status $status when nobody takes the output: $(cat "$work/err")"
grep -q 'nobody reads it' "$work/err" || fail "does not say that nobody reads the output: $(cat "$work/err")"

# Standard output is closed: the output goes nowhere else, such as into the collector's socket.
"$sockwatch" events >&- 2>"$work/err" &
events=$!
children="$children $events"
until_true 'the capture' captures 1
"$sockwatch" connect 127.0.0.1 9 >"$work/out" 2>&1 || :
until_true 'the end without an output' not_running $events
status=0
wait $events || status=$?
[ $status = 1 ] || fail "status $status without an output: $(cat "$work/err")"
grep -q 'the output cannot be written' "$work/err" || fail "does not say that there is no output: $(cat "$work/err")"

# A namespace that goes away is reported once, not at each look; it may come again.
ip netns add $other
"$sockwatch" events -d 0.1 --netns $other 2>"$work/err" &
events=$!
children="$children $events"
until_true 'the capture there' captures 1 nsenter --net=/run/netns/$other
ip netns del $other
until_true 'the word that it is gone' grep -q "no network namespace \"$other\"" "$work/err"
ip netns add $other
until_true 'the capture of the new one' captures 1 nsenter --net=/run/netns/$other
ip netns del $other
sleep 3
kill -INT $events
wait $events || fail "status $? after the namespace had gone"
[ "$(grep -c 'no network namespace' "$work/err")" = 2 ] || fail "it is not said twice: $(cat "$work/err")"
