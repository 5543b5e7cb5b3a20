#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `connect`: an open port, a closed one, one behind a firewall that drops, one behind a firewall that rejects, an
# absent host, a network without a route. The time or errno, and the exit status.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs nft unshare mount bind-mounts
chain 3
start_holder "$builddir/tests/netns/listen" "$lab-3" 80 81 82
at 2 nft 'add table inet lab
	add chain inet lab way { type filter hook forward priority 0; }
	add rule inet lab way tcp dport 81 drop
	add rule inet lab way tcp dport 82 reject with icmpx type admin-prohibited'
at 0 ip route add unreachable 192.0.2.0/24
at 0 ip route add 198.51.100.0/24 via 10.9.1.2
at 1 ip route add unreachable 198.51.100.0/24

# with_hosts LINES ARGUMENT…: `connect` with these in /etc/hosts, and no DNS server.
with_hosts() {
	printf '%s\n' "$1" >"$work/hosts"
	printf 'hosts: files\n' >"$work/nsswitch"
	shift
	unshare --mount sh -c '
		mount --bind "$1/hosts" /etc/hosts
		mount --bind "$1/nsswitch" /etc/nsswitch.conf
		netns=$2
		shift 2
		exec nsenter --net="/run/netns/$netns" "$@"' sh "$work" "$lab-0" "$sockwatch" connect "$@"
}

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
try 2 'length == 0' --source 203.0.113.1 "$target4" 80

# As text: the errno with number, name and meaning.
at 0 "$sockwatch" connect "$target4" 80 | grep -Eq "^$target4:80  connected in [0-9.]+ ms, from 10\.9\.1\.1:[0-9]+$" || fail 'text of a connection'
status=0
at 0 "$sockwatch" connect "$target6" 7 >"$work/text" || status=$?
[ $status = 1 ] && grep -q '^\[.*\]:7  ECONNREFUSED (111): the host is up, but' "$work/text" || fail 'text of a refusal'

at 0 "$sockwatch" connect "[$target6]:http" | grep -Eq "^\[$target6\]:80  connected in [0-9.]+ ms, from \[.*\]:[0-9]+$" || fail 'HOST:PORT of IPv6'

# The routes of this box decide, without a packet.
at 0 ip route add blackhole 198.18.0.0/28
at 0 ip route add prohibit 198.18.0.16/28
at 0 ip route add throw 198.18.0.32/28
at 0 ip route del default
at 0 ip -6 route add blackhole 2001:db8:1::/64
at 0 ip -6 route add prohibit 2001:db8:2::/64
for case in 198.18.0.1:22:EINVAL 198.18.0.17:13:EACCES 198.18.0.33:101:ENETUNREACH 203.0.113.9:101:ENETUNREACH; do
	address=${case%%:*}
	try 1 ".[0].errno == $(echo "$case" | cut -d: -f2) and .[0].error == \"${case##*:}\" and .[0].icmp_from == null" "$address" 80
done
try 1 '.[0].errno == 22 and .[0].error == "EINVAL"' 2001:db8:1::1 80
try 1 '.[0].errno == 13 and .[0].error == "EACCES"' 2001:db8:2::1 80
at 0 ip route add default via 10.9.1.2
# An absent neighbour: this box itself reports it.
try 1 '.[0].errno == 113 and .[0].icmp_from == "10.9.1.1" and .[0].icmp == "host unreachable"' 10.9.1.77 80
status=0
at 0 "$sockwatch" connect 10.9.1.77 80 >"$work/text" || status=$?
[ $status = 1 ] && grep -q '(this box says, as 10\.9\.1\.1: host unreachable)$' "$work/text" || fail 'text of a neighbour that is not there'

# Nothing is left of the connection at the target.
at 3 ss -H -tan >"$work/ss" && grep -q LISTEN "$work/ss" || fail 'ss does not show the listeners'
! grep -v LISTEN "$work/ss" || fail 'connections stay at the target'

for words in '' "$target4" "$target4 0" "$target4 nosuchservice" "$target4 80 81" "-6 $target4 80"; do
	status=0
	# shellcheck disable=SC2086
	at 0 "$sockwatch" connect $words >"$work/out" 2>"$work/err" || status=$?
	[ $status = 2 ] && [ "$(wc -l <"$work/err")" = 1 ] || fail "connect $words: status $status, not 2 with one sentence"
done

for words in "nosuch.invalid 80" "a..b 80"; do
	# Without any server the answer comes at once.
	status=0
	# shellcheck disable=SC2086
	with_hosts '' --json $words >"$work/out" 2>"$work/err" || status=$?
	[ $status = 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ] || fail "connect $words: status $status, not 2 with one sentence"
done

# A name with several addresses: each is tried, the families alternate, also when the first is dead.
hosts="$target4 both.test
$target6 both.test
10.9.3.9 both.test"
with_hosts "$hosts" --json --timeout 1 both.test 80 >"$work/json" || fail 'one of the addresses takes connections'
jq -e -s 'length == 3 and map(.connected) == [true, true, false] and (map(.address) | sort) == (["10.9.3.9", "'"$target4"'", "'"$target6"'"] | sort) and
	all(.host == "both.test")' "$work/json" >"$work/out" || {
	cat "$work/json"
	fail 'every address of a name'
}
with_hosts "$hosts" --timeout 1 both.test http >"$work/text" || fail 'one of the addresses takes connections'
sort >"$work/expected" <<END
both.test port 80 (http): 3 addresses, looked up in T
$target4:80     connected in T ms, from A
[$target6]:80  connected in T ms, from A
10.9.3.9:80     ETIMEDOUT (110): nobody answers: the host is down, or a firewall drops without a word (no answer in T s)
2 of 3 addresses take connections
END
# The kernel may repeat the SYN just before that second is over.
sed -E 's/ in [0-9.]+/ in T/; s/T(u|m)s$/T/; s/from .*/from A/; s/; SYN sent 2 times$//' "$work/text" | sort >"$work/said"
head -1 "$work/text" | grep -q '^both.test port' && tail -1 "$work/text" | grep -q '^2 of 3' || fail 'the heading and the sum'
same 'a name with three addresses, in words' "$work/expected" "$work/said"

dead="10.9.3.9 dead.test
$target4 dead.test"
with_hosts "$dead" --json --timeout 1 dead.test 80 >"$work/json" || fail 'the second address takes connections'
jq -e -s 'length == 2 and (map(select(.connected)) | length) == 1 and all(.connected == (.address == "'"$target4"'"))' "$work/json" >"$work/out" || {
	cat "$work/json"
	fail 'the first address is dead'
}
status=0
with_hosts "$dead" dead.test 7 --timeout 1 >"$work/text" || status=$?
[ $status = 1 ] && tail -1 "$work/text" | grep -qx 'none of the 2 addresses takes connections' || fail 'none of the addresses'
status=0
with_hosts "$dead" -6 dead.test 80 >"$work/text" 2>"$work/err" || status=$?
[ $status = 2 ] && grep -q 'is not known with an IPv6 address' "$work/err" || fail 'no address of that family'
