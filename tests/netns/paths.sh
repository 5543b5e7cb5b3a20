#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A chain of routers: every probe method, IPv4 and IPv6, with and without rights, shows the hops that mtr and
# traceroute show.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs mtr traceroute
chain 6

expected() {
	n=1
	while [ "$n" -le 6 ]; do
		echo "$n $(printf "$1" "$n")"
		n=$((n + 1))
	done
}
expected 10.9.%s.2 >"$work/4"
expected fd09:%s::2 >"$work/6"

for family in 4 6; do
	[ $family = 4 ] && target=$target4 || target=$target6
	at 0 mtr --report -n -G 1 -c 2 -i 0.3 "$target" |
		sed -n 's/^ *\([0-9]*\)\.|-- \([0-9a-f.:]*\) .*/\1 \2/p' >"$work/mtr"
	same "IPv$family: mtr against the lab" "$work/$family" "$work/mtr"
	at 0 traceroute -n -q 1 -w 1 "$target" | sed -n 's/^ *\([0-9][0-9]*\)  \([0-9a-f.:]*\) .*/\1 \2/p' >"$work/traceroute"
	same "IPv$family: traceroute against the lab" "$work/$family" "$work/traceroute"

	for method in --icmp --udp --tcp=81; do
		probe_json $method -c 3 -i 0.2 --router-rate 20 "$target" >"$work/json"
		hops_of "$work/json" >"$work/ours"
		same "IPv$family $method: sockwatch against mtr" "$work/mtr" "$work/ours"
		# Routers are asked no faster than they may answer, so in so short a time not in every cycle.
		jq -e -s 'map(select(.ttl)) | all(.sent >= 1 and .received == .sent and .loss_pct == 0 and .best_us <= .avg_us and
			.avg_us <= .worst_us and .hops_back == .ttl)' "$work/json" >/dev/null || {
			cat "$work/json"
			fail "IPv$family $method: figures"
		}
		as_nobody "$sockwatch" probe --json -n $method -c 3 -i 0.2 "$target" >"$work/json"
		hops_of "$work/json" >"$work/ours"
		same "IPv$family $method without rights: sockwatch against mtr" "$work/mtr" "$work/ours"
	done
	as_nobody "$sockwatch" probe --report -n -c 1 "$target" | grep -q 'UDP, not ICMP echo: that needs CAP_NET_RAW' ||
		fail "IPv$family: it is not said which way was taken, and what is missing"

	# Where ping sockets are allowed they are used, without any right.
	sysctl_at 0 net/ipv4/ping_group_range '0 65535'
	as_nobody "$sockwatch" probe --report -n -c 2 -i 0.2 "$target" >"$work/text"
	grep -q 'ICMP echo by ping socket' "$work/text" || fail "IPv$family: no ping socket"
	sed -n 's/^ *\([0-9]*\)\.|-- \([0-9a-f.:]*\) .*/\1 \2/p' "$work/text" >"$work/ours"
	same "IPv$family by ping socket: sockwatch against mtr" "$work/mtr" "$work/ours"
	sysctl_at 0 net/ipv4/ping_group_range '1 0'
done

# A port that listens answers as one that does not, and nothing is left half-open there.
start_holder "$builddir/tests/netns/listen" "$lab-6" 81
probe_json --tcp=81 -c 3 -i 0.2 "$target4" >"$work/json"
hops_of "$work/json" >"$work/ours"
same 'SYN to a port that listens' "$work/4" "$work/ours"
jq -e -s 'map(select(.ttl)) | .[5].received == 3 and all(.received == .sent)' "$work/json" >/dev/null || fail 'SYN to a port that listens: loss'
at 6 ss -H -tan state syn-recv >"$work/half"
[ ! -s "$work/half" ] || fail 'half-open connections stay at the target'

# Only a part of the path.
probe_json --first-ttl 2 --max-ttl 4 -c 1 "$target4" >"$work/json" && fail 'a target beyond --max-ttl: status 0'
hops_of "$work/json" >"$work/ours"
sed -n 2,4p "$work/4" >"$work/part"
same '--first-ttl 2 --max-ttl 4' "$work/part" "$work/ours"

# No route, no host, a wrong argument: one sentence each, and an exit status.
refused() {
	wanted=$1
	shift
	status=0
	at 0 "$sockwatch" probe "$@" >"$work/out" 2>"$work/err" || status=$?
	[ $status = "$wanted" ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ] || {
		cat "$work/out" "$work/err"
		fail "probe $*: status $status, not $wanted with one sentence"
	}
}
at 0 ip route add unreachable 192.0.2.0/24
refused 1 --report 192.0.2.1
refused 2 --report
refused 2 --report one two
refused 2 --report -6 10.9.1.2
refused 2 --report --source nonsense "$target4"
refused 2 --report --source 192.0.2.9 "$target4"
