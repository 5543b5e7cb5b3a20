#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Probed paths: from a row over three routers, below the table and on the screen of their own; names.
. "${srcdir:-.}/tests/screens/lib.sh"
. "$srcdir/tests/netns/lab.sh"
lab_needs unshare mount bind-mounts
chain 3
via=10.9.2.2

serve 2 $via 7
serve 3 "$target4" 8
join "$target4" "$port" $via "$port"

# In node 0, with names of the test's own.
own_etc
printf '10.9.1.2 gw.example\n%s web.example\n' "$target4" >"$work/etc/hosts"
echo 'nameserver 127.0.0.1' >"$work/etc/resolv.conf"
cat >"$work/in-node" <<END
#!/bin/sh
exec nsenter --net=/run/netns/$lab-0 unshare --mount sh -c '
	mount --bind $work/etc /etc
	exec "\$0" "\$@"' $sockwatch "\$@"
END
chmod +x "$work/in-node"
sockwatch=$work/in-node

start 120 40
sees "ESTABLISHED .*$target4:$port"
keys F3
type "$target4"
sees 'F3 goes to the next'
keys Enter F7
sees "── path to $target4 (tcp $port) ─ 3 hops ─ loss 0.0% ─ avg .* ms ─ jitter .* ms ─ kernel rtt .* ms ─"
sees '^  1 10.9.1.2 gw.example  *0.0%'
sees '^  2 10.9.2.2  *0.0%'
sees '^  3 10.9.3.2 web.example  *0.0%'
sees '^ the path is fine: nothing is lost, no hop delays'
sees '^ TCP SYN by '

# All three parts at once.
sees '^── flags'
shows "── path to $target4 (tcp $port)" || fail 'the events took the place of the path'
shows "ESTABLISHED .*$target4:$port" || fail 'no room for the table'

# Names in the table when they are wanted.
keys n
sees "ESTABLISHED .*web.example:$port"
keys n
sees "ESTABLISHED .*$target4:$port"

# Another row: the pane stays. When it is probed too, there are two.
keys F3
type "$via:"
sees 'F3 goes to the next'
keys Enter
sees_not 'F3 goes to the next'
shows "── path to $target4 (tcp $port)" || fail 'the pane went with the row'
keys F7
sees "── path to $via (tcp $port) ─ 2 hops"
keys 4
sees '^ *TARGET  *METHOD  *HOPS  *LOSS  *AVG  *JITTER  *VERDICT'
sees "^ + $target4 web.example  *tcp $port  *3  *0.0% .* well"
sees "^ + $via  *tcp $port  *2  *0.0%"
sees "── path to $via (tcp $port)"
keys Up
sees "── path to $target4 (tcp $port)"

# Methods as with mtr's keys, numbers, columns, flows, interval, and a router that refuses.
keys u
sees "── path to $target4 (udp) ─ 3 hops"
keys u
sees "── path to $target4 (icmp) ─ 3 hops"
keys t
sees "── path to $target4 (tcp $port) ─ 3 hops"
sees 'the path is fine: nothing is lost, no hop delays'
sees 'Host  *Loss%  *Snt  *Last  *Avg  *Best  *Wrst  *StDev History'
keys o
sees 'Host  *Loss%  *Snt  *Avg  *p50  *p95  *Wrst  *Jttr History'
keys o
sees 'Host  *Loss%  *Link%  *Snt  *Rcv  *Late  *MTU Back History'
keys o
sees 'Host  *Loss%  *Snt  *Last'
keys E
sees '4 flows: parallel paths'
keys E
keys E
sees 'one flow'
keys M
sees 'path MTU at least [0-9]*, at most 1500'
keys M
sees_not 'path MTU'
keys i
sees 'Seconds between two rounds'
type x
keys Enter
sees 'the interval is 0.1 to 3600 seconds'
keys BSpace
type 0.2
keys Enter
sees_not 'Seconds between two rounds'
keys n
sees_not gw.example
keys n
sees gw.example

# A paused path keeps its figures, and continues with them.
sent_by_hop_3() {
	screen | sed -n 's/^  3 10.9.3.2 web.example  *0.0%  *\([0-9]*\) .*/\1/p'
}
sent_is_more() {
	[ "$(sent_by_hop_3)" -gt "$1" ]
}
until_true 'some rounds' sent_is_more 5
keys p
sees "^ - $target4"
sees "── path to $target4 (tcp $port) ─ stopped"
before=$(sent_by_hop_3)
[ "$before" -gt 5 ] || fail 'the pause lost the figures'
keys p
sees "^ + $target4"
until_true 'more rounds' sent_is_more "$before"
sees '^  3 10.9.3.2 web.example  *0.0%'

# Copied, and written to a file: the list, and the hops of both.
keys y
sees 'copied, if the terminal allows it'
keys w
sees 'Write to file'
type "$work/paths.txt"
keys Enter
sees 'wrote [0-9]* lines to'
grep -q "^$target4 web.example *tcp $port *3 *0.0% .* well$" "$work/paths.txt" || fail 'the list is not in the file'
grep -q "^-- path to $via (tcp $port) - 2 hops - loss 0.0%" "$work/paths.txt" || fail 'the second path is not in the file'
grep -q '^   3 10.9.3.2 web.example *0.0% ' "$work/paths.txt" || fail 'the hops are not in the file'
at 2 ip route add prohibit "$target4/32"
keys r
# The router chooses which of its refused probes it answers.
sees 'prohibited by 10.9.2.2, hop [0-9]* (!X)'
sees '^ .* 10.9.2.2 .*prohibited'
at 2 ip route del prohibit "$target4/32"
keys r
sees "── path to $target4 (tcp $port) ─ 3 hops ─ loss 0.0%"

# Stopped, then taken away.
keys x
sees "^ - $target4"
sees "── path to $target4 (tcp $port) ─ stopped"
keys x
sees_not "$target4 web.example  *tcp"

# A small terminal: the table and one pane, the newest asked for. The same key stops.
keys 1
resize 80 24
sees "── path to $via"
sees_not '^── flags'
keys F8
sees '^── flags ─'
sees_not "── path to $via"
keys F7
sees "── path to $via"
sees_not '^── flags'
keys F7
sees 'stopped; screen 4 keeps'
sees_not "── path to $via"
quit
