#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `counters`: so many opens, refusals and resets as were made, totals as nstat has them, rates that add up to them;
# other namespaces; without rights; an end by a signal.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns
command -v nstat >/dev/null || skip 'needs nstat'
ip link set lo up
port=7171

counters() {
	"$sockwatch" counters --json "$@"
}

# total NAME: of the only line of $work/now.
total() {
	jq -r --arg name "$1" '.counters[$name]' "$work/now"
}

counters >"$work/before"
"$sockwatch" counters --json --all 0.2 >"$work/lines" &
lines=$!
children="$children $lines"
has_lines() {
	[ "$(wc -l <"$work/lines")" -ge "$1" ]
}
# Nothing happens for some intervals: what comes then must not be spread over them.
until_true 'lines at an interval' has_lines 5

echo go | "$builddir/tests/netns/storm" 30 1000 100 >"$work/storm" || fail "the storm: $(cat "$work/storm")"
for i in 1 2 3 4 5; do
	"$sockwatch" connect 127.0.0.1 $port >/dev/null && fail 'a closed port took a connection'
done
until_true 'lines after that' has_lines $(($(wc -l <"$work/lines") + 3))
kill -TERM $lines
wait $lines || fail "the end by a signal is status $?"

counters >"$work/now"
for expected in Tcp.PassiveOpens=30 Tcp.AttemptFails=5 Tcp.ActiveOpens=35; do
	name=${expected%=*}
	grew=$(($(total "$name") - $(jq -r --arg name "$name" '.counters[$name]' "$work/before")))
	[ $grew = "${expected#*=}" ] || fail "$name grew by $grew, not by ${expected#*=}"
	# The sum of what changed a second, each over its interval; the two clocks are read a moment apart.
	jq -e -s --arg name "$name" --argjson grew $grew '
		[.[] | select(.rates) | .rates[$name] * .interval_s] | add | (. - $grew) * 10 | . < $grew and . > -$grew' \
		"$work/lines" >/dev/null || fail "the rates of $name do not add up to $grew"
done
# A third of the connections was reset by the client, and each closes one end of its server too.
resets=$(($(total Tcp.EstabResets) - $(jq '.counters["Tcp.EstabResets"]' "$work/before")))
[ "$resets" = "$(nstat -az TcpEstabResets | awk '/Tcp/ { print $2 }')" ] || fail "EstabResets grew by $resets"
[ "$resets" -ge 10 ] || fail "$resets resets"

# Every counter that is not 0 has nstat's total; sockstat and what nstat leaves out apart.
counters --all >"$work/now"
nstat -az | awk 'NF == 3 && $2 > 0 { print $1, $2 }' | sort >"$work/nstat"
jq -r '.counters | to_entries[] | select(.value > 0) | "\(.key | sub("\\."; "")) \(.value)"' "$work/now" | sort >"$work/ours"
awk 'NR == FNR { ours[$1] = 1; next } ($1 in ours)' "$work/ours" "$work/nstat" >"$work/common"
[ "$(wc -l <"$work/nstat")" = "$(wc -l <"$work/common")" ] ||
	fail "nstat has more: $(awk 'NR == FNR { ours[$1] = 1; next } !($1 in ours)' "$work/ours" "$work/nstat")"
awk 'NR == FNR { theirs[$1] = $2; next } ($1 in theirs) { print $1, $2 }' "$work/nstat" "$work/ours" >"$work/both"
same 'all counters beside nstat' "$work/nstat" "$work/both"

# Text: the same figure in words, and columns.
"$sockwatch" counters >"$work/text" || fail 'the list'
grep -q "^  Tcp.ActiveOpens  *$(total Tcp.ActiveOpens)  connections" "$work/text" || fail 'the list lacks ActiveOpens'
"$sockwatch" counters 0.1 2 >"$work/text" || fail 'columns'
[ "$(wc -l <"$work/text")" = 5 ] || fail "columns: $(cat "$work/text")"
"$sockwatch" counters --no-first 0.1 1 >"$work/text" || fail 'columns without totals'
[ "$(wc -l <"$work/text")" = 3 ] || fail "columns without totals: $(cat "$work/text")"

