#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Connections that are shorter than a refresh, up to 20,000 a second: every end of each is shown or counted as
# lost, and an end that comes twice, as destroy event and as TIME-WAIT, counts once.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
ip link set lo up

# The storm listens before the account begins and after it has ended, so its listener is not new.
begin() { # COUNT RATE INTERVAL-MS SERVER
	mkfifo "$work/go" "$work/end"
	# Output of the previous run is no answer.
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

# Sets made (ends of connections) and the figures of the account.
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
	[ $((closings + lost)) = $made ] || fail "$1: $closings reported and $lost lost are not $made"
	[ "$cut $beyond_bounds $bad" = '0 0 0' ] || fail "$1: cut, beyond bounds, bad: $cut $beyond_bounds $bad"
	# With eBPF: a record for each connect and each close, for a reset connection by one side only.
	words=$((made / 2 / 3 * 8 + made / 2 % 3 * 3))
	[ $callers = 0 ] || [ $((callers + lost_callers)) = $words ] ||
		fail "$1: $callers words on who opened and closed and $lost_callers lost are not $words"
	# A TIME-WAIT may still show a connection that was lost.
	[ $opened -ge $closings ] && [ $opened -le $made ] || fail "$1: $opened were opened of $made"
	# A connection that was seen in a dump stays as its TIME-WAIT for a minute.
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
# While the collector is stopped, the kernel's buffer overruns; the loss shows in the end, because its events may
# be late.
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
