#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The report beside the hops: mtr's columns, the return path, the probe method and the missing right for a better
# one, addresses that exist on every link.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs mtr
chain 3

# Scripts that read mtr's report find the same columns, and numbers in them.
at 0 mtr --report -n -c 2 -i 0.3 "$target4" >"$work/mtr"
at 0 "$sockwatch" probe --report -n -c 2 -i 0.3 --router-rate 10 "$target4" >"$work/text"
for report in mtr text; do
	sed -n 's/^HOST: [^ ]* *//p' "$work/$report" | tr -s ' ' >"$work/$report.heading"
	awk '$1 ~ /^[0-9]+\.\|--$/ && NF >= 9 && $3 ~ /%$/ { print $1, $2, $3, $4 }' "$work/$report" >"$work/$report.hops"
done
same 'headings of mtr and sockwatch' "$work/mtr.heading" "$work/text.heading"
same 'hops, loss and count of mtr and sockwatch' "$work/mtr.hops" "$work/text.hops"
grep -q 'return path' "$work/text" && fail 'the return path is reported to have another length'

# says WORDS COMMAND…
says() {
	words=$1
	shift
	"$@" >"$work/text" 2>&1 || {
		cat "$work/text"
		fail "$*: status $?"
	}
	grep -Fq "$words" "$work/text" || {
		cat "$work/text"
		fail "$*: does not say \"$words\""
	}
}
for target in "$target4" "$target6"; do
	says 'ICMP echo by raw socket' at 0 "$sockwatch" probe --report -n -c 1 "$target"
	says 'UDP by raw socket' at 0 "$sockwatch" probe --report -n -c 1 --udp "$target"
	says 'TCP SYN by raw socket' at 0 "$sockwatch" probe --report -n -c 1 --tcp=81 "$target"
	says 'UDP, not ICMP echo: that needs CAP_NET_RAW, or this user'\''s group in net.ipv4.ping_group_range' \
		as_nobody "$sockwatch" probe --report -n -c 1 "$target"
	says 'UDP by plain socket: CAP_NET_RAW is missing' as_nobody "$sockwatch" probe --report -n -c 1 --udp "$target"
	says 'TCP by connect(), one hop after the other: CAP_NET_RAW is missing' \
		as_nobody "$sockwatch" probe --report -n -c 1 --tcp=81 "$target"
done
# The right of another group does not count; with the right group it is used, also by a process with all rights.
sysctl_at 0 net/ipv4/ping_group_range '65533 65533'
says 'UDP, not ICMP echo' as_nobody "$sockwatch" probe --report -n -c 1 "$target4"
sysctl_at 0 net/ipv4/ping_group_range '65534 65534'
says 'ICMP echo by ping socket' as_nobody "$sockwatch" probe --report -n -c 1 "$target4"
says 'ICMP echo by ping socket' as_nobody "$sockwatch" probe --report -n -c 1 "$target6"

# fe80::…%l1, with and without rights.
neighbour=$(at 1 ip -6 -o addr show dev r1 scope link | sed 's|.*inet6 \([^/]*\)/.*|\1|')
for method in --icmp --udp --tcp=81; do
	for as in 'at 0' as_nobody; do
		$as "$sockwatch" probe --json -n $method -c 2 -i 0.2 "$neighbour%l1" >"$work/json"
		jq -e -s 'map(select(.ttl)) | length == 1 and .[0].addrs == ["'"$neighbour"'"] and .[0].loss_pct == 0' "$work/json" >"$work/out" || {
			cat "$work/json"
			fail "$as $method $neighbour%l1"
		}
	done
done
wrong() {
	words=$1
	shift
	at 0 "$sockwatch" "$@" >"$work/out" 2>"$work/err" && fail "$*: no error"
	grep -Fq "$words" "$work/err" || {
		cat "$work/err"
		fail "$*: does not say \"$words\""
	}
}
wrong "name one, as in $neighbour%eth0" probe --report "$neighbour"
wrong "there is no interface \"l9\" for $neighbour" probe --report "$neighbour%l9"
wrong 'is not an IPv4 address' probe --report -4 "$neighbour%l1"
at 0 "$sockwatch" connect "$neighbour%l1" 81 >"$work/out" 2>&1 && fail "connect: nobody listens there"
grep -q ECONNREFUSED "$work/out" || {
	cat "$work/out"
	fail "connect $neighbour%l1"
}

# The target answers by way of one more router.
node c
link 3 c 8
link c 2 9
at c ip route add 10.9.1.0/24 via 10.9.9.2
at c ip -6 route add fd09:1::/64 via fd09:9::2
at 3 ip route replace 10.9.1.0/24 via 10.9.8.2
at 3 ip -6 route replace fd09:1::/64 via fd09:8::2
for target in "$target4" "$target6"; do
	says 'the return path may have another length: 4 hops if the answers begin with ttl 64, not 3' \
		at 0 "$sockwatch" probe --report -n -c 2 -i 0.2 "$target"
done
