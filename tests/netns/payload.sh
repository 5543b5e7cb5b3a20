#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No byte of what a connection carries leaves the collector: passwords and cookies are sent in every way in which data
# can be in a packet, all segments are captured, and neither the stream nor what is printed of it has a piece of them.
# The lengths are there.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs netns-names

# Of 48 bytes; pieces of six are looked for, which no command line has.
text=c0okie=qZ7kxWv3Jt9-passw0rd=Hb5nYr8LmD2pXgT4sVf6
[ ${#text} = 48 ] || fail "the text has ${#text} bytes"
pieces() {
	for at in 1 7 13 19 25 31 37 43; do
		echo "$text" | cut -c $at-$((at + 5))
	done
}
pieces >"$work/pieces"

peer=payload-$$
cleanup_more() {
	ip netns del "$peer" 2>/dev/null || :
}
ip link set lo up
ip netns add "$peer"
ip link add u0 type veth peer name u1 netns "$peer"
# tunnel NAME HERE THERE TYPE…: an end here and one in the peer, if the kernel has that kind.
tunnels=
tunnel() {
	name=$1
	shift
	ip link add "${name}0" type "$@" local fd98::1 remote fd98::2 2>/dev/null || {
		echo "the kernel has no $name"
		return 0
	}
	ip -n "$peer" link add "${name}1" type "$@" local fd98::2 remote fd98::1
	tunnels="$tunnels $name"
}
up() {
	ip addr add "$2" dev "$1" ${3:-} && ip link set "$1" up
}
up_peer() {
	ip -n "$peer" addr add "$2" dev "$1" ${3:-} && ip -n "$peer" link set "$1" up
}
up u0 fd98::1/64 nodad
up_peer u1 fd98::2/64 nodad
ip addr add 10.98.0.1/24 dev u0
ip -n "$peer" addr add 10.98.0.2/24 dev u1
tunnel vxlan vxlan id 7 dstport 4789
tunnel gre ip6gre
number=10
for name in $tunnels; do
	up "${name}0" "10.$number.0.1/24"
	up_peer "${name}1" "10.$number.0.2/24"
	number=$((number + 1))
done
# A SYN may carry data at once.
for where in '' "ip netns exec $peer"; do
	$where sysctl -q -w net.ipv4.tcp_fastopen=519 || skip 'needs fast open'
done

secret=$builddir/tests/netns/secret
serve() {
	ip netns exec "$peer" "$secret" serve "$1" "$2" >>"$work/served" &
	children="$children $!"
}
tell() {
	printf %s "$text" | "$secret" send "$1" "$2" 80
}
serve 0.0.0.0 80
serve fd98::2 80
listening() {
	[ "$(grep -c ready "$work/served")" = 2 ]
}
until_true 'the servers' listening

mkfifo "$work/orders" "$work/stream"
"$sockwatch" collect -d 0.1 <"$work/stream" >"$work/box.pcap" &
collector=$!
"$builddir/tests/netns/order" <"$work/orders" >"$work/stream" &
children="$children $collector $!"
exec 8>"$work/orders"
echo 'subscribe own data tunnels' >&8
until_true 'the capture' captures 1
# It is the kernel that cuts: a filter alone has some forty instructions.
in_kernel() {
	ss -0 -n -b | grep -q 'bpf filter ([0-9][0-9][0-9]'
}
until_true 'a program that cuts' in_kernel

# events CONDITION COUNT: so many events that were captured meet it.
events() {
	"$sockwatch" events --data -r "$work/box.pcap" --json 2>"$work/events.err" >"$work/events" &&
		jq -e -s "[.[] | select($1)] | length >= $2" "$work/events" >/dev/null
}
on_failure() {
	tail -n 5 "$work/events"; tail -n 5 "$work/events.err"; wc -c "$work/box.pcap"
}
# Until the capture has surely begun, and the tunnels know their way.
begun() {
	printf x | "$secret" send plain 10.98.0.2 80 && events '.dst_port == 80 and .len == 1' 1
}
until_true 'the first packets' begun
tell plain 10.98.0.2
tell finish 10.98.0.2
tell fastopen 10.98.0.2
tell plain fd98::2
tell extended fd98::2
number=10
for name in $tunnels; do
	tell plain "10.$number.0.2"
	number=$((number + 1))
done
until_true 'the data' events '.dst_port == 80 and .len == 48 and .dst_addr == "10.98.0.2"' 3
until_true 'data with a SYN' events '.flags == "S" and .len == 48' 1
until_true 'data with a FIN' events '(.flags | contains("F")) and .len == 48' 1
until_true 'data by IPv6' events '.dst_addr == "fd98::2" and .len == 48' 2
number=10
for name in $tunnels; do
	# What is seen on both devices is counted once.
	until_true "data through $name" events ".dst_addr == \"10.$number.0.2\" and .len == 48" 1
	until_true "the inside of $name" events ".src_addr == \"10.$number.0.2\" and .tunnel == \"$name\"" 1
	number=$((number + 1))
done
exec 8>&-
wait $collector || fail "the collector ended with status $?"

# finds FILE: whether any piece is in it.
finds() {
	LC_ALL=C grep -a -q -F -f "$work/pieces" "$1"
}
echo "$text" | finds - || fail 'the text itself is not found'
! finds "$work/box.pcap" || fail "the stream has payload: $(LC_ALL=C grep -a -o -F -f "$work/pieces" "$work/box.pcap" | sort | uniq -c)"
! finds "$work/events" || fail 'what is printed has payload'

# A kernel that refuses the longer program filters by the short one, and that is said. (Where that limit is of the
# whole box, it is not ours to change.)
sysctl -q -w net.core.optmem_max=3000 2>/dev/null || exit 0
"$sockwatch" events --data >/dev/null 2>"$work/refused" &
events=$!
children="$children $events"
until_true 'the capture that the kernel does not cut' captures 1
tell plain 10.98.0.2
kill -INT $events
wait $events || fail "events with a small limit: $(cat "$work/refused")"
grep -q ', [1-9][0-9]* with payload that the kernel passed on' "$work/refused" || fail "what was cut here is not counted: $(cat "$work/refused")"
grep -q 'cut to their headers after they were captured, not by the kernel' "$work/refused" || fail "the refusal is not said: $(cat "$work/refused")"
