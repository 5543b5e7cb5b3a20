#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `connect`: a port that is open, one that is closed, one behind a firewall that drops, one behind one that rejects, a host that
# is not there, a network without a route. Time or errno, and the exit status.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs nft
chain 3
start_holder "$builddir/tests/netns/listen" "$lab-3" 80 81 82
at 2 nft 'add table inet lab
	add chain inet lab way { type filter hook forward priority 0; }
	add rule inet lab way tcp dport 81 drop
	add rule inet lab way tcp dport 82 reject with icmpx type admin-prohibited'
at 0 ip route add unreachable 192.0.2.0/24
at 0 ip route add 198.51.100.0/24 via 10.9.1.2
at 1 ip route add unreachable 198.51.100.0/24

# try STATUS FILTER ARGUMENT…: with and without rights.
try() {
	wanted=$1
	filter=$2
	shift 2
	for as in at_0 as_nobody; do
		status=0
		$as "$sockwatch" connect --json "$@" >"$work/json" || status=$?
		{ [ $status = "$wanted" ] && jq -e -s "$filter" "$work/json" >"$work/out"; } || {
			cat "$work/json"
			fail "connect $* ($as): status $status, wanted $wanted and $filter"
		}
	done
}
at_0() {
	at 0 "$@"
}

for target in "$target4" "$target6"; do
	[ "$target" = "$target4" ] && router=10.9.2.2 || router=fd09:2::2
	try 0 'length == 1 and .[0].connected and .[0].handshake_us > 0 and .[0].handshake_us <= .[0].took_us and
		.[0].errno == null and .[0].address == "'$target'" and .[0].port == 80 and .[0].local_port > 0' "$target" 80
	try 0 '.[0].connected and .[0].port == 80' "$target" http
	try 1 '.[0].connected == false and .[0].errno == 111 and .[0].error == "ECONNREFUSED" and (.[0].meaning | length > 10) and
		.[0].icmp_from == null' "$target" 7
	try 1 '.[0].errno == 110 and .[0].error == "ETIMEDOUT" and .[0].syn_sent == 2' --timeout 1.5 "$target" 81
	try 1 '.[0].connected == false and .[0].icmp_from == "'$router'" and (.[0].icmp | contains("administratively prohibited"))' "$target" 82
done
try 1 '.[0].errno == 113 and .[0].error == "EHOSTUNREACH"' 192.0.2.1 80
try 1 '.[0].errno == 113 and .[0].icmp_from == "10.9.1.2" and .[0].icmp == "host unreachable"' 198.51.100.1 80
try 1 '.[0].errno == 99 and .[0].error == "EADDRNOTAVAIL"' --source 203.0.113.1 "$target4" 80

# As text: the errno with number, name and meaning.
at 0 "$sockwatch" connect "$target4" 80 | grep -Eq "^$target4:80  connected in [0-9.]+ ms, from 10\.9\.1\.1:[0-9]+$" || fail 'text of a connection'
status=0
at 0 "$sockwatch" connect "$target6" 7 >"$work/text" || status=$?
[ $status = 1 ] && grep -q '^\[.*\]:7  ECONNREFUSED (111): the host is up, but' "$work/text" || fail 'text of a refusal'

# Nothing is left of it at the target.
at 3 ss -H -tan | grep -v LISTEN >"$work/left" && fail 'connections stay at the target'

for words in '' "$target4" "$target4 0" "$target4 nosuchservice" "$target4 80 81" "-6 $target4 80"; do
	status=0
	# shellcheck disable=SC2086
	at 0 "$sockwatch" connect $words >"$work/out" 2>"$work/err" || status=$?
	[ $status = 2 ] && [ "$(wc -l <"$work/err")" = 1 ] || fail "connect $words: status $status, not 2 with one sentence"
done

# A name with several addresses: every one is tried, the families by turns.
own_etc
unshare --mount sh -c '
	printf "%s both.test\n" "$2" "$3" 10.9.3.9 >"$4/etc/hosts"
	mount --bind "$4/etc" /etc
	exec nsenter --net="/run/netns/$5" "$1" connect --json --timeout 0.3 both.test 80' sh "$sockwatch" "$target4" "$target6" "$work" "$lab-0" >"$work/json" ||
	fail 'one of the addresses takes connections'
jq -e -s 'length == 3 and map(.connected) == [true, true, false] and (map(.address) | sort) == (["10.9.3.9", "'"$target4"'", "'"$target6"'"] | sort)' \
	"$work/json" >"$work/out" || {
	cat "$work/json"
	fail 'every address of a name'
}
