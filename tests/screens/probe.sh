#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `sockwatch probe` on a terminal: one path on the whole screen, mtr's keys, and the report at the end.
. "${srcdir:-.}/tests/screens/lib.sh"
. "$srcdir/tests/netns/lab.sh"
lab_needs unshare mount bind-mounts
chain 4
cat >"$work/in-node" <<END
#!/bin/sh
exec nsenter --net=/run/netns/$lab-0 unshare --mount sh -c '
	mount --bind $work/hosts /etc/hosts
	exec "\$0" "\$@"' $sockwatch "\$@"
END
sed 's/exec "\$0"/exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs "$0"/' "$work/in-node" >"$work/as-nobody"
chmod +x "$work/in-node" "$work/as-nobody"
sockwatch=$work/in-node

printf '10.9.2.2 mid.lab\n' >"$work/hosts"
start 80 24 probe -n -i 0.2 "$target4"
sees "^── path to $target4 (icmp) ─ 4 hops ─ loss 0.0% ─ avg .* ms"
sees '^    Host  *Loss%  *Snt  *Last  *Avg  *Best  *Wrst  *StDev History'
sees '^  1 10.9.1.2  *0.0%'
sees '^  4 10.9.4.2  *0.0%'
sees '^ the path is fine: nothing is lost, no hop delays'
sees '^ ICMP echo by raw socket'
shows "^ sockwatch .*  probe $target4  every 0.2s" || fail 'the heading'

# Nothing of sockets is shown; methods, pause, columns.
keys 1
sees 'there is one path here'
keys Escape Enter
keys u
sees "^── path to $target4 (udp) ─ 4 hops"
keys t
sees "^── path to $target4 (tcp 443) ─ 4 hops"
keys t
sees "^── path to $target4 (icmp) ─ 4 hops"
sees '^ the path is fine'
keys p
sees 'PAUSED'
sees '─ stopped ─'
# It continues once the collector has begun, however long that takes.
processes
kill -STOP "$collector"
keys Space
keys o
sees 'p50  *p95'
keys o o
sees 'Best  *Wrst'
kill -CONT "$collector"
sees_not 'PAUSED'
sees_not '─ stopped ─'
keys h
sees 'F1 ? h  *help of this screen'
keys F3
type 'probe it by UDP'
keys Enter
sees '^ *u  *probe it by UDP; again: by ICMP echo'
shows 'filter by state' && fail 'the help tells of keys that are not there'
keys q
sees "^── path to $target4 (icmp)"

keys n
sees '^  2 10.9.2.2 mid.lab'
keys n
sees_not mid.lab

# Sizes that have no room for everything.
resize 40 6
sees '^── path to'
resize 20 3
resize 120 40
sees "^── path to $target4 (icmp) ─ 4 hops"
keys q
sees '^  4.|-- 10.9.4.2  *0.0%'
shows '^HOST: .* Loss%   Snt   Last    Avg   Best   Wrst  StDev' || fail 'no report at the end'
ended 0
$tmux kill-session -t $session

# Ends by itself after so many cycles.
start 80 24 probe -n -c 2 -i 0.2 --tcp=81 "$target4"
sees '^  4.|-- 10.9.4.2  *0.0%  *2 '
ended 0
$tmux kill-session -t $session

# Without rights, in ASCII.
sockwatch=$work/as-nobody
lang=C start 80 24 probe -n --ascii -i 0.2 "$target6"
sees "^-- path to $target6 (icmp) - 4 hops"
sees '^  4 fd09:4::2  *0.0%'
sees 'UDP, not ICMP echo: that needs CAP_NET_RAW'
keys C-c
sees '^  4.|-- fd09:4::2'
ended 0
$tmux kill-session -t $session
sockwatch=$work/in-node

fails_in_words() {
	until_true 'the end' test -s "$work/status"
	[ "$(cat "$work/status")" = 1 ] || fail 'no failure without a route'
	[ "$(wc -l <"$work/errors")" = 1 ] || fail 'not one sentence'
}

# No route: it is said, and the way is tried again until there is one.
at 0 ip route add unreachable 192.0.2.0/24
start 80 24 probe -n -i 0.2 192.0.2.1
sees '192.0.2.1 cannot be probed: there is no route to it'
keys q
fails_in_words
$tmux kill-session -t $session

start 80 24 probe -n -c 1 192.0.2.1
fails_in_words
$tmux kill-session -t $session

start 80 24 probe -n -i 0.2 192.0.2.1
sees '192.0.2.1 cannot be probed: there is no route to it'
at 0 ip route del unreachable 192.0.2.0/24
at 0 ip route add 192.0.2.0/24 via 10.9.1.2
at 4 ip addr add 192.0.2.1/32 dev lo
sees '^  4 192.0.2.1  *'
keys q
ended 0
$tmux kill-session -t $session

# A terminal without abilities gets the report.
term=dumb start 80 24 probe -n -c 1 "$target4"
sees '^  4.|-- 10.9.4.2  *0.0%'
ended 0
$tmux kill-session -t $session
session=
