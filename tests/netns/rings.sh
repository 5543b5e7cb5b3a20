#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel's memory for packets has one budget: with more namespaces each capture has less of it, also those that
# began before, and that is said.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs netns-names mounts
# Other namespaces of this machine are not to be seen.
if [ "${SOCKWATCH_TEST_PID:-}" != yes ]; then
	rm -rf "$work"
	SOCKWATCH_TEST_PID=yes exec unshare --pid --mount --fork --mount-proc "$0" "$@"
fi
mkdir -p /run/netns
mount -t tmpfs tmpfs /run/netns
ip link set lo up

added=0
add_until() {
	while [ $added -lt "$1" ]; do
		added=$((added + 1))
		ip netns add "ring$added"
	done
}
add_until 2
mkfifo "$work/orders" "$work/stream"
"$sockwatch" collect --netns all -d 0.1 <"$work/stream" >"$work/box.pcap" &
collector=$!
"$builddir/tests/netns/order" <"$work/orders" >"$work/stream" &
children="$children $collector $!"
exec 8>"$work/orders"
echo 'subscribe all data' >&8

# The rings are mapped by the collector: "COUNT MIB" for each size.
rings() {
	awk '/ socket:\[/ {
		split($1, ends, "-")
		count[(hex(ends[2]) - hex(ends[1])) / 1048576]++
	}
	function hex(text,    i, number) {
		number = 0
		for (i = 1; i <= length(text); i++)
			number = number * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
		return number
	}
	END { for (size in count) print count[size] " of " size }' "/proc/$collector/maps"
}
are() {
	[ "$(rings)" = "$1" ]
}
on_failure() {
	rings
	"$builddir/tests/netns/order" "$work/box.pcap" | grep notice
}
says() {
	"$builddir/tests/netns/order" "$work/box.pcap" 2>/dev/null | grep -q -x "notice $1"
}
# Our own and those that were added.
until_true 'three large rings' are '3 of 8'
add_until 7
until_true 'eight large rings' are '8 of 8'
add_until 10
until_true 'eleven smaller rings' are '11 of 4'
until_true 'the sentence' says 'packets of [0-9]* namespaces: each has 4 MiB .* 64; a burst is lost sooner, and .*'
add_until 40
until_true '41 of the smallest' are '41 of 1'
until_true 'the sentence' says 'packets of [0-9]* namespaces: each has 1 MiB .* 64; a burst is lost sooner, and .*'
