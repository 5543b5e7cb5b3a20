#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Zones are part of an address: one link-local address on two links, sockets bound to a device, and wildcards of one
# family or both are told apart as ss tells them apart, alone and among all fields, and a filter finds each.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs netns-names

peer=zones-$$
cleanup_kind() {
	ip netns del "$peer" 2>/dev/null || :
}
ip netns add "$peer"
mkfifo "$work/peer"
ip link set lo up
for i in 0 1; do
	ip link add "e$i" type veth peer name "b$i" netns "$peer"
	ip link set "e$i" up
	ip -n "$peer" link set "b$i" up
	ip addr add fe80::1/64 dev "e$i" nodad
	ip -n "$peer" addr add fe80::2/64 dev "b$i" nodad
done
ip netns exec "$peer" "$builddir/tests/netns/hold" dual:80 <"$work/peer" >"$work/peer.out" 2>&1 &
children="$children $!"
exec 8>"$work/peer"
reaches() {
	"$builddir/tests/netns/hold" "connect:fe80::2%e$1:80" </dev/null >/dev/null 2>&1
}
until_true 'a way by e0' reaches 0
until_true 'a way by e1' reaches 1
start_holder "$builddir/tests/netns/hold" 'connect:fe80::2%e0:80' 'connect:fe80::2%e1:80' \
	listen4:1001 dual:1002 listen6:1003 dual:1012%e0 listen4:1013%e1 udp4:1014%lo

# The addresses of ss, and ours; the peer's zone is ours alone.
ss -H -tun state established state listening state unconnected 'sport >= :1001 and sport <= :1014 or dport = :80' | awk '{ print $5, $6 }' | sort >"$work/ss"
list() {
	"$sockwatch" list -n "$@" >"$work/list.all" 2>"$work/errors" || fail "list $*: $(cat "$work/errors")"
	tail -n +2 "$work/list.all" | sed 's/ *$//'
}
all='lport 1001-1014 or rport 80 and state established'
list --fields local,remote "$all" | sed 's/  */ /; s/ \[fe80::2\]%e[01]:/ [fe80::2]:/' | sort >"$work/ours"
same 'addresses as ss shows them' "$work/ss" "$work/ours"
for zone in e0 e1; do
	list --fields remote "$all" | grep -q "^\[fe80::2\]%$zone:80$" || fail "the peer on $zone"
done

# A filter by name, by number, and by what the columns show finds the one.
for i in 0 1; do
	index=$(cat "/sys/class/net/e$i/ifindex" 2>/dev/null || ip -o link show "e$i" | cut -d: -f1)
	for filter in "addr fe80::2%e$i" "dst fe80::2%$index" "raddr [fe80::2]%e$i:80" "remote [fe80::2%$index]:80" \
		"src fe80::%e$i/64"; do
		[ "$(list --fields interface "$filter" and state established)" = "e$i" ] ||
			fail "$filter: $(cat "$work/list.all")"
	done
	for word in "[fe80::1]%e$i" "fe80::2]%e$i:80"; do
		[ "$(list --fields local,remote "$word" and state established | wc -l)" = 1 ] || fail "$word: $(cat "$work/list.all")"
	done
done
for filter in 'local *%e0:1012' 'laddr *%e0 and state listen' 'local 0.0.0.0%e0/0 or lport 1012'; do
	[ "$(list --fields local "$filter")" = '*%e0:1012' ] || fail "$filter: $(cat "$work/list.all")"
done
[ "$("$sockwatch" list 'addr fe80::2%nolink' | wc -l)" = 0 ] || [ -z "$(list 'addr fe80::2%nolink')" ] ||
	fail 'a link that is not there has sockets'

# A group for each link; JSON has the zone, and each field alone is as among all.
[ "$("$sockwatch" list --group remote_addr rport 80 and state established | grep -c 'fe80::2%e[01]')" = 2 ] ||
	fail 'the links are one group'
"$sockwatch" list --json rport 80 and state established | jq -r .remote_addr | sort >"$work/json"
printf '%s\n' fe80::2%e0 fe80::2%e1 >"$work/expected"
same 'zones in JSON' "$work/expected" "$work/json"
