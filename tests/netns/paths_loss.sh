#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Loss is shown as it is: a silent router, one that answers few probes, Linux's own limit, and a link that does
# lose.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs nft
chain 6

for target in "$target4" "$target6"; do
	[ "$target" = "$target4" ] && other=10.9.1. prefix=24 nodad= || {
		other=fd09:1::
		prefix=64
		nodad=nodad
	}
	# Routers count by the address that they answer to: it differs each time, or runs would share their
	# allowance.
	at 0 ip addr add ${other}11/$prefix dev l1 $nodad
	at 0 ip addr add ${other}12/$prefix dev l1 $nodad
	# Linux's default limit at every router: it is asked no more often than that, so nothing is lost.
	n=0
	while [ $n -le 6 ]; do
		sysctl_at $n net/ipv4/icmp_ratelimit 1000
		sysctl_at $n net/ipv6/icmp/ratelimit 1000
		n=$((n + 1))
	done
	check_hops "default limit, $target" 'length == 6 and all(.loss_pct == 0 and .verdict == null) and .[5].sent == 40 and
		all(.[:5][]; .sent >= 4 and .sent < 16)' -c 40 -i 0.1 "$target"
	check_hops "default limit, UDP, $target" 'length == 6 and all(.loss_pct == 0)' --source ${other}11 --udp -c 20 -i 0.1 "$target"
	check_hops "default limit, 4 flows, $target" 'length == 6 and all(.loss_pct == 0)' --source ${other}12 --udp --flows 4 -c 6 -i 0.5 "$target"
	n=0
	while [ $n -le 6 ]; do
		sysctl_at $n net/ipv4/icmp_ratelimit 0
		sysctl_at $n net/ipv6/icmp/ratelimit 0
		n=$((n + 1))
	done

	# A router that does not answer.
	at 2 nft 'add table inet lab
		add chain inet lab out { type filter hook output priority 0; }
		add rule inet lab out icmp type time-exceeded drop
		add rule inet lab out icmpv6 type time-exceeded drop'
	check_hops "silent, $target" 'length == 6 and .[1].verdict == "silent" and .[1].addrs == null and .[1].loss_pct == 100 and
		all(.[0, 2, 3, 4, 5]; .loss_pct == 0 and .verdict == null)' -c 3 -i 0.2 "$target"
	at 2 nft delete table inet lab

	# A router that answers twice a minute, however often it is asked.
	at 4 nft 'add table inet lab
		add chain inet lab out { type filter hook output priority 0; }
		add rule inet lab out icmp type time-exceeded limit rate over 1/minute burst 2 packets drop
		add rule inet lab out icmpv6 type time-exceeded limit rate over 1/minute burst 2 packets drop'
	check_hops "rate-limited, $target" '.[3].verdict == "rate-limited" and .[3].loss_pct > 30 and .[3].link_loss_pct == 0 and
		.[5].loss_pct == 0 and all(.[0, 1, 2, 4, 5]; .verdict == null)' -c 20 -i 0.2 "$target"
	at 4 nft delete table inet lab

	# A link that loses three of ten packets of each time to live: as many are shown, to the packet.
	at 3 nft 'add table inet lab
		add chain inet lab pre { type filter hook prerouting priority 0; }'
	for ttl in 1 2 3 4; do
		at 3 nft "add rule inet lab pre iifname r3 icmp type echo-request ip ttl $ttl numgen inc mod 10 { 2, 5, 8 } drop
			add rule inet lab pre iifname r3 icmpv6 type echo-request ip6 hoplimit $ttl numgen inc mod 10 { 2, 5, 8 } drop"
	done
	check_hops "lossy link, $target" 'length == 6 and .[5].sent == 100 and .[5].received == 70 and .[5].loss_pct == 30 and
		all(.[2, 3, 4]; .sent > 50 and (.sent - .received - .sent * 0.3 | fabs) < 1) and
		.[2].verdict == "loss begins here" and (.[2].link_loss_pct - 30 | fabs) < 1.5 and
		all(.[0, 1]; .loss_pct == 0 and .verdict == null) and all(.[3, 4, 5]; .verdict == null and .link_loss_pct < 1.5)' \
		-c 100 -i 0.03 --router-rate 100 "$target"
	at 3 nft delete table inet lab

	# By chance, when that is asked for: within five standard errors, 13.2 of 300.
	[ "${PATHS_LOSS_BY_CHANCE:-}" = yes ] || continue
	at 3 nft 'add table inet lab
		add chain inet lab pre { type filter hook prerouting priority 0; }
		add rule inet lab pre iifname r3 icmp type echo-request numgen random mod 100 < 30 drop
		add rule inet lab pre iifname r3 icmpv6 type echo-request numgen random mod 100 < 30 drop'
	check_hops "link that loses by chance, $target" '.[5].sent == 300 and (.[5].loss_pct - 30 | fabs) < 13.2 and
		.[2].verdict == "loss begins here" and (.[2].link_loss_pct - 30 | fabs) < 13.2 and
		all(.[0, 1]; .loss_pct == 0 and .verdict == null)
		and all(.[2:][]; .sent > 200) and all(.[3, 4, 5]; .verdict == null and .link_loss_pct < 13.2)' \
		-c 300 -i 0.02 --router-rate 100 "$target"
	at 3 nft delete table inet lab
done
