#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `sockwatch ports` says how many local ports connect() really gets: with a range of 64, IPv4 and IPv6, with listeners
# in the range, reserved ports, other destinations, and what is in TIME-WAIT and may be used again.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs sysctl
ip link set lo up
ip addr add 192.0.2.1/32 dev lo
ip addr add 192.0.2.2/32 dev lo
ip -6 addr add 2001:db8::1/128 dev lo nodad
ip -6 addr add 2001:db8::2/128 dev lo nodad
sysctl -q -w net.ipv4.ip_local_port_range='40000 40063' net.ipv4.tcp_tw_reuse=0 net.ipv4.tcp_timestamps=1

on_failure() {
	cat "$work/dial".* "$work/ports" 2>/dev/null || :
	"$sockwatch" ports || :
	# What the kernel has, and whether it kept each TIME-WAIT.
	ss -tanoe || :
	nstat -az TcpRetransSegs TcpOutRsts TcpExtTW TcpExtTWKilled TcpExtTWRecycled TcpExtTCPTimeWaitOverflow || :
}

# stop NAME: a dial, before the end of the test.
stop() {
	eval "kill \$pid_$1 \$input_$1; wait \$pid_$1 || :; wait \$input_$1 || :"
	rm -f "$work/$1.in" "$work/dial.$1"
}
connected() {
	sed -n 's/^connected \([0-9]*\) .*/\1/p' "$work/dial.$1"
}

# budget JQ FILTER…: of the destinations that pass the filter.
budget() {
	query=$1
	shift
	"$sockwatch" ports --json --fields remote_addr,remote_port,local_addr,family,ports_used,ports_usable,ports_free,ports_reusable,ports_bound,ports_reserved,used_pct,time_wait,established,note,pid,process "$@" \
		>"$work/ports" && jq -e -s "$query" "$work/ports"
}
full='no local port is left: connect() fails with EADDRNOTAVAIL (99)'

for family in 4 6; do
	case $family in
	4) near=192.0.2.1 far=192.0.2.2 ;;
	6) near=2001:db8::1 far=2001:db8::2 ;;
	esac
	start_dial server serve $far 80 81 443

	# All 64, then EADDRNOTAVAIL; another port of the same host has 64 of its own.
	start_dial first $far 80 100
	grep -q -x 'connected 64 errno 99' "$work/dial.first" || fail "IPv$family: $(cat "$work/dial.first")"
	budget "length == 1 and .[0].ports_used == 64 and .[0].ports_usable == 64 and .[0].ports_free == 0 and
		.[0].used_pct == 100 and .[0].family == $family and .[0].established == 64 and .[0].note == \"$full\" and
		.[0].process == \"dial\"" "remote_port 80 and family $family" || fail "IPv$family: 64 of 64"
	start_dial second $far 81 32
	budget '.[0].ports_used == 32 and .[0].used_pct == 50 and .[0].ports_free == 32 and .[0].note == null' \
		"remote_port 81 and family $family" || fail "IPv$family: another destination"
	"$sockwatch" ports --fields remote,used_pct --sort used_pct:asc >"$work/ports"
	sed -n 2p "$work/ports" | grep -q ':81 .*50' || fail "IPv$family: --sort"
	# The usual order: nearest to the end first; and words that say what happens.
	"$sockwatch" ports >"$work/ports"
	sed -n 2p "$work/ports" | grep -q ':80 .*64 .*64 .*100' || fail "IPv$family: the usual order"
	grep -q ':80: all 64 local ports are in use, 0 of them in TIME-WAIT: connect() fails with EADDRNOTAVAIL (99)' \
		"$work/ports" || fail "IPv$family: no words"

	# Closed here first: 64 TIME-WAIT keep the ports, whoever held them.
	dial_answers first close 'closed 64'
	until_true "IPv$family: 64 in TIME-WAIT" budget '.[0].time_wait == 64 and .[0].used_pct == 100' "remote_port 80 and family $family"
	dial_answers first more 'more errno 99'
	# Only where the kernel takes them again do they count as free.
	sysctl -q -w net.ipv4.tcp_tw_reuse=2
	budget '.[0].ports_reusable == 0 and .[0].used_pct == 100' "remote_port 80 and family $family" || fail "IPv$family: reuse 2"
	dial_answers first more 'more errno 99'
	sysctl -q -w net.ipv4.tcp_tw_reuse=1
	until_true "IPv$family: reuse after a second" budget '.[0].ports_reusable == 64 and .[0].used_pct == 0 and
		.[0].ports_free == 64 and .[0].note == null' "remote_port 80 and family $family"
	dial_answers first more 'more errno 0'
	budget '.[0].ports_reusable == 63 and .[0].ports_used == 64 and .[0].established == 1' "remote_port 80 and family $family" ||
		fail "IPv$family: a port that was taken from a TIME-WAIT is in use"
	sysctl -q -w net.ipv4.tcp_tw_reuse=0
	stop second
	stop first

	# Ten listeners in the range, of either family and on loopback too, take ten ports from everybody. No port of
	# this range is in TIME-WAIT, as bind() would refuse it.
	sysctl -q -w net.ipv4.ip_local_port_range="4${family}000 4${family}063"
	start_dial some serve 127.0.0.1 4${family}001 4${family}003 4${family}005 4${family}007 4${family}009
	start_dial others serve :: 4${family}021 4${family}023 4${family}025 4${family}027 4${family}029
	start_dial third $far 443 100
	grep -q -x 'connected 54 errno 99' "$work/dial.third" || fail "IPv$family: $(cat "$work/dial.third")"
	budget '.[0].ports_bound == 10 and .[0].ports_usable == 54 and .[0].ports_used == 54 and .[0].used_pct == 100' \
		"remote_port 443 and family $family" || fail "IPv$family: bound ports"
	stop third
	stop some
	stop others
	stop server
	sysctl -q -w net.ipv4.ip_local_port_range='40000 40063'
done

# 127.0.0.0/8 and ::1 are taken again with tcp_tw_reuse 2, the default; reserved ports are nobody's.
sysctl -q -w net.ipv4.tcp_tw_reuse=2 net.ipv4.ip_local_reserved_ports=40000-40007,40063
for far in 127.0.0.1 ::1; do
	start_dial server serve $far 80
	start_dial first $far 80 100
	[ "$(connected first)" = 55 ] || fail "$far: $(cat "$work/dial.first")"
	budget '.[0].ports_reserved == 9 and .[0].ports_usable == 55 and .[0].ports_used == 55' "remote_addr $far" ||
		fail "$far: reserved ports"
	dial_answers first close 'closed 55'
	until_true "$far: reuse" budget '.[0].ports_reusable == 55 and .[0].used_pct == 0' "remote_addr $far"
	dial_answers first more 'more errno 0'
	stop first
	stop server
done

# Two looks: what is taken and comes free a second.
"$sockwatch" ports --json -d 0.2 >"$work/ports"
jq -e -s 'length > 0 and (map(select(.taken_rate == null or .freed_rate == null)) | length) == 0' "$work/ports" ||
	fail 'rates'
# A recording gives the same.
record "$sockwatch" collect -d 0.2
until_true 'a recording of some snapshots' sh -c "\"$sockwatch\" ports --from \"$work/box.pcap\" --json |
	jq -e -s 'length > 0 and all(.[]; .ports_usable == 55 and .freed_rate != null)'"
# Bad words.
! "$sockwatch" ports --fields rtt 2>"$work/ports" || fail 'a field of sockets was taken'
grep -q 'rtt' "$work/ports" || fail 'the bad field is not named'
