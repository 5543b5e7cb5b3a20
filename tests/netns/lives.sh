#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Connections that live shorter than a refresh, up to 20,000 a second: every end of each is told of or counted as lost,
# and what is told of twice, by its destroy event and by its TIME-WAIT, counts once.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
ip link set lo up

# The storm listens before the account begins and after it has ended: its listener is no news.
begin() { # COUNT RATE INTERVAL-MS SERVER
	mkfifo "$work/go" "$work/end"
	# What those before said is no answer.
	: >"$work/storm"
	: >"$work/account"
	"$builddir/tests/netns/storm" "$1" "$2" 100 "$4" <"$work/go" >"$work/storm" 2>"$work/storm.err" &
	storm=$!
	exec 8>"$work/go"
	until_true 'the listener' grep -q ready "$work/storm"
	"$builddir/tests/netns/account" "$sockwatch" "$3" <"$work/end" >"$work/account" 2>"$work/account.err" &
	account=$!
	children="$children $storm $account"
	exec 9>"$work/end"
	until_true 'a first refresh' grep -q ready "$work/account"
	rm "$work/go" "$work/end"
}

has_stormed() {
	kill -0 $storm || fail "the storm ended: $(cat "$work/storm.err")"
	[ "$(wc -l <"$work/storm")" = 2 ]
}

run() {
	echo >&8
	until_true 'the end of the storm' has_stormed
}

# Sets made (ends of connections), and what the account says of them.
finish() {
	made=$((2 * $(tail -1 "$work/storm" | cut -d' ' -f1)))
	echo $made >&9
	wait $account || fail "account ended with status $?: $(cat "$work/account.err")"
	exec 8>&- 9>&-
	wait $storm || fail "storm ended with status $?"
	for name in opened closed closings lost cut beyond_bounds bad callers lost_callers time_wait; do
		eval "$name=$(awk -v name=$name '$1 == name { print $2 }' "$work/account")"
	done
	echo "$1: made $made in $(tail -1 "$work/storm" | cut -d' ' -f2) s;" \
		"$(tail -n +2 "$work/account" | tr '\n' ' ')"
	[ $((closings + lost)) = $made ] || fail "$1: $closings told and $lost lost are not $made"
	[ "$cut $beyond_bounds $bad" = '0 0 0' ] || fail "$1: cut, beyond bounds, bad: $cut $beyond_bounds $bad"
	# Where eBPF is there: a word for each connect and each close, of a reset connection by one side only.
	words=$((made / 2 / 3 * 8 + made / 2 % 3 * 3))
	[ $callers = 0 ] || [ $((callers + lost_callers)) = $words ] ||
		fail "$1: $callers words on who opened and closed and $lost_callers lost are not $words"
	# Of what was lost a TIME-WAIT may tell all the same.
	[ $opened -ge $closings ] && [ $opened -le $made ] || fail "$1: $opened were opened of $made"
	# A connection that was seen in a dump lives on as its TIME-WAIT, for a minute.
	[ $closed -le $opened ] && [ $closed -ge $((closings - time_wait)) ] || fail "$1: $closed were closed of $opened"
}

begin 3000 3000 200 127.0.0.1
run
finish 'a breeze'
begin 20000 20000 500 127.0.0.1
run
finish 'a storm'
[ $lost != 0 ] || [ $opened = $made ] || fail "$opened were opened, not $made"
begin 4000 20000 100 ::1
run
finish 'a storm of IPv6'
# While the collector stands still the kernel's buffer runs over: in the end, for its events may be late.
has_dropped() {
	awk 'NR > 1 && $9 > 0 { found = 1 } END { exit !found }' /proc/net/netlink
}
begin 20000 20000 500 127.0.0.1
collector=$(sed -n 's/^ready //p' "$work/account")
kill -STOP "$collector"
run
until_true 'a buffer that runs over' has_dropped
kill -CONT "$collector"
finish 'a buffer that runs over'
[ $lost -gt 0 ] || fail 'nothing was lost by a collector that stood still'
