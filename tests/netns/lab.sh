# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests of paths, after lib.sh: chains of namespaces with routers in them. Node n of a chain is the
# namespace $lab-n, with the addresses 10.N.n.1 towards the start and 10.N.(n+1).2 … see link. Removed at the end.
lab=swlab$$
lab_nodes=
lab_pids=
# The number of the link that is slow, and its delay in milliseconds each way; set before chain.
slow_link=
slow_ms=

cleanup_more() {
	exec 6>&-
	for pid in $lab_pids; do
		kill "$pid" 2>/dev/null || :
	done
	for node in $lab_nodes; do
		ip netns del "$lab-$node" 2>/dev/null || :
	done
	lab_nodes=
}

lab_needs() {
	needs root ip jq nsenter setpriv netns-names "$@"
}

# at NODE COMMAND…
at() {
	node=$1
	shift
	nsenter --net="/run/netns/$lab-$node" "$@"
}

# sysctl_at NODE NAME VALUE: a sysctl of net belongs to the namespace of the process that opens it.
sysctl_at() {
	at "$1" sh -c 'echo "$2" >"/proc/sys/$1"' sh "$2" "$3"
}

# node NAME: a host that forwards, whose routers' limits are off.
node() {
	ip netns add "$lab-$1"
	lab_nodes="$lab_nodes $1"
	at "$1" ip link set lo up
	sysctl_at "$1" net/ipv4/ip_forward 1
	sysctl_at "$1" net/ipv6/conf/all/forwarding 1
	sysctl_at "$1" net/ipv4/icmp_ratelimit 0
	sysctl_at "$1" net/ipv6/icmp/ratelimit 0
	sysctl_at "$1" net/ipv6/conf/default/accept_dad 0
	sysctl_at "$1" net/ipv4/conf/all/rp_filter 0
	sysctl_at "$1" net/ipv4/conf/default/rp_filter 0
}

# link LEFT RIGHT NUMBER: 10.9.NUMBER.1 and fd09:NUMBER::1 on the left, .2 and ::2 on the right.
link() {
	if [ "$3" = "$slow_link" ]; then
		needs tun
		mkfifo "$work/slow"
		"$builddir/tests/netns/delay" "$slow_ms" "$lab-$1" "l$3" "$lab-$2" "r$3" <"$work/slow" >"$work/slow.out" &
		lab_pids="$lab_pids $!"
		exec 6>"$work/slow"
		until grep -q ready "$work/slow.out"; do
			kill -0 "${lab_pids##* }" || fail 'the slow link cannot be made'
			sleep 0.05
		done
	else
		ip link add "l$3" netns "$lab-$1" type veth peer name "r$3" netns "$lab-$2"
	fi
	at "$1" ip addr add "10.9.$3.1/24" dev "l$3"
	at "$2" ip addr add "10.9.$3.2/24" dev "r$3"
	at "$1" ip addr add "fd09:$3::1/64" dev "l$3" nodad
	at "$2" ip addr add "fd09:$3::2/64" dev "r$3" nodad
	at "$1" ip link set "l$3" up
	at "$2" ip link set "r$3" up
}

# chain HOPS: nodes 0 … HOPS in a row; link n lies between n-1 and n. The target is node HOPS.
chain() {
	hops=$1
	node 0
	n=1
	while [ "$n" -le "$hops" ]; do
		node "$n"
		link $((n - 1)) "$n" "$n"
		n=$((n + 1))
	done
	n=0
	while [ "$n" -le "$hops" ]; do
		if [ "$n" -lt "$hops" ]; then
			at "$n" ip route add default via "10.9.$((n + 1)).2"
			at "$n" ip -6 route add default via "fd09:$((n + 1))::2"
		fi
		m=1
		while [ "$m" -lt "$n" ]; do
			at "$n" ip route add "10.9.$m.0/24" via "10.9.$n.1"
			at "$n" ip -6 route add "fd09:$m::/64" via "fd09:$n::1"
			m=$((m + 1))
		done
		n=$((n + 1))
	done
	target4=10.9.$hops.2
	target6=fd09:$hops::2
}

# probe_json OPTION… HOST: from node 0, as JSON.
probe_json() {
	at 0 "$sockwatch" probe --json -n "$@"
}

# check_hops WHAT FILTER OPTION…: checks that the array of hops, from node 0, fulfils the jq filter. The target need
# not answer.
check_hops() {
	what=$1
	filter=$2
	shift 2
	probe_json "$@" >"$work/json" || [ $? = 1 ] || fail "$what: status $?"
	jq -e -s "map(select(.ttl)) | $filter" "$work/json" >"$work/out" || {
		cat "$work/json"
		fail "$what: $filter"
	}
}

# serve NODE ADDRESS FD: for a screen test, a listener there on $port; the descriptor is its input.
serve() {
	mkfifo "$work/in-$1"
	at "$1" "$builddir/tests/screens/sockets" "$2" "$port" server <"$work/in-$1" >"$work/out-$1" &
	children="$children $!"
	eval "exec $3>\"\$work/in-$1\""
	until_true 'the listener' grep -q ready "$work/out-$1"
}

# join ADDRESS PORT…: connections to it from node 0, until descriptor 9 is closed.
join() {
	mkfifo "$work/in-0"
	at 0 "$builddir/tests/screens/client" "$@" <"$work/in-0" >"$work/out-0" &
	children="$children $!"
	exec 9>"$work/in-0"
	until_true 'the connections' grep -q ready "$work/out-0"
}

# in_node_0 [OPTION…]: sockwatch will run there, with these options.
in_node_0() {
	printf '#!/bin/sh\nexec nsenter --net=/run/netns/%s %s %s "$@"\n' "$lab-0" "$sockwatch" "$*" >"$work/in-node"
	chmod +x "$work/in-node"
	sockwatch=$work/in-node
}

# as_nobody COMMAND…: in node 0, without any right.
as_nobody() {
	at 0 setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs "$@"
}

# own_etc: fills $work/etc with the files of /etc that a program needs, to be bound over it; hosts and resolv.conf
# are the test's.
own_etc() {
	mkdir "$work/etc"
	for name in passwd group services host.conf nsswitch.conf ld.so.cache ld-musl-x86_64.path terminfo; do
		[ ! -e "/etc/$name" ] || cp -RLp "/etc/$name" "$work/etc/"
	done
}

# hops FILE: "TTL ADDRESS" of each hop of a JSON report, "???" for silent ones.
hops_of() {
	jq -r 'select(.ttl) | "\(.ttl) \(.addrs[0] // "???")"' "$1"
}
