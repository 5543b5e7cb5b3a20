#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A box in trouble: the worst rows first, a storm of short connections that hides nobody who lives, one group for each
# name, and our own sockets left out and counted.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "$(id -u)" = 0 ] || skip 'needs root: the events of short connections'
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs a network namespace of its own'

# Lines of the table that begin so.
rows() {
	screen | grep -c -e "$1" || :
}

start_sockets crowd
sockets open 10
sockets half 3
mkfifo "$work/storm.in"
"$builddir/tests/netns/storm" 4000 200 10 <"$work/storm.in" >"$work/storm.out" &
storm=$!
children="$children $storm"
exec 7>"$work/storm.in"
until_true 'the storm' grep -q ready "$work/storm.out"

# The order, and one key to the other one and back. The listener came first.
start 120 40 --no-color
sees '^!CLOSE-WAIT'
sees '^.LISTEN'
first() {
	screen | sed -n '/^ STATE/{n;p;q}'
}
first_is() {
	first | grep -q -e "$1"
}
until_true 'CLOSE-WAIT on top' first_is '^!CLOSE-WAIT'
keys A
until_true 'something else on top' sh -c "! $tmux capture-pane -p -t $session | sed -n '/^ STATE/{n;p;q}' | grep -q CLOSE-WAIT"
keys A
until_true 'CLOSE-WAIT on top again' first_is '^!CLOSE-WAIT'

# The pane of flags is there; with it the table has some 20 lines, of which ended rows take a quarter at most.
sees '^── flags ─'
echo go >&7
sees '[0-9]* more ended'
for look in 1 2 3 4 5; do
	ended=$(rows '^x')
	[ "$ended" -le 6 ] || fail "$ended ended rows at the look $look"
	[ "$(rows '^!CLOSE-WAIT')" = 3 ] || fail 'a socket in trouble is out of sight'
	shows "LISTEN .*$address:$port" || fail 'the listener is out of sight'
	refreshed=$(screen | grep 'more ended')
	until_true 'the next refresh' sh -c "[ \"\$($tmux capture-pane -p -t $session | grep 'more ended')\" != '$refreshed' ]"
done

# In groups: each name once, none without a living socket.
keys F5
type 'process'
keys Enter
sees '▸ crowd  *[0-9]'
for look in 1 2 3; do
	screen | sed -n 's/^[ !]▸ \([^ ]*\)  *\([0-9]*\) .*/\1 \2/p' >"$work/groups"
	[ "$(cut -d' ' -f1 "$work/groups" | sort | uniq -d | wc -l)" = 0 ] || fail "a name twice: $(cat "$work/groups")"
	grep -q ' 0$' "$work/groups" && fail "a group of nothing: $(cat "$work/groups")"
	refreshed=$(screen | grep 'more ended')
	until_true 'the next refresh' sh -c "[ \"\$($tmux capture-pane -p -t $session | grep 'more ended')\" != '$refreshed' ]"
done
keys F5
type 'no groups'
keys Enter
exec 7>&-
quit

# UDP to a service is asked for first: nobody listens there, so the kernel counts what comes.
came() {
	awk '/^Udp:/ { n++; if (n == 2) print $3 }' /proc/net/snmp
}
none_came() {
	[ "$(came)" = "$before" ] || fail "datagrams were sent: $1"
}
mkfifo "$work/client.in"
"$builddir/tests/screens/client" 127.9.9.9 udp:5353 <"$work/client.in" >"$work/client.out" 2>&1 &
children="$children $!"
exec 7>"$work/client.in"
until_true 'the client' grep -q ready "$work/client.out"
before=$(came)
start 120 40 --no-color remote_port 5353
sees '127.9.9.9:5353'
sees 'UDP 1$'
keys F7
sees 'Probe 127.9.9.9'
sees 'by UDP to port 5353: the service there gets the datagrams'
none_came 'before an answer'
keys Escape
sees_not 'Probe 127.9.9.9'
none_came 'after no answer'
keys F7 Enter
sees 'path to 127.9.9.9 (icmp)'
sees '127.9.9.9  *0.0%'
none_came 'by ICMP'
keys 4 u
sees 'Send UDP datagrams to port 5353 of 127.9.9.9?'
keys n
sees_not 'Send UDP datagrams'
none_came 'after no'
# What probes is ours: neither in the table nor in its totals, and the header says so.
keys u y
sees 'path to 127.9.9.9 (udp 5353)'
until_true 'datagrams' sh -c "[ \"\$(awk '/^Udp:/ { n++; if (n == 2) print \$3 }' /proc/net/snmp)\" -gt $before ]"
keys 1
sees ' UDP 1 *$'
sees '[1-9][0-9]* own hidden'
keys F4 C-u
type 'process ~ ^sockwatch'
keys Enter
sees "no socket passes the filter.*O shows sockwatch's own sockets"
keys O
sees ' sockwatch-coll/[0-9]'
sees_not 'own hidden'
shows ' UDP 1 *$' && fail 'shown, and not counted'
keys O
sees 'own hidden'
quit
