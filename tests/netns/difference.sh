#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# list --against: a service comes, another goes, connections come and change their state, data stays unread; against a
# file, against a time of one file, and live.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
ip link set lo up

on_failure() {
	cat "$work/got" "$work/err" 2>/dev/null || :
}

start_dial stays serve 127.0.0.1 80
start_dial client 127.0.0.1 80 4
start_dial goes serve 127.0.0.1 81
"$sockwatch" record -d 0.2 --quiet "$work/both.pcap" 2>"$work/err" &
recorder=$!
children="$children $recorder"
# at TIME COUNT PORT: the recording has so many listeners of this port at this time.
listeners() {
	[ "$("$sockwatch" list --from "$work/both.pcap" --json state listen and lport "$2" 2>/dev/null | wc -l)" = "$1" ]
}
until_true 'the first listeners are recorded' listeners 1 81
until_true 'the connections are recorded' eval '[ "$("$sockwatch" list --from "$work/both.pcap" --json state established and process dial | wc -l)" = 8 ]'
cp "$work/both.pcap" "$work/before.pcap"
time=@$(date +%s.%N)

# What happens. The side that closes goes to TIME-WAIT, by way of FIN-WAIT-2: its peer closes when its program ends.
kill "$pid_goes"
start_dial comes serve 127.0.0.1 82
start_dial more 127.0.0.1 80 3
is_over() {
	listeners 0 81 && listeners 1 82 &&
		[ "$("$sockwatch" list --from "$work/both.pcap" --json state established and process dial | wc -l)" = 14 ]
}
until_true 'all of it is recorded' is_over
kill -INT $recorder
wait $recorder || fail "record ended with status $?"

# got FILTER: the lines "CHANGE STATE PORT" of what differs, counted.
got() {
	jq -r '[.change, .was // "-", .state, .local_port // 0] | map(tostring) | join(" ")' "$work/json" | sort | uniq -c | sed 's/^ *//' >"$work/got"
}
expect() {
	"$sockwatch" list --json "$@" process dial and not lport gt 1024 >"$work/json" 2>"$work/err" || fail "$*: status $?"
	got
	printf '%s\n' '1 came - LISTEN 82' '1 went - LISTEN 81' '3 came - ESTABLISHED 80' | sort >"$work/expected"
	sort "$work/got" >"$work/sorted"
	same "$*" "$work/expected" "$work/sorted"
}
expect --from "$work/both.pcap" --against "$time"
expect --from "$work/both.pcap" --against "$work/before.pcap"
# The older one is the first, whichever was named where.
expect --from "$work/before.pcap" --against "$work/both.pcap"
expect --against "$work/before.pcap"

# Live against now: nothing of it differs; a state and a queue do.
"$sockwatch" record --for 1 --quiet "$work/now.pcap" 2>/dev/null
dial_answers client close 'closed 4'
"$sockwatch" list --against "$work/now.pcap" --json rport 80 and change state >"$work/json"
got
[ "$(grep -c . "$work/json")" = 4 ] || fail 'four connections are in another state'
! jq -e 'select(.was != "ESTABLISHED")' "$work/json" >/dev/null || fail 'not from ESTABLISHED'
! jq -e 'select(.process != "dial")' "$work/json" >/dev/null || fail 'the process of before is not named'

# A queue: two connections that nobody accepts.
start_dial slow wait 127.0.0.1 83 10
"$sockwatch" record --for 1 --quiet "$work/queue.pcap" 2>/dev/null
start_dial waits 127.0.0.1 83 2
"$sockwatch" list --against "$work/queue.pcap" --json state listen >"$work/json"
[ "$(jq -r '[.change, .grew, .accept_queue_more, .local_port] | join(" ")' "$work/json")" = 'grew accept_queue +2 2 83' ] || {
	cp "$work/json" "$work/got"
	fail 'the accept queue grew by 2'
}
"$sockwatch" list --against "$work/queue.pcap" | tail -2 >"$work/got"
grep -q -E '^in all [0-9]+ came, [0-9]+ went, [0-9]+ in another state, 1 grew$' "$work/got" || fail 'the line below the table'
# Without rights it reads as well.
"$sockwatch" list --from "$work/both.pcap" --against "$time" --csv --fields change,local_port state listen >"$work/got"
printf 'change,local_port\ncame,82\nwent,81\n' | cmp -s - "$work/got" || fail 'CSV'
