#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A baseline: `doctor --save-baseline` writes what is open, as ss sees it; what is added later is reported until it is
# saved too; the file may be changed by hand, and keeps its lines. From the command line and from the config; IPv4, IPv6.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
base=$work/base
ip link set lo up
ip addr add 192.0.2.1/32 dev lo
ip addr add 2001:db8::1/128 dev lo nodad

on_failure() {
	cat "$base" "$work/out" "$work/errors" 2>/dev/null || :
	ss -Htan || :
}

# doctor ARGUMENT…: its exit status is $status.
doctor() {
	status=0
	"$sockwatch" doctor --for 1 "$@" >"$work/out" 2>"$work/errors" || status=$?
}
reports() {
	doctor --baseline "$base" --json --rule new-listener,new-client,new-destination
	jq -e -s "$1" "$work/out" >/dev/null || fail "$2"
}

start_dial server serve 192.0.2.1 80
start_dial waiting wait :: 8001 8
start_dial client 192.0.2.1 80 2

# One that is named must be there; without a name there is nothing to save.
doctor --baseline "$base"
[ "$status" = 3 ] || fail "status $status without the file"
grep -q "$base does not exist; doctor --save-baseline writes it" "$work/errors" || fail 'an absent file'
doctor --save-baseline
[ "$status" = 3 ] || fail "status $status without a name"
grep -q 'there is no file for the baseline; name one with --baseline FILE' "$work/errors" || fail 'no file'

doctor --baseline "$base" --save-baseline
[ "$status" = 0 ] || fail "status $status of saving"
grep -q -x "$base: 2 listeners, 1 program and 1 destination added" "$work/out" || fail 'what was added'
ss -Htln | awk '{
	at = match($4, /:[^:]*$/)
	address = substr($4, 1, at - 1)
	gsub(/[][]/, "", address)
	print "listener " (address == "*" ? "::" : address) " " substr($4, at + 1) " dial"
}' | sort >"$work/theirs"
grep '^listener' "$base" | sort | diff "$work/theirs" - || fail 'the listeners of ss'
grep -q -x 'client dial' "$base" && grep -q -x 'destination 192.0.2.1 80 dial' "$base" || fail 'what goes out'
reports 'length == 0' 'all is known'
[ "$status" = 0 ] || fail "status $status of what is known"

# What comes later is not in it, whenever one looks.
start_dial new_waiting wait 0.0.0.0 31337 8
start_dial new_server serve 2001:db8::1 81
start_dial new_client 2001:db8::1 81 2
reports '[.[] | select(.rule == "new-listener")] | length == 2 and
	(map(.title) | any(test("^not in the baseline: dial .* listens on 0.0.0.0:31337")))' 'new listeners'
[ "$status" = 1 ] || fail "status $status of a listener of root on all addresses"
reports '.[] | select(.rule == "new-destination") |
	.evidence.first_target == "[2001:db8::1]:81" and .evidence.baseline == "'"$base"'"' 'a new destination'
reports 'all(.rule != "new-client")' 'a known program'

# By hand: a prefix, any port; a line that is not understood has its sentence, and the rest is in force.
printf '# mine\nlistener 0.0.0.0 * dial\nlisener :: 1\ndestination 2001:db8::/32 * dial' >>"$base"
reports '[.[] | .rule] == ["new-listener"]' 'lines by hand'
grep -q '"lisener" begins no line of a baseline' "$work/errors" || fail 'a bad line'
doctor --baseline "$base" --save-baseline
grep -q -x "$base: 1 listener, 0 programs and 0 destinations added" "$work/out" || fail 'added again'
grep -q -x '# mine' "$base" && grep -q -x 'listener 2001:db8::1 81 dial' "$base" || fail 'the file keeps its lines'
reports 'length == 0' 'all is known again'

# In the config: beside it; a program of another name at a known place.
sed -e '/lisener/d' -e 's/ 8001 dial/ 8001 other/' "$base" >"$work/known"
echo 'baseline = known' >"$work/config"
doctor --config "$work/config" --json --rule new-listener
jq -e -s 'length == 1 and (.[0].title | test("dial .* listens on .*:8001"))' "$work/out" >/dev/null || fail 'by the config'
[ ! -s "$work/errors" ] || grep -q owners "$work/errors" || fail 'errors'
