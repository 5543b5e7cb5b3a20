#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Owners: the same processes and descriptors as ss -tanp, and a reason where there is none.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
start_zoo

# What is merely bound is left out: only ss from 6.15 on lists it, as UNCONN.
ss -H -tanp | awk '$1 != "UNCONN" {
	users = $0
	while (match(users, /pid=[0-9]+,fd=[0-9]+/)) {
		print $4, $5, substr(users, RSTART, RLENGTH)
		users = substr(users, RSTART + RLENGTH)
	}
}' | tr -d '[]' | sort >"$work/ss"
"$sockwatch" list --json proto tcp | jq -r 'select(.state != "CLOSED") | . as $s | .owners[]? |
	"\($s.local_addr):\($s.local_port) \(if $s.remote_port == null then
	(if $s.family == 4 then "0.0.0.0:*" else ":::*" end) else "\($s.remote_addr):\($s.remote_port)" end) pid=\(.pid),fd=\(.fd)"' |
	sort >"$work/ours"
same 'owners' "$work/ss" "$work/ours"

"$sockwatch" list --json process zoo | jq -e -s 'length > 0 and all(.process == "zoo")' >/dev/null ||
	fail 'the filter by process'

# Without an owner the text names the reason.
"$sockwatch" list --fields state,owner proto tcp >"$work/text"
for pair in 'TIME-WAIT time-wait' 'LAST-ACK orphan' 'SYN-RECEIVED request' 'ESTABLISHED accept'; do
	grep "^${pair% *} " "$work/text" | grep -q "(.*${pair#* }.*)" || {
		cat "$work/text"
		fail "no ${pair% *} socket says ${pair#* }"
	}
done
