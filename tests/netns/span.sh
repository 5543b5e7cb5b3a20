#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A part of a recording, by --begin and --end: what counters say changed in it, which findings of doctor stood in it
# and when, which events were in it; and events --write, whose packets have their process as comment.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
ip link set lo up

on_failure() {
	cat "$work/err" "$work/out" 2>/dev/null || :
}

start_dial server serve 127.0.0.1 80
start_dial slow wait 127.0.0.1 81 2
"$sockwatch" record -d 0.3 --quiet "$work/box.pcap" 2>"$work/err" &
recorder=$!
children="$children $recorder"
# json COMMAND…: of the recording so far.
json() {
	"$sockwatch" "$@" --json --from "$work/box.pcap"
}
snapshots() {
	[ "$(json counters 1 | wc -l)" -ge "$1" ]
}
# later COUNT: so many more snapshots.
later() {
	until_true 'later snapshots' snapshots $(($(json counters 1 | wc -l) + $1))
}
until_true 'snapshots' snapshots 3
first=@$(date +%s.%N)
start_dial five 127.0.0.1 80 5
# Three wait where two may.
start_dial full 127.0.0.1 81 3
# A queue is judged over some seconds.
later 20
second=@$(date +%s.%N)
for i in 1 2 3; do echo accept >"$work/slow.in"; done
later 3
start_dial seven 127.0.0.1 80 7
later 3
third=@$(date +%s.%N)
later 3
kill -INT $recorder
wait $recorder || fail "record ended with status $?"

# opens BEGIN END: connections opened in this time, by the rate over it.
opens() {
	json counters --begin "$1" --end "$2" --fields Tcp.ActiveOpens >"$work/out" 2>"$work/err" || fail "counters: status $?"
	[ "$(wc -l <"$work/out")" = 1 ] || fail 'counters: not one line'
	jq -r '.rates["Tcp.ActiveOpens"] * .interval_s * 10 + 5 | floor / 10 | floor' "$work/out"
}
[ "$(opens "$first" "$second")" = 8 ] || fail 'opened in the first part'
[ "$(opens "$second" "$third")" = 7 ] || fail 'opened in the second part'
[ "$(opens "$first" "$third")" = 15 ] || fail 'opened in both'
status=0
"$sockwatch" counters --from "$work/box.pcap" --begin +1h 2>"$work/err" || status=$?
[ $status = 1 ] && grep -q 'no complete snapshot between' "$work/err" || fail 'a span after the end'
[ "$(json counters 1 --begin "$second" | wc -l)" -lt "$(json counters 1 | wc -l)" ] || fail 'every snapshot of a span'

# The finding stood in the first part, is told of the whole, and not of what was after it.
judge() {
	status=0
	"$sockwatch" doctor --json --rule accept-queue --from "$work/box.pcap" "$@" >"$work/out" 2>"$work/err" || status=$?
}
judge --begin "$first" --end "$second"
[ $status -ge 1 ] && [ "$(jq -r .state "$work/out")" = stands ] || fail "the finding stands in the first part: status $status"
judge --begin "$third"
[ $status = 0 ] && [ ! -s "$work/out" ] || fail 'a finding where nothing is full'
since=$(date -d "$("$sockwatch" doctor --json --rule accept-queue --from "$work/box.pcap" --begin "$first" | jq -r .since)" +%s.%N)
awk -v since="$since" -v first="${first#@}" -v second="${second#@}" 'BEGIN { exit !(since > first && since < second) }' ||
	fail "it stood since $since"

# Events of the span; as a capture.
[ "$("$sockwatch" events --from "$work/box.pcap" --begin "$second" --end "$third" kind = syn 2>/dev/null | wc -l)" = 7 ] ||
	fail 'events of the second part'
"$sockwatch" events --from "$work/box.pcap" --begin "$first" --end "$third" --write "$work/out.pcapng" dport 80 2>"$work/err" || fail 'events --write'
grep -q '; 12 packets written to ' "$work/err" || fail 'the number of packets'
[ "$(stat -c %a "$work/out.pcapng")" = 600 ] || fail 'who may read it'
[ "$("$sockwatch" events -r "$work/out.pcapng" kind = syn 2>/dev/null | wc -l)" = 12 ] || fail 'sockwatch does not read it'
status=0
"$sockwatch" events --from "$work/box.pcap" --write "$work/out.pcapng" 2>"$work/err" || status=$?
[ $status = 2 ] && grep -q 'is there already' "$work/err" || fail 'it replaced a file'
if command -v tshark >/dev/null; then
	tshark -r "$work/out.pcapng" -T fields -e tcp.dstport -e frame.comment >"$work/out" 2>"$work/err" || fail 'tshark'
	[ "$(grep -c "^80	dial/$pid_five > dial/$pid_server; 1/3\$" "$work/out")" = 5 ] || fail 'comments of five'
	[ "$(grep -c "^80	dial/$pid_seven > dial/$pid_server; 1/3\$" "$work/out")" = 7 ] || fail 'comments of seven'
fi
if command -v capinfos >/dev/null; then
	capinfos -M -c -E "$work/out.pcapng" >"$work/out" 2>&1 || fail 'capinfos'
	grep -q 'Number of packets: *12$' "$work/out" || fail 'capinfos counts others'
fi
