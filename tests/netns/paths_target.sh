#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a script learns of the target: a row where it is silent, "reached", the notes, the exit status; several targets
# and all addresses of a name; interface, type of service and mark; what is not the address of a host.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs nft unshare mount bind-mounts
chain 2
at 2 nft 'add table inet lab
	add chain inet lab in { type filter hook input priority 0; }
	add rule inet lab in tcp dport 81 drop'

# probe STATUS OPTION…: from node 0, into $work/out and $work/err.
probe() {
	wanted=$1
	shift
	status=0
	at 0 "$sockwatch" probe -n "$@" >"$work/out" 2>"$work/err" || status=$?
	[ $status = "$wanted" ] || {
		cat "$work/out" "$work/err"
		fail "probe $*: status $status, not $wanted"
	}
}
# holds WHAT FILTER: of the array of all objects of the last probe.
holds() {
	jq -e -s "$2" "$work/out" >"$work/json" || {
		cat "$work/out"
		fail "$1: $2"
	}
}
# says WHAT PATTERN FILE
says() {
	grep -q -e "$2" "$work/$3" || {
		cat "$work/out" "$work/err"
		fail "$1: does not say $2"
	}
}

# A dead port behind living routers, in all three forms.
for target in "$target4" "$target6"; do
	[ "$target" = "$target4" ] && router=10.9.1.2 || router=fd09:1::2
	dead="--tcp=81 -c 2 -i 0.2 --timeout 0.5 $target"
	# shellcheck disable=SC2086
	probe 1 --json $dead
	holds 'a dead target' 'length == 3 and all(.target == "'"$target"'") and .[0].addrs == ["'$router'"] and .[0].loss_pct == 0 and
		(.[1] | .ttl == 2 and .addrs == null and .sent == 2 and .received == 0 and .loss_pct == 100) and
		(.[2] | .reached == false and .protocol == "tcp" and .port == 81 and .sent == 2 and .received == 0 and .loss_pct == 100 and
		 (.verdict | startswith("the target has not answered")) and (.notes | index("the target has not answered")) != null)'
	# shellcheck disable=SC2086
	probe 1 --csv $dead
	says 'a dead target, CSV' "^$target,2,,,100,2,0," out
	# shellcheck disable=SC2086
	probe 1 --report $dead
	says 'a dead target, text' '^  2\.|-- ??? *100\.0% *2 .*no answer from here on$' out
	says 'a dead target, text' '^the target has not answered$' out
	# A refused connection is an answer of the target.
	probe 0 --json --tcp=82 -c 2 -i 0.2 "$target"
	holds 'a closed port' '.[-1] | .reached == true and .hops == 2 and .loss_pct == 0 and .received == 2 and (.avg_us > 0) and
		(.verdict | length) > 0'
done
# All that the text says of a path stands in the JSON too.
probe 0 --report --mtu --size 1300 -c 1 "$target4"
sed '1,/^HOST/d; /^ *[0-9]*\.|--/d; /^    |/d' "$work/out" | sort >"$work/notes.text"
probe 0 --json --mtu --size 1300 -c 1 "$target4"
jq -r 'select(.notes) | .notes[]' "$work/out" | sort >"$work/notes.json"
same 'notes of text and JSON' "$work/notes.text" "$work/notes.json"

