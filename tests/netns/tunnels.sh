#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A capture of the network below a VXLAN shows the TCP within with --tunnels, with all its options, and nothing of
# it without.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs netns-names

peer=tunnels-$$
cleanup_more() {
	ip netns del "$peer" 2>/dev/null || :
}
ip link set lo up
ip netns add "$peer"
ip link add u0 type veth peer name u1 netns "$peer"
ip link add v0 type vxlan id 7 local fd98::1 remote fd98::2 dev u0 dstport 4789 2>/dev/null ||
	skip 'needs vxlan in the kernel'
ip -n "$peer" link add v1 type vxlan id 7 local fd98::2 remote fd98::1 dev u1 dstport 4789
for end in u0,fd98::1 v0,fd99::1; do
	ip addr add "${end#*,}/64" dev "${end%,*}" nodad
	ip link set "${end%,*}" up
done
for end in u1,fd98::2 v1,fd99::2; do
	ip -n "$peer" addr add "${end#*,}/64" dev "${end%,*}" nodad
	ip -n "$peer" link set "${end%,*}" up
done
mkfifo "$work/peer"
ip netns exec "$peer" "$builddir/tests/netns/hold" dual:80 <"$work/peer" >"$work/peer.out" 2>&1 &
children="$children $!"
exec 8>"$work/peer"
reaches() {
	"$builddir/tests/netns/hold" connect:fd99::2:80 </dev/null
}
until_true 'a way through the tunnel' reaches

"$sockwatch" events --json --data -i u0 --tunnels >"$work/within" 2>"$work/within.err" &
children="$children $!"
within=$!
"$sockwatch" events --json --data -i u0 >"$work/below" 2>"$work/below.err" &
children="$children $!"
below=$!
"$sockwatch" events --json --data -i v0 >"$work/end" 2>"$work/end.err" &
children="$children $!"
end=$!
until_true 'three captures' captures 3
reaches
closed() {
	grep -q '"kind":"fin-ack"' "$1"
}
until_true 'the close at the end of the tunnel' closed "$work/end"
until_true 'the close within the tunnel' closed "$work/within"
for program in $within $below $end; do
	kill -TERM "$program"
	wait "$program" || :
done
grep -q '^sockwatch: 0 segments' "$work/below.err" || fail "without --tunnels: $(cat "$work/below.err")"
[ ! -s "$work/below" ] || fail "without --tunnels: $(cat "$work/below")"
grep -q 'packets in vxlan' "$work/within.err" || fail "the summary: $(cat "$work/within.err")"
for place in end within; do
	jq -r '[.src_addr, .src_port, .dst_addr, .dst_port, .flags, .seq, .options] | map(tostring) | join(" ")' \
		"$work/$place" >"$work/$place.lines"
done
same 'what is seen below and at the end of the tunnel' "$work/end.lines" "$work/within.lines"
[ "$(jq -r '.tunnel' "$work/within" | sort -u)" = vxlan ] || fail 'the events do not name the tunnel'
