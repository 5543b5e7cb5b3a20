#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The screen of listeners and destinations: a full accept queue and what is dropped, local ports that have run out; Tab
# and the mouse give the other table the keys, Enter opens a listener and shows the sockets of a destination.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs root, for local ports of a namespace of its own'
needs ip sysctl
ip addr add 192.0.2.1/32 dev lo
sysctl -q -w net.ipv4.ip_local_port_range='40000 40063' net.ipv4.tcp_tw_reuse=0 net.core.somaxconn=4096 \
	net.ipv4.tcp_max_syn_backlog=77 net.ipv4.tcp_abort_on_overflow=1

number=0
for arguments in 'serve 192.0.2.1 80 81' 'wait 127.0.0.1 8001 8' 'wait :: 8002 100' '192.0.2.1 80 100' '192.0.2.1 81 50' \
	'127.0.0.1 8001 9' '127.0.0.1 8002 5'; do
	number=$((number + 1))
	# Word splitting is meant.
	# shellcheck disable=SC2086
	start_dial "dial$number" $arguments
done
# Nobody accepts, and the queue is full: its SYNs are dropped.
begin_dial beyond 127.0.0.1 8001 1

start 120 40 --no-color
sees '^.ESTABLISHED'
# The header names the destination that is nearest to its end.
sees 'ports 100% to 192.0.2.1:80'
keys Tab
sees 'sockwatch .* listeners '
sees '4 listeners'
sees '^!127.0.0.1:8001  *9  *8  *100% '
sees '^ \*:8002  *5  *100 '
# Its own drops, in all and a second.
sees '^!127.0.0.1:8001  *9  *8  *100%  *0  *[1-9]'
cursor_on '127.0.0.1:8001'

# Above: what the kernel counts for all listeners, and the settings in force here.
sees '^ ListenOverflows [1-9][0-9]* [0-9.]*/s   ListenDrops [1-9][0-9]* [0-9.]*/s   TCPReqQFullDrop 0 0/s   (all listeners: not'
sees '^ SyncookiesSent 0 0/s   SyncookiesRecv 0 0/s   SyncookiesFailed 0 0/s '
sees "^ tcp_syncookies $(sysctl -n net.ipv4.tcp_syncookies)   somaxconn 4096   tcp_max_syn_backlog 77   tcp_abort_on_overflow 1$"

# Below, the destination that has no port left comes first.
sees '── destinations of outgoing connections, by local ports used'
sees '^!192.0.2.1 192.0.2.1:80  *64  *64  *100%  *64  *0 '
sees '^!192.0.2.1 192.0.2.1:81  *50  *64  *78.1%  *50 '
is_first() {
	[ "$(screen | grep -o '192.0.2.1:8[01]  *[56]' | head -n 1 | cut -c 1-12)" = 192.0.2.1:80 ]
}
until_true 'the nearest to the end is first' is_first

# Enter on a listener: its page. Esc comes back.
keys Enter
sees '── who ─'
sees 'LISTEN'
keys Escape
sees '4 listeners'

# The keys go to the destinations: their order, filter and sockets.
keys Tab
sees 'sockwatch .* destinations '
sees '4 destinations'
keys /
type 'used_pct > 50'
keys Enter
sees '2 of 4 *$'
keys Escape
sees '4 destinations'
keys Enter
sees 'filter: laddr 192.0.2.1 and raddr 192.0.2.1 and rport = 80 *64 of'
keys Escape
sees '4 destinations'
keys w
type "$work/page.txt"
keys Enter
until_true 'the page as text' grep -q '192.0.2.1:80 .*64 ' "$work/page.txt"
keys Tab
sees '4 listeners'
keys 2
sees 'that is this screen'
keys F1
sees 'Tab  *to the destinations, and back'
keys Escape
sees '4 listeners'

# Smaller: both at 80x24, the one with the keys where there is no room for two.
resize 80 24
sees 'ports 100% to 192.0.2.1:80'
sees '── destinations of outgoing'
sees '^!127.0.0.1:8001  *9  *8 '
sees '^ cookies sent 0 0/s   received 0 0/s '
sees 'syncookies [0-9]   somaxconn 4096   max_syn_backlog 77   abort_on_overflow 1$'
resize 80 11
sees_not '── destinations of outgoing'
sees '127.0.0.1:8001'
keys Tab
sees '192.0.2.1:80'
sees_not '127.0.0.1:8001  *9  *8'
quit

# Without colours, in ASCII, very wide.
start 200 60 --ascii --no-color
sees '^.ESTABLISHED'
keys 2
sees '^!127.0.0.1:8001  *9  *8 .*dial/.*accept queue full: new connections are dropped'
sees '^!192.0.2.1 192.0.2.1:80 .*no local port is left: connect() fails with EADDRNOTAVAIL (99)'
quit
