#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel's settings in the stream are those that sysctl(8) prints, in each of two network namespaces, and after
# a change in one of them; what the kernel does not have or show is told as absent; without rights our own are read.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs sysctl netns-names
other=swsysctl-$$
ip netns add $other
cleanup_more() {
	ip netns del $other
}
ip netns exec $other sysctl -q -w net.ipv4.tcp_fin_timeout=33 net.ipv4.ip_local_port_range='40000 40063' \
	net.ipv4.ip_local_reserved_ports=40010,40020-40029 net.core.somaxconn=77
sysctl -q -w net.ipv4.tcp_syncookies=2

record "$sockwatch" collect -d 0.2 --netns all
until_true 'the settings of the other namespace' says "sysctl $other net.ipv4.tcp_fin_timeout=33"
until_true 'the settings of our own' says 'sysctl own net.ipv4.tcp_syncookies=2'

# theirs NAMESPACE COMMAND…: what sysctl(8) prints of the same names; COMMAND runs it in the namespace.
theirs() {
	name=$1
	shift
	awk -v name="$name" '$1 == "sysctl" && $2 == name { sub(/=.*/, "", $3); print $3 }' "$work/facts" |
		while read -r setting; do
			value=$("$@" sysctl -n "$setting" 2>/dev/null) && echo "$setting=$value" || echo "$setting absent"
		done | grep -v nf_conntrack_count | sort
}
ours() {
	sed -n "s/^sysctl $1 //p" "$work/facts" | grep -v nf_conntrack_count | sort
}
compare() {
	name=$1
	theirs "$@" >"$work/theirs"
	ours "$name" >"$work/ours"
	same "settings of $name" "$work/theirs" "$work/ours"
}
compare own env
compare $other ip netns exec $other
[ "$(grep -c "^sysctl $other " "$work/facts")" -ge 40 ] || fail "settings are missing: $(cat "$work/facts")"
grep -q -x "sysctl $other net.ipv4.ip_local_reserved_ports=40010,40020-40029" "$work/facts" || fail 'reserved ports'
grep -q -x "sysctl $other net.ipv4.tcp_tw_recycle absent" "$work/facts" || fail 'a setting of old kernels'
# This test runs outside the initial network namespace, where the kernel does not show what the machine has once.
grep -q -x 'sysctl machine net.ipv4.tcp_max_orphans absent' "$work/facts" || fail 'a setting that is not shown here'

# A change comes, and nothing else is sent again.
sysctl -q -w net.ipv4.tcp_fin_timeout=44
ip netns exec $other sysctl -q -w net.ipv4.ip_local_reserved_ports=
until_true 'a changed setting' says 'sysctl own net.ipv4.tcp_fin_timeout=44'
until_true 'a list that is empty now' says "sysctl $other net.ipv4.ip_local_reserved_ports="
compare own env
compare $other ip netns exec $other
[ "$(grep -a -o 'net.core.somaxconn=77$' "$work/box.pcap" | wc -l)" = 1 ] || fail 'what did not change was sent again'

# Without rights: our own namespace.
record setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all \
	"$sockwatch" collect -d 0.2
until_true 'our own settings, without rights' says 'sysctl own net.ipv4.tcp_fin_timeout=44'
compare own env

# What the machine has once is told while another namespace is looked at. The process that started this test may be in
# the initial namespace.
home=/proc/$PPID/ns/net
[ "$(stat -L -c %i $home)" != "$(stat -L -c %i /proc/self/ns/net)" ] || fail "no other namespace: $home"
if value=$(nsenter --net=$home sysctl -n net.ipv4.tcp_max_orphans 2>/dev/null); then
	record nsenter --net=$home "$sockwatch" collect -d 0.2 --netns $other
	until_true 'what the machine has once' says "sysctl machine net.ipv4.tcp_max_orphans=$value"
	until_true 'the settings of the namespace that was asked for' says "sysctl $other net.core.somaxconn=77"
	! grep -q '^sysctl own' "$work/facts" || fail 'settings of a namespace that is not looked at'
fi

# What is set at boot: each line of /etc/sysctl.conf, and of /etc/sysctl.d, whose files no other hides.
for file in /etc/sysctl.conf /etc/sysctl.d/*.conf; do
	[ -f "$file" ] && [ ! -L "$file" ] || continue
	grep -n '^ *net[.][a-z0-9_.]* *=' "$file" | sed "s|\([0-9]*\): *\([^ =]*\) *= *\(.*\)|setting $file \1 \2=\3|; s/[[:blank:]]*$//"
done >"$work/files"
while read -r line; do
	says "$line" || fail "a line of a file is missing: $line"
done <"$work/files"