# Counters by name, in that order, in each format; nstat's spelling and a member alone are names too.
"$sockwatch" counters --fields TcpActiveOpens,passiveopens,Udp6InErrors >"$work/text" || fail 'counters by name'
awk '{ print $1 }' "$work/text" | tr '\n' ' ' | grep -qx 'Tcp.ActiveOpens Tcp.PassiveOpens Udp6InErrors ' ||
	fail "counters by name: $(cat "$work/text")"
counters --fields Tcp.ActiveOpens | jq -e '.counters | keys == ["Tcp.ActiveOpens"]' >/dev/null || fail 'one counter as JSON'
"$sockwatch" counters --fields Tcp.ActiveOpens,TCP.inuse --csv 0.1 1 >"$work/text" || fail 'two counters as CSV'
[ "$(grep -c 'Tcp.ActiveOpens,[0-9]*,\(0.000\)*$' "$work/text")" = 2 ] || fail "two counters as CSV: $(cat "$work/text")"
"$sockwatch" counters --fields ListenDrops,TCP.inuse 0.1 2 >"$work/text" || fail 'two counters in columns'
[ "$(wc -l <"$work/text") $(head -n 1 "$work/text")" = '4 TcpExt.ListenDrops TCP.inuse' ] ||
	fail "two counters in columns: $(cat "$work/text")"
for list in ListenDrop inuse 'Tcp.ActiveOpens,' ''; do
	status=0
	"$sockwatch" counters --fields "$list" >"$work/text" 2>"$work/words" || status=$?
	[ $status = 2 ] && [ ! -s "$work/text" ] && [ "$(wc -l <"$work/words")" = 1 ] ||
		fail "--fields '$list' is status $status: $(cat "$work/text" "$work/words")"
done

# Another namespace has its own, as `ip netns exec` shows them.
other=swcounters-$$
ip netns add $other
cleanup_more() {
	ip netns del $other
}
[ "$(counters --netns $other | jq '.counters["Tcp.ActiveOpens"]')" = 0 ] || fail 'the counters of another namespace'
[ "$(counters --netns $other | jq -r .netns)" = $other ] || fail 'the name of another namespace'

# Without rights, and into a pipe whose reader goes.
setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all \
	"$sockwatch" counters --json >"$work/now" || fail 'without rights'
[ "$(total Tcp.PassiveOpens)" = 30 ] || fail 'without rights: other figures'
counters 0.1 | head -1 >/dev/null || fail 'a reader that goes'

# From a recording: the last totals, or each snapshot.
timeout -s INT 2 "$sockwatch" collect -d 0.2 >"$work/recording" </dev/null || :
counters --from "$work/recording" >"$work/now" || fail 'from a recording'
[ "$(total Tcp.PassiveOpens)" = 30 ] || fail 'from a recording: other figures'
counters --from "$work/recording" 1 | jq -e -s 'length > 2 and (.[1].interval_s > 0)' >/dev/null || fail 'each snapshot of a recording'

# Repeated SYNs are no data sent again: what is sent there comes back over lo, and nobody forwards it.
ip route add 198.51.100.0/24 dev lo
"$sockwatch" connect 198.51.100.9 9 >/dev/null 2>&1 &
children="$children $!"
repeats() {
	[ "$(NSTAT_HISTORY="$work/nstat" nstat -asz TcpExtTCPSynRetrans | awk '$1 == "TcpExtTCPSynRetrans" { print $2 }')" -gt 0 ]
}
until_true 'a repeated SYN' repeats
counters >"$work/now"
jq -e '.derived["RetransSegs-TCPSynRetrans"] == .counters["Tcp.RetransSegs"] - .counters["TcpExt.TCPSynRetrans"] and
	.counters["TcpExt.TCPSynRetrans"] > 0' "$work/now" >/dev/null || fail "the difference: $(cat "$work/now")"
jq -e --argjson page "$(getconf PAGESIZE)" '.derived["TCP.mem_bytes"] == .counters["TCP.mem"] * $page' "$work/now" >/dev/null ||
	fail "the bytes: $(cat "$work/now")"
"$sockwatch" counters >"$work/list"
grep -q '^  Tcp\.RetransSegs  *[1-9].* (.*% of segments sent)$' "$work/list" || fail "the share: $(cat "$work/list")"
grep -q '^  RetransSegs-TCPSynRetrans  *0 ' "$work/list" || fail "SYNs count as data: $(cat "$work/list")"
