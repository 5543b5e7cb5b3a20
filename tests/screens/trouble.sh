#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is wrong stands out: in the header, in the rows, in the facts and on top of the page; with a mark where
# there are no colours. The figures of the header are those of the kernel.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs root, for a namespace of its own'
address=127.1.2.3

# kernel GROUP NAME: a counter of /proc/net/snmp.
kernel() {
	awk -v group="$1:" -v name="$2" '
		$1 == group && !n { for (i = 2; i <= NF; i++) if ($i == name) n = i; next }
		$1 == group { print $n }' /proc/net/snmp
}

# Drops of both families, from the kernel.
drops() {
	echo $(($(kernel Udp InErrors) + $(awk '$1 == "Udp6InErrors" { print $2 }' /proc/net/snmp6)))
}

# A group has the mark of the worst of its rows.
group_by_state() {
	keys F5
	sees 'Group by'
	type state
	keys Enter
}
start_sockets
sockets open 1
start 120 40 --no-color
group_by_state
sees '^ ▸ LISTEN'
shows '^!' && fail 'a mark without trouble'
quit
start 160 40 --no-color
sees "holder/$holder"
sees '^ opened 0/s .*closed 0/s *reset 0/s *retransmitted 0/s'
shows 'failed\|UDP drops\|RSTs' && fail 'figures that are 0 from the start'

# Each connection that is refused is opened, fails, and is answered by a RST; none of them is closed.
adds_up() {
	sockets refused 3
	shows '^ opened \([0-9.]*\)/s [^0-9]*  closed 0/s  *failed \1/s  *reset 0/s  *RSTs sent \1/s  *retr.* 0/s' &&
		! shows '^ opened 0/s'
}
until_true 'opened, failed and RSTs are the same' adds_up

before=$(drops)
sockets flood 20
[ "$(drops)" -ge $((before + 40)) ] || fail 'the kernel dropped nothing'
sees "UDP drops .*($(drops))"
# The column and the counter say the same.
sees "^!UNCONN .* $address:$port  *0.0.0.0:\* .* $(awk -v port="$(printf %04X "$port")" '
	$2 ~ ":" port "$" { print $13 }' /proc/net/udp) "
quit

# A full accept queue, a sender whose peer does not read, and the program that does not: in each theme.
sockets open 1
sockets stall
sockets queue 6
wrong() {
	sees "^!LISTEN  *6  *5 $address:$port"
	sees "^!ESTABLISHED  *0  *[0-9.]*M 127.0.0.1:[0-9]* *$address:$port"
	sees "^!ESTABLISHED  *[0-9.]*[kM]  *0 $address:$port"
	sees "^ ESTABLISHED  *0  *0 $address:$port"
}
start 120 40
wrong
# Its figures are red, and a well row's are not.
until_true 'a red accept queue' eval 'colors | grep -q "38;5;203m *6"'
colors | grep 'LISTEN' | grep -q '38;5;203m *5' && fail 'the backlog is red'
quit
mkdir -p "$work/config/sockwatch"
echo 'theme = light' >"$work/light"
start 120 40 --config "$work/light"
wrong
until_true 'a red accept queue on light' eval 'colors | grep -q "38;5;160m *6"'
quit
term=xterm start 120 40
wrong
until_true 'a red accept queue with eight colours' eval 'colors | grep -q "31m *6"'
quit
for how in --no-color --ascii; do
	start 120 40 "$how"
	wrong
	quit
done
NO_COLOR=1 term=vt220 lang=C start 80 24
wrong

start 120 40 --no-color
wrong
group_by_state
sees '^!▸ LISTEN'
quit

# The page of the listener: its verdict, and the fact.
start 100 90 --no-color "state listen"
sees '^!LISTEN'
keys Enter
sees '^! *the accept queue is full (6 wait, 5 may): new connections are dropped'
sees '^!accept queue  *6 wait for accept, at most 5 may: FULL'
quit
start 100 90 --no-color "'send_q > 100k'"
sees '^!ESTABLISHED'
keys Enter
sees "^! *the peer's window is closed: it does not read, [0-9.]*M wait for it"
sees '^!window  *0: the peer does not read'
sees 'held back  *not by the program: data waits to be sent'
shows 'sends too little\|gives too little' && fail 'the program is blamed'
quit
start 100 90 --no-color "proto udp and laddr $address"
sees '^.UNCONN'
keys Enter
sees 'receive queue  *[0-9.k]* of the buffer in use'
shows ' unread' && fail 'buffer memory called unread bytes'
quit
