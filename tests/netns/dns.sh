# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests of names, after a lib.sh: a network namespace with a DNS server of the test's own on
# 127.0.0.1 and ::1 (dns.c; dns_zone.c holds its answers), and an /etc of the test's own, so that the box's is not
# touched.

# Runs the test again in a network and a mount namespace. A screen test, which has its own terminals by then, has
# done that already.
in_dns_netns() {
	if [ "${SOCKWATCH_TEST_DNS:-}" != yes ]; then
		needs root ip jq mount setpriv unshare netns bind-mounts
		rm -rf "$work"
		SOCKWATCH_TEST_INSIDE=yes SOCKWATCH_TEST_DNS=yes exec unshare --net --mount "$0" "$@"
	fi
	ip link set lo up
	cp -a /etc/. "$work/etc"
	mount --bind "$work/etc" /etc
	rm -f /etc/resolv.conf
	printf 'nameserver 127.0.0.1\n' >/etc/resolv.conf
	printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n' >/etc/hosts
	printf 'hosts: files dns\n' >/etc/nsswitch.conf
}

# start_dns [ADDRESS]: on 127.0.0.1 by default.
start_dns() {
	: >"$work/questions"
	: >"$work/dns.out"
	mkfifo "$work/dns.in"
	"$builddir/tests/netns/dns" "$work/questions" "${1:-127.0.0.1}" ::1 <"$work/dns.in" >"$work/dns.out" 2>&1 &
	dns_pid=$!
	children="$children $dns_pid"
	exec 7>"$work/dns.in"
	said_dns=1
	wait_dns
}

wait_dns() {
	polls=0
	until [ "$(grep -c . "$work/dns.out")" -ge $said_dns ]; do
		kill -0 $dns_pid 2>/dev/null || {
			cat "$work/dns.out"
			fail 'the DNS server ended'
		}
		polls=$((polls + 1))
		[ $polls -lt 600 ] || fail 'the DNS server does not answer its commands'
		sleep 0.05
	done
}

# dns hold|release
dns() {
	echo "$1" >&7
	said_dns=$((said_dns + 1))
	wait_dns
}

stop_dns() {
	# Others have its input open too.
	exec 7>&-
	kill $dns_pid
	wait $dns_pid || :
}

# hold_peers PORTS PEER…: UDP sockets connected to those ports of each 192.0.2.PEER; the peers need not exist.
hold_peers() {
	peer_ports=$1
	shift
	ip link add v0 type veth peer name v1
	ip addr add 192.0.2.250/24 dev v0
	ip link set v0 up
	ends=
	for peer; do
		for peer_port in $peer_ports; do
			ends="$ends 192.0.2.$peer udp:$peer_port"
		done
	done
	# shellcheck disable=SC2086
	start_holder "$builddir/tests/screens/client" $ends
}

# How many questions came that match.
questions() {
	grep -c -e "$1" "$work/questions" || :
}
