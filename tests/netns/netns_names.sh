#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --netns of probe, connect and resolve: names, zones, interfaces, source addresses and the DNS server are those of
# the namespace that was asked for, with its files of /etc/netns as `ip netns exec` has them.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/dns.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
[ "${SOCKWATCH_TEST_DNS:-}" = yes ] || lab_needs getent
in_dns_netns "$@"
chain 1
start_dns_at() {
	: >"$work/questions"
	mkfifo "$work/dns.in"
	at "$1" "$builddir/tests/netns/dns" "$work/questions" 127.0.0.1 ::1 <"$work/dns.in" >"$work/dns.out" 2>&1 &
	children="$children $!"
	exec 7>"$work/dns.in"
	until_true 'the DNS server' grep -q ready "$work/dns.out"
}
there=$lab-0
start_dns_at 0
start_holder "$builddir/tests/netns/listen" "$lab-1" 80
# Outside nobody serves names, and the file names another server.
printf 'nameserver 127.0.0.9\n' >/etc/resolv.conf
mkdir -p "/etc/netns/$there"
printf 'nameserver 127.0.0.1\nsearch test\n' >"/etc/netns/$there/resolv.conf"
printf '%s far.example\n' "$target4" >"/etc/netns/$there/hosts"
echo 'no such file in /etc' >"/etc/netns/$there/nothing-of-ours"

# run STATUS ARGUMENT…
run() {
	wanted=$1
	shift
	status=0
	"$sockwatch" "$@" >"$work/out" 2>"$work/err" || status=$?
	[ $status = "$wanted" ] || {
		cat "$work/out" "$work/err"
		fail "$*: status $status, not $wanted"
	}
}

# By name and by the pid of a process in it, as ip netns exec has it.
nsenter --net="/run/netns/$there" sleep 600 &
children="$children $!"
for netns in "$there" $!; do
	run 0 resolve --json --netns "$netns" v4 right.test far.example 192.0.2.1
	jq -r 'select(.address) | .address' "$work/out" | sort >"$work/ours"
	for name in v4 right.test far.example; do
		ip netns exec "$there" getent ahosts $name
	done | awk '{ print $1 }' | sort -u >"$work/getent"
	echo 192.0.2.1 >>"$work/getent"
	sort "$work/getent" -o "$work/getent"
	sort -u "$work/ours" -o "$work/ours.once"
	sort -u "$work/getent" -o "$work/getent.once"
	same "--netns $netns: the names of ip netns exec" "$work/getent.once" "$work/ours.once"
	run 0 connect --netns "$netns" far.example 80
	grep -q "^far.example port 80 (http): 1 address" "$work/out" || fail "connect --netns $netns: not the address of its hosts file"
	run 0 probe --json -n -c 1 --netns "$netns" far.example
	jq -e -s 'any(.addrs == ["'"$target4"'"])' "$work/out" >"$work/json" || fail "probe --netns $netns: not the address of its hosts file"
	neighbour=$(at 1 ip -6 -o addr show dev r1 scope link | sed 's|.*inet6 \([^/]*\)/.*|\1|')
	run 0 connect --netns "$netns" "$neighbour%l1" 80
	run 0 probe --json -n -c 1 --netns "$netns" "$neighbour%l1"
	run 0 connect --netns "$netns" --source 10.9.1.1 "$target4" 80
done
# Names in a list of sockets.
join 192.0.2.1 udp:9
"$sockwatch" list --netns "$there" --json --fields remote_addr,remote_name rport 9 >"$work/out"
jq -e -s 'map(select(.remote_addr == "192.0.2.1")) | .[0].remote_name == "right.test"' "$work/out" >"$work/json" || {
	cat "$work/out"
	fail 'list --netns: not a name of that namespace'
}
[ "$(cat /etc/resolv.conf)" = 'nameserver 127.0.0.9' ] || fail 'the files outside were changed'
run 1 resolve --server 127.0.0.9 right.test
run 2 connect "$target4%l1" 80
run 2 connect far.example 80

# A file that cannot be put in place is told: names would be those of another namespace.
rm /etc/nsswitch.conf
echo 'hosts: files dns' >"/etc/netns/$there/nsswitch.conf"
run 2 resolve --netns "$there" right.test
grep -q "/etc/netns/$there/nsswitch.conf cannot stand in place of /etc/nsswitch.conf: No such file or directory" "$work/err" ||
	fail 'a file that cannot be put in place'
run 1 list --netns "$there"
grep -q 'cannot stand in place of /etc/nsswitch.conf' "$work/err" || fail 'list: a file that cannot be put in place'
run 2 resolve --netns all right.test
grep -q 'works in one network namespace' "$work/err" || fail '--netns all'
