#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The screen of counters: totals as nstat has them, rates, groups, order, filter, zeros, namespaces; at all sizes, without
# colours and in ASCII.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs root, for counters of a namespace of its own'
command -v nstat >/dev/null || skip 'needs nstat'

# cell NAME COLUMN: of the counter's line; 2 is the total, 5 the highest rate.
cell() {
	screen | awk -v name="$1" -v column="$2" '$1 == name { print $column; exit }'
}

nstat_total() {
	NSTAT_HISTORY="$work/nstat" nstat -asz "$1" | awk -v name="$1" '$1 == name { print $2 }'
}

is_as_nstat() {
	[ "$(cell "$1.$2" 2)" = "$(nstat_total "$1$2")" ]
}

has_most() {
	[ "$(cell Tcp.ActiveOpens 5)" != 0 ]
}

# is_before FIRST SECOND: their lines stand in this order.
is_before() {
	[ "$(screen | awk -v first="$1" -v second="$2" '$1 == first || $1 == second { print $1 }' | head -n 1)" = "$1" ]
}

start_sockets
start 120 40 --no-color
sees '^ *sockwatch '
keys 5
sees 'sockwatch .* counters '
sees '^ sockets'
sockets open 20
sees '^ opens and ends'
sockets reset
for name in Tcp.ActiveOpens Tcp.PassiveOpens Tcp.OutRsts Tcp.InSegs; do
	until_true "$name as nstat has it" is_as_nstat "${name%.*}" "${name#*.}"
done
# What happened is seen in the highest rate also when it is over; the bars tell it apart from the rest.
until_true 'a rate of the opens' has_most
sees 'Tcp\.ActiveOpens .*█'

# The cursor's counter in words; a counter of the machine is marked.
keys /
type 'counter Tcp.ActiveOpens'
keys Enter
sees '1 of [0-9]* *$'
cursor_on 'Tcp\.ActiveOpens'
sees 'connections that programs here opened (connect) *$'
sees 'now .*/s, mean .*/s, at most .*/s since the start; of this network namespace'
# Enter and F1 explain it.
keys Enter
sees 'Tcp\.ActiveOpens (counter), under the cursor'
sees 'normal  *as often as programs here connect'
keys Escape
cursor_on 'Tcp\.ActiveOpens'
keys Escape
sees_not 'filter:'
sees 'counters *$'
sees 'TCP\.alloc .* machine '

# What has no counter of its own: bytes of the pages, beside tcp_mem where a container has it.
keys /
type 'counter TCP.mem'
keys Enter
sees '^ [0-9.]*[kMG]\(; tcp_mem [0-9.kMG ]*\)*; now [0-9]*, mean .* of the whole machine'
keys Escape
sees_not 'filter:'

# Hidden while 0 since boot.
shows 'ListenOverflows' && fail 'a counter that is 0 is shown'
keys z
sees 'Tcp\.RetransSegs\|TcpExt\.ListenOverflows'
keys /
type 'share_of segments'
keys Enter
sees '^ *Tcp\.RetransSegs '
sees '^ *RetransSegs-TCPSynRetrans '
keys Escape
keys /
type 'total = 0 and ListenOverflows'
keys Enter
sees 'TcpExt\.ListenOverflows .* 0 '
keys Escape
keys z

# Those that the table of counters lacks, in groups by the kernel's names.
keys a
keys /
type 'group = IpExt'
keys Enter
sees '^ IpExt'
sees 'IpExt\.InOctets'
sees 'seldom needed'
keys Escape
keys a

# Order by a column and back; the cursor follows its counter.
keys Home
keys '>' '>'
sees 'TOTAL *▼'
until_true 'the segments before the opens' is_before Tcp.InSegs Tcp.ActiveOpens
sees_not '^ opens and ends'
keys I
sees 'TOTAL *▲'
until_true 'the opens before the segments' is_before Tcp.ActiveOpens Tcp.InSegs
keys A
sees '^ opens and ends'

# Written and copied as text.
rm -f "$work/page.txt"
keys w
sees 'Write to file'
type "$work/page.txt"
keys Enter
until_true 'the file' test -s "$work/page.txt"
grep -q '^opens and ends$' "$work/page.txt" || fail 'the file has no groups'
[ "$(awk '$1 == "Tcp.ActiveOpens" { print $2 }' "$work/page.txt")" = "$(nstat_total TcpActiveOpens)" ] ||
	fail "the file: $(cat "$work/page.txt")"

# One namespace only: the key says how to see more.
keys n
sees 'only one network namespace is looked at'
# Another screen and back; q goes back to the sockets.
keys 1
sees 'STATE'
keys 5
sees '^ opens and ends'
keys q
sees 'STATE'
quit

# Two namespaces: together, then each alone.
ip netns add swcount-$$
cleanup_more() {
	ip netns del swcount-$$ 2>/dev/null || :
}
ip netns exec swcount-$$ ip link set lo up
start 120 40 --no-color --netns all
sees '^ *sockwatch '
keys 5
sees '^ opens and ends'
sees 'of all network namespaces together'
keys n
sees 'of the network namespace'
quit

# Sizes and kinds of terminals.
for size in '80 24' '120 40' '200 60' '40 12' '20 5'; do
	# shellcheck disable=SC2086
	start $size
	sees 'sockwatch'
	keys 5
	sees 'sockets'
	quit
done
term=vt100 lang=C
start 80 24 --ascii
sees 'sockwatch'
keys 5
sees '^ opens and ends'
sees 'Tcp\.ActiveOpens .* [_.:=+*#-]* *$'
screen | LC_ALL=C grep -q '[^ -~]' && fail 'more than ASCII'
keys Right Right
sees '^ *<* *COUNTER'
sees 'Tcp\.ActiveOpens'
quit
