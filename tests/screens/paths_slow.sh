#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# F7 on a slow row shows where the delay begins: in the pane, on the screen of paths and on the page of the
# socket; then where the loss begins, and that the target is gone.
. "${srcdir:-.}/tests/screens/lib.sh"
. "$srcdir/tests/netns/lab.sh"
lab_needs nft
# Far more than a busy machine adds.
slow_link=3 slow_ms=150
chain 5
serve 5 "$target4" 7
join "$target4" "$port"
in_node_0 -n
delay='delay begins at hop 3, 10.9.3.2: 3[0-9]*\.[0-9] of 3[0-9]*\.[0-9] ms'

start 80 24
sees "ESTABLISHED .*$target4:$port"
keys F3
type "$target4:$port"
keys Enter
sees_not 'F3 goes to the next'
keys F7
sees "^ $delay"
sees '^  3 10.9.3.2 .* +3[0-9]*\.[0-9] ms'
shows "ESTABLISHED .*$target4:$port" || fail 'the table went for the path'
sees '^── path to .* kernel \(rtt \)*3[0-9]*\.[0-9] ms'

# Written to a file, all of it.
keys w
sees 'Write to file'
type "$work/shown.txt"
keys Enter
sees 'wrote [0-9]* lines to'
grep -q "^ESTABLISHED .*$target4:$port" "$work/shown.txt" || fail 'the table is not in the file'
grep -q "^ $delay" "$work/shown.txt" || fail 'the pane is not in the file'

# On the page of the socket, where the same key stops it.
resize 120 40
keys Enter
sees "path  *tcp $port, 5 hops, loss 0.0%: delay"
sees 'round trips  *kernel [0-9.]* ms, probe 3[0-9.]* ms'
keys F7
sees "path  *tcp $port, stopped, 5 hops"
keys F7
sees "path  *tcp $port, 5 hops, loss 0.0%: delay"
keys Escape
sees "^ $delay"
keys 4
sees "^ + $target4 *tcp $port .* delay begins at hop 3"

# Half is lost after hop 3: the beginning is shown as well.
at 4 nft 'add table inet lab
	add chain inet lab pre { type filter hook prerouting priority 0; }
	add rule inet lab pre iifname r4 meta l4proto tcp numgen random mod 2 < 1 drop'
keys i
type 0.2
keys Enter
keys r
sees '^ loss begins at hop 4, 10.9.4.2: [0-9.]*%; delay begins at hop 3'
sees '^  4 10.9.4.2 .*loss begins here'
at 4 nft delete table inet lab

# The target is gone.
keys r
sees "^ $delay"
at 4 ip link set l5 down
sees '^ network unreachable by 10.9.4.2, hop 4 (!N); delay begins at hop 3'
sees '^ the target has not answered since [0-9:]*'
quit
