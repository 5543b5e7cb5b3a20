#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A recording with an index is read from the key frame before the time that is asked for: it shows the same as without
# the index, where it is read from its start; and what is damaged before that place does no harm.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
ip link set lo up

on_failure() {
	cat "$work/record.err" "$work/list.err" 2>/dev/null || :
}

start_dial server serve 127.0.0.1 80
start_dial client 127.0.0.1 80 100

box=$work/box.pcap
"$sockwatch" record -d 0.1 "$box" 2>"$work/record.err" &
recorder=$!
children="$children $recorder"
listed() {
	"$sockwatch" list --from "$box" "$@" >"$work/out" 2>"$work/list.err" && ! grep -q 'within its first snapshot' "$work/list.err"
}
until_true 'a first snapshot' listed
# Connections come and go; a key frame now and then.
for round in 1 2 3 4 5 6; do
	start_dial "more$round" 127.0.0.1 80 "$((round * 7))"
	kill -USR1 $recorder
	sleep 0.6
	[ $round != 4 ] || until_true 'the end of some' sh -c "echo close >'$work/more2.in'; ss -tnH state time-wait | grep -q ."
done
kill -TERM $recorder
wait $recorder || fail "record ended with status $?"

# The same file without its index: its last four bytes are the length of that record.
size=$(wc -c <"$box")
index=$(tail -c 4 "$box" | od -A n -t u4 | tr -d ' ')
[ "$index" -gt 100 ] && [ "$index" -lt 4000 ] || fail "the index takes $index bytes"
head -c $((size - index)) "$box" >"$work/plain.pcap"

normal() {
	jq -r '[.proto, .state, .local_addr, .local_port, .remote_addr, .remote_port, .pid, .process, .user, .inode, .rtt] |
		map(tostring) | join(" ")' | sort
}
# both AT: the same with and without the index.
both() {
	for file in box plain; do
		status=0
		"$sockwatch" list --from "$work/$file.pcap" --at "$1" --json >"$work/$file.json" 2>"$work/$file.err" || status=$?
		normal <"$work/$file.json" >"$work/$file.list"
		echo "status $status" >>"$work/$file.list"
		sed "s/$file\.pcap/FILE/" "$work/$file.err" >>"$work/$file.list"
	done
	same "--at $1" "$work/plain.list" "$work/box.list"
}
tenth=0
while [ $tenth -lt 50 ]; do
	both "+$((tenth / 10)).$((tenth % 10))3"
	tenth=$((tenth + 3))
done
both -0
both -1
both -2.5
both +1h
both 2001-01-01T00:00:00Z
both nonsense

# From the second key frame to the fourth nothing is left of the file: what is asked for is behind that.
cp "$box" "$work/torn.pcap"
dd if=/dev/zero of="$work/torn.pcap" bs=1 seek=1000 count=60000 conv=notrunc 2>/dev/null
"$sockwatch" list --from "$work/torn.pcap" --at -0 --json 2>"$work/list.err" | normal >"$work/torn.list"
"$sockwatch" list --from "$box" --at -0 --json 2>/dev/null | normal >"$work/whole.list"
same 'a file that is torn far before' "$work/whole.list" "$work/torn.list"
[ ! -s "$work/list.err" ] || fail 'it complains of what was not asked for'

# An index that lies is none.
for lie in '\377\377\377\377' '\000\000\000\000' '\050\000\000\000'; do
	cp "$box" "$work/lie.pcap"
	printf "$lie" | dd of="$work/lie.pcap" bs=1 seek=$((size - 4)) conv=notrunc 2>/dev/null
	"$sockwatch" list --from "$work/lie.pcap" --json 2>/dev/null | normal >"$work/lie.list"
	[ "$(wc -l <"$work/lie.list")" -ge 100 ] || fail 'an index that lies'
done
