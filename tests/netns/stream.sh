#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# collect > FILE is a pcap file: tcpdump and tshark open it, and list --from FILE shows what list shows.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
start_zoo

"$sockwatch" collect -d 0.2 >"$work/box.pcap" </dev/null &
collector=$!
children="$children $collector"
has_snapshot() {
	"$sockwatch" list --from "$work/box.pcap" --json >"$work/out" 2>"$work/err" &&
		grep -q TIME-WAIT "$work/out" && ! grep -q 'within its first snapshot' "$work/err"
}
until_true 'a snapshot in the recording' has_snapshot
kill -TERM $collector
wait $collector || fail "collect ended with status $?"

normal() {
	jq -r 'select(.proto == "tcp") | [.state, .local_addr, .local_port, .remote_addr, .remote_port, .process // "-",
		.recv_q // .accept_queue, .send_q // .backlog, .uid, .inode] | map(tostring) | join(" ")' | sort
}
"$sockwatch" list --json | normal >"$work/live"
"$sockwatch" list --from "$work/box.pcap" --json | normal >"$work/replayed"
same 'list --from against list' "$work/live" "$work/replayed"

# A standard input that ends before a subscription came is none: `ssh -n`, or nohup behind a pipe.
true | "$sockwatch" collect -d 0.2 >"$work/silent.pcap" &
collector=$!
children="$children $collector"
has_refreshes() {
	"$sockwatch" list --from "$work/silent.pcap" --at +0.3 --json >"$work/out" 2>"$work/err" && grep -q LISTEN "$work/out" &&
		[ "$(grep -c . "$work/out")" -gt 5 ] && kill -0 $collector
}
until_true 'refreshes without a subscription' has_refreshes
kill -TERM $collector
wait $collector || fail "collect without a subscription ended with status $?"

# A recording that was cut is read as far as it goes.
size=$(wc -c <"$work/box.pcap")
head -c $((size - 7)) "$work/box.pcap" >"$work/cut.pcap"
"$sockwatch" list --from "$work/cut.pcap" --json 2>"$work/err" | normal >"$work/replayed"
same 'list --from a cut file' "$work/live" "$work/replayed"

# A file that is not a recording is refused in one sentence that names it.
echo 'not a recording' >"$work/text"
status=0
"$sockwatch" list --from "$work/text" >"$work/out" 2>"$work/err" || status=$?
[ $status = 2 ] && [ ! -s "$work/out" ] && grep -q "$work/text" "$work/err" && [ "$(wc -l <"$work/err")" = 1 ] || {
	cat "$work/err"
	fail "status $status for a file that is no recording"
}

command -v tcpdump >/dev/null || skip 'tcpdump is not here to open the file'
tcpdump -r "$work/box.pcap" -c 5 >"$work/out" 2>"$work/err" || {
	cat "$work/err"
	fail 'tcpdump cannot open the recording'
}
command -v tshark >/dev/null || skip 'tshark is not here to open the file'
frames=$(tshark -r "$work/box.pcap" -T fields -e frame.number 2>/dev/null | wc -l)
[ "$frames" -gt 10 ] || fail "tshark reads $frames frames of the recording"
