#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Names of hosts in the monitor, from a DNS server of the test's own: asked for only when they are wanted, once
# for each lifetime, cleaned of bytes that steer a terminal; the screen answers while the server is slow or
# absent.
if [ "${SOCKWATCH_TEST_DNS:-}" != yes ] && [ "$(id -u)" = 0 ] && unshare --net --mount true 2>/dev/null; then
	SOCKWATCH_TEST_INSIDE=yes SOCKWATCH_TEST_DNS=yes exec unshare --net --mount "$0" "$@"
fi
. "${srcdir:-.}/tests/screens/lib.sh"
. "$srcdir/tests/netns/dns.sh"
in_dns_netns "$@"
start_dns
printf '192.0.2.7 \033]0;x\007evil\n' >>/etc/hosts
hold_peers 7777 1 2 3 5 6 7 8 15 22 23

asked() {
	[ "$(questions "$1")" -gt 0 ]
}

# Numbers at first, and nobody is asked.
dns hold
start 200 40 rport 7777
sees '192\.0\.2\.1:7777'
sees '192\.0\.2\.23:7777'
keys F1
sees 'n  *names or numbers'
keys Escape
sees '192\.0\.2\.1:7777'
[ "$(questions .)" = 0 ] || fail 'asked before names were wanted'

# The server holds its answers back: the screen goes on.
keys n
sees 'names of hosts, as they are found'
until_true 'the question' asked '^udp PTR 1\.2\.0\.192\.in-addr\.arpa$'
until_true 'all questions' asked '^udp PTR 23\.2\.0\.192\.in-addr\.arpa$'
keys F1
sees 'n  *names or numbers'
keys Escape
sees '192\.0\.2\.1:7777'
keys F6
sees 'Sort'
keys Escape
sees_not 'Sort by'
shows 'right\.test' && fail 'a name before its answer'
dns release
sees 'right\.test:7777'

# An address without a name stays a number; nothing harms the terminal.
sees '192\.0\.2\.2:7777'
sees '192\.0\.2\.3:7777'
sees '\\027\[2J\\027\]0\\;x\\007\.test'
sees 'a\\013\\010\\009\\000\\155\\127b\.test'
sees '?\]0;x?evil'
sees 'x\\255\\254\\195'
sees '\\226\\128\\174abc'
sees '^ sockwatch '
sees '^F1Help'
[ "$($tmux display-message -p -t $session '#{pane_title}')" != x ] || fail 'the title was set'

# Back and forth: a known name is not asked for again.
before=$(questions '^udp PTR [12]\.')
for look in second third; do
	keys n
	sees '192\.0\.2\.1:7777'
	keys n
	sees 'right\.test:7777'
done
[ "$(questions '^udp PTR [12]\.')" = "$before" ] || fail "asked again at the $look look"

# As a field, and in the filter.
keys F4
type ' remote_name ~ right'
sees_not '192\.0\.2\.2:'
keys Enter
sees 'right\.test:7777'
quit

# In the lines of the flags too.
start_sockets
start 200 40 port "$port"
sees '^── flags'
# The capture begins some time after the key.
open_one() {
	sockets open 1
	shows '> 127\.[0-9.]*:[0-9]*  *\[S\]'
}
until_true 'a SYN among the flags' open_one
printf '%s peer.test\n' "$address" >>/etc/hosts
keys n
sees '> peer\.test:'
quit

# With -n nobody is asked, whatever is in sight.
before=$(questions .)
start 200 40 -n rport 7777
sees '192\.0\.2\.1:7777'
keys 3
sees 'flags'
keys 1
sees '192\.0\.2\.1:7777'
keys Enter
sees '── who ─'
quit
[ "$(questions .)" = "$before" ] || fail 'asked in spite of -n'

# A path, while the server holds its answers back and after.
ip addr add 192.0.2.1/32 dev lo
before=$(questions '^udp PTR 1\.')
dns hold
start 120 40 probe 192.0.2.1
sees '^  1 192\.0\.2\.1 '
asked_more() {
	[ "$(questions '^udp PTR 1\.')" -gt "$before" ]
}
until_true 'the question for the hop' asked_more
keys F1
sees 'n  .*names beside addresses, or not'
keys Escape
sees '^  1 192\.0\.2\.1  '
dns release
sees '^  1 192\.0\.2\.1 right\.test '
quit

# No server is there: that is shown, and the screen goes on.
stop_dns
start 200 40 rport 7777
sees '192\.0\.2\.1:7777'
keys n
sees 'no names: 127\.0\.0\.1:53: no DNS server there'
sees '192\.0\.2\.1:7777'
keys F1
sees 'n  *names or numbers'
keys Escape

# Another server in resolv.conf is used without a restart.
rm "$work/dns.in"
start_dns 127.0.0.2
printf 'nameserver 127.0.0.2\n' >/etc/resolv.conf
sees 'right\.test:7777'
quit
