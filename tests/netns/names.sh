#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Names of hosts in printed output: `list` asks when a field, the filter or the order needs them, `probe` for its
# hops, `events` never; none waits for a server that is slow or absent, and with -n nobody is asked.
. "${srcdir:-.}/tests/netns/lib.sh"
. "$srcdir/tests/netns/dns.sh"
in_dns_netns "$@"
start_dns
hold_peers '7777 7778' 1 2 3 5 20

# names_of FILE: "ADDRESS NAME" of each line of JSON.
names_of() {
	jq -r '"\(.remote_addr) \(.remote_name // "-")"' "$1" | sort -u -V
}
asked_nothing() {
	[ "$(questions .)" = "$before" ] || {
		cat "$work/questions"
		fail "$1: asked"
	}
}

# A command that needs no names waits for none.
before=$(questions .)
"$sockwatch" list >"$work/out" 2>"$work/err"
"$sockwatch" list --json rport 7777 >"$work/out" 2>"$work/err"
grep -q remote_name "$work/out" && fail 'names that nobody asked for'
"$sockwatch" list -n --fields remote_addr,remote_name rport 7777 >"$work/out" 2>"$work/err"
asked_nothing 'list'

"$sockwatch" list --json --fields remote_addr,remote_name rport 7777 or rport 7778 >"$work/out" 2>"$work/err"
names_of "$work/out" >"$work/names"
cat >"$work/expected" <<'END'
192.0.2.1 right.test
192.0.2.2 -
192.0.2.3 -
192.0.2.5 \027[2J\027]0\;x\007.test
192.0.2.20 zero.test
END
same 'names in list' "$work/expected" "$work/names"
grep -q '^sockwatch: not all names were found: 127\.0\.0\.1:53: the server could not find out (SERVFAIL)$' "$work/err" || fail 'what failed is not said'
for number in 1 2 3 5 20; do
	[ "$(questions "^udp PTR $number\.2\.0\.192\.")" = 1 ] || fail "192.0.2.$number: not asked once for two sockets"
done
"$sockwatch" list --fields remote_port,remote_name 'remote_name ~ ^right' --sort remote_name >"$work/out" 2>"$work/err"
[ "$(grep -c 'right\.test' "$work/out")" = 2 ] && [ "$(wc -l <"$work/out")" = 3 ] || {
	cat "$work/out"
	fail 'the filter by name'
}
[ "$("$sockwatch" list 'port http' | wc -l)" = "$("$sockwatch" list 'port 80' | wc -l)" ] || fail 'names of services'
[ "$("$sockwatch" list --json --fields service 'rport 7777' | jq -r '.service // "-"' | sort -u)" = - ] || fail 'a service without name'

# The names of a path; none with -n.
before=$(questions .)
"$sockwatch" probe --report -n -c 1 --max-ttl 2 192.0.2.250 >"$work/out"
grep -q '192\.0\.2\.250' "$work/out" || fail 'the path with -n'
asked_nothing 'probe -n'
ip addr add 192.0.2.1/32 dev lo
"$sockwatch" probe --report -c 1 --max-ttl 2 192.0.2.1 >"$work/out" || [ $? = 1 ]
grep -q 'right\.test' "$work/out" || {
	cat "$work/out"
	fail 'the name of a hop'
}

# The server is slow: everything comes, without the names.
dns hold
"$sockwatch" probe --report -c 1 --max-ttl 2 192.0.2.1 >"$work/out" || [ $? = 1 ]
grep -q '192\.0\.2\.1' "$work/out" && ! grep -q 'right\.test' "$work/out" || fail 'the path while the server is slow'
before=$(questions .)
"$sockwatch" events --count 1 --json port 7779 >"$work/events" 2>"$work/err" &
events=$!
children="$children $events"
# The capture begins some time after the program.
connect() {
	"$sockwatch" connect 192.0.2.1 7779 >"$work/out" || :
	! kill -0 $events 2>/dev/null || [ -s "$work/events" ]
}
until_true 'an event' connect
wait $events || fail 'events'
[ "$(jq -r .dst_addr "$work/events")" = 192.0.2.1 ] || fail 'the event'
asked_nothing 'events'
dns release

# No server is there.
stop_dns
"$sockwatch" probe --report -c 1 --max-ttl 2 192.0.2.1 >"$work/out" || [ $? = 1 ]
grep -q '192\.0\.2\.1' "$work/out" && ! grep -q 'right\.test' "$work/out" || fail 'the path without a server'
"$sockwatch" list --json --fields remote_addr,remote_name rport 7777 >"$work/out" 2>"$work/err"
[ "$(wc -l <"$work/out")" = 5 ] && grep -q '^sockwatch: not all names were found: 127\.0\.0\.1:53: no DNS server there' "$work/err" || {
	cat "$work/out" "$work/err"
	fail 'the list without a server'
}
