#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Names of a network namespace with files of its own in /etc/netns: the monitor asks its server and reads its hosts.
# Being there for that, the monitor is no sign that somebody still uses the namespace.
if [ "${SOCKWATCH_TEST_DNS:-}" != yes ] && [ "$(id -u)" = 0 ] && unshare --net --mount true 2>/dev/null; then
	SOCKWATCH_TEST_INSIDE=yes SOCKWATCH_TEST_DNS=yes exec unshare --net --mount "$0" "$@"
fi
. "${srcdir:-.}/tests/screens/lib.sh"
. "$srcdir/tests/netns/dns.sh"
in_dns_netns "$@"
needs nsenter netns-names
there=sockwatch-names-$$
cleanup_more() {
	ip netns del $there 2>/dev/null || :
	rm -rf "/etc/netns/$there"
}
ip netns add $there
ip -n $there link set lo up
ip -n $there route add 192.0.2.0/24 dev lo

mkfifo "$work/dns.in" "$work/never"
: >"$work/questions"
nsenter --net=/run/netns/$there "$builddir/tests/netns/dns" "$work/questions" 127.0.0.1 ::1 <"$work/dns.in" >"$work/dns.out" 2>&1 &
server=$!
children="$children $server"
exec 7>"$work/dns.in"
until_true 'the DNS server' grep -q ready "$work/dns.out"
exec 6<>"$work/never"
nsenter --net=/run/netns/$there "$builddir/tests/screens/client" 192.0.2.1 udp:7777 192.0.2.2 udp:7777 192.0.2.99 udp:7777 <&6 >"$work/client.out" 2>&1 &
client=$!
children="$children $client"
until_true 'the client' grep -q ready "$work/client.out"

# Here nobody serves names.
printf 'nameserver 127.0.0.9\n' >/etc/resolv.conf
printf '192.0.2.1 wrong.test\n' >>/etc/hosts

# Without files of its own the names are those of the box.
start 200 40 --netns $there rport 7777
sees '192\.0\.2\.1:7777'
keys n
sees 'wrong\.test:7777'
sees 'no names: 127\.0\.0\.9:53'
quit
[ "$(questions .)" = 0 ] || fail 'the server of the namespace was asked'

mkdir -p /etc/netns/$there
printf 'nameserver 127.0.0.1\n' >/etc/netns/$there/resolv.conf
printf '192.0.2.99 near.example\n' >/etc/netns/$there/hosts
start 200 40 --netns $there -d 0.2 rport 7777
sees '192\.0\.2\.1:7777'
keys n
sees 'right\.test:7777'
sees 'near\.example:7777'
shows 'wrong\.test' && fail 'a name of the box'

# Its name goes, and then all who use it.
ip netns del $there
sees "! the name $there is gone; the network namespace lives on with process "
kill $client $server
wait $client $server 2>/dev/null || :
sees_not 'near\.example'
sees_not 'lives on'
quit