# Nobody to probe: why, in the JSON as well.
at 0 ip route add prohibit 10.77.0.0/24
at 0 ip route add blackhole 10.78.0.0/24
at 0 ip route add unreachable 10.79.0.0/24
for case in '10.77.0.1 EACCES a prohibit route' '10.78.0.1 EINVAL a blackhole route' '10.79.0.1 EHOSTUNREACH no route to it' \
	'10.9.1.255 EINVAL a broadcast address' '255.255.255.255 EINVAL a broadcast address' '224.0.0.1 EINVAL a multicast address' \
	'ff02::1 EINVAL a multicast address' '0.0.0.0 EINVAL this box itself, which is 127.0.0.1' ':: EINVAL this box itself, which is ::1'; do
	address=${case%% *} case=${case#* }
	name=${case%% *} words=${case#* }
	probe 1 --report -c 1 "$address"
	says "$address" "^sockwatch: $address cannot be probed: .*$words" err
	[ "$(wc -l <"$work/err")" = 1 ] && [ ! -s "$work/out" ] || fail "$address: not one sentence"
	probe 1 --json -c 1 "$address"
	holds "$address" 'length == 1 and .[0].reached == false and .[0].error == "'$name'" and (.[0].meaning | contains("'"$words"'"))'
done

# Several targets: each has its report, and the status is 0 only when all answered.
probe 0 --report -c 1 "$target4" 10.9.1.2 "$target6"
[ "$(grep -c '^Start: ' "$work/out")" = 3 ] && [ "$(grep -c '^$' "$work/out")" = 2 ] || fail 'three reports'
probe 1 --json -c 1 --timeout 0.3 --tcp=81 "$target4" 10.9.1.2
holds 'one of two' '[.[] | select(has("reached")) | [.target, .reached]] == [["'"$target4"'", false], ["10.9.1.2", true]]'
probe 0 --csv -c 1 "$target4" 10.9.1.2
[ "$(grep -c '^target,' "$work/out")" = 1 ] && [ "$(cut -d, -f1,2 "$work/out" | tail -3 | tr '\n' ' ')" = "$target4,1 $target4,2 10.9.1.2,1 " ] ||
	fail 'CSV of two targets'
printf '%s two.test\n%s two.test\n' "$target4" "$target6" >"$work/hosts"
printf 'hosts: files\n' >"$work/nsswitch"
two() {
	unshare --mount sh -c 'mount --bind "$1/hosts" /etc/hosts && mount --bind "$1/nsswitch" /etc/nsswitch.conf && shift &&
		exec nsenter --net="/run/netns/'"$lab"'-0" "$@"' sh "$work" "$sockwatch" probe --json -n -c 1 "$@" >"$work/out"
}
two two.test || fail 'a name'
holds 'the first address of a name' '[.[] | select(has("reached"))] | length == 1'
two --all two.test || fail 'all addresses of a name'
holds 'all addresses of a name' '[.[] | select(has("reached")) | .target] | sort == (["'"$target4"'", "'"$target6"'"] | sort)'
two --all -4 two.test || fail 'all IPv4 addresses of a name'
holds 'all IPv4 addresses of a name' '[.[] | select(has("reached")) | .target] == ["'"$target4"'"]'
two --all --source fd09:1::1 two.test || fail 'all addresses that a source can reach'
holds 'the family of the source' '[.[] | select(has("reached")) | .target] == ["'"$target6"'"]'

# Interface, type of service and mark are on the probes.
at 0 nft 'add table inet lab
	add chain inet lab out { type filter hook output priority 0; }
	add rule inet lab out ip dscp 46 meta mark 7 counter comment "v4"
	add rule inet lab out ip6 dscp 46 meta mark 7 counter comment "v6"'
for method in --icmp --udp --tcp=82; do
	for target in "$target4" "$target6"; do
		[ "$target" = "$target4" ] && rule=v4 || rule=v6
		at 0 nft reset counters >/dev/null 2>&1 || :
		packets() {
			at 0 nft list table inet lab | sed -n "s/.*counter packets \([0-9]*\) .*\"$rule\".*/\1/p"
		}
		before=$(packets)
		probe 0 --report $method --tos 0xb8 --mark 7 --interface l1 -c 1 "$target"
		[ "$(packets)" -gt "$before" ] || fail "$method $target: type of service and mark are not on the probes"
	done
done
# By an interface that leads elsewhere nothing answers.
probe 1 --report -c 1 --timeout 0.3 -I lo "$target4"

# What cannot be bound or contradicts itself is refused before anything is sent.
refused() {
	words=$1
	shift
	probe 2 --report -c 1 "$@"
	[ "$(wc -l <"$work/err")" = 1 ] && [ ! -s "$work/out" ] || fail "$*: not one sentence"
	says "$*" "$words" err
}
refused 'no interface here has the address 192.0.2.9' --source 192.0.2.9 "$target4"
refused 'is an IPv4 address, but -6 asks for IPv6' -6 --source 10.9.1.1 "$target6"
refused 'is not an IPv4 address' --source 10.9.1.1 "$target6"
refused 'there is no interface "l9"' -I l9 "$target4"
refused 'there is no interface "l9" for fe80::1' --source fe80::1%l9 fe80::2%l1
refused 'on another interface than --interface names' -I lo fe80::2%l1
refused 'a SYN carries no payload' --tcp --size 100 "$target4"
refused 'a SYN fits every path' --tcp --mtu "$target4"
refused 'use 0 to 255' --tos 256 "$target4"
refused 'use 0 to 255' --tos 0x "$target4"
as_nobody "$sockwatch" probe --report -n -c 1 --mark 7 "$target4" 2>"$work/err" && fail 'a mark without the right for it'
says 'a mark without the right for it' '--mark needs CAP_NET_RAW' err
for option in '--source 192.0.2.9' '-I l9'; do
	status=0
	# shellcheck disable=SC2086
	at 0 "$sockwatch" connect $option "$target4" 82 >"$work/out" 2>"$work/err" || status=$?
	[ $status = 2 ] && [ "$(wc -l <"$work/err")" = 1 ] && [ ! -s "$work/out" ] || fail "connect $option: status $status"
done
