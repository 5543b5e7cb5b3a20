#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The command line: help and version, and mistakes, each of which is one sentence that shows what to use, status
# 2.
. "${srcdir:-.}/tests/golden/lib.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

fail() {
	echo "FAILED: $*"
	cat "$work/out" "$work/err"
	exit 1
}

# prints PATTERN ARGUMENT…: status 0, the pattern on standard output, nothing on standard error.
prints() {
	pattern=$1
	shift
	"$sockwatch" "$@" >"$work/out" 2>"$work/err" </dev/null || fail "$*: status $?"
	grep -q -e "$pattern" "$work/out" || fail "$*: does not print $pattern"
	[ ! -s "$work/err" ] || fail "$*: complains"
}

# refuses PATTERN ARGUMENT…: status 2, one sentence with the pattern.
refuses() {
	pattern=$1
	shift
	status=0
	"$sockwatch" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	[ $status = 2 ] || fail "$*: status $status"
	grep -q -e "$pattern" "$work/err" || fail "$*: does not say $pattern"
	[ "$(grep -c '^sockwatch: ' "$work/err")" = 1 ] || fail "$*: not one sentence"
	[ ! -s "$work/out" ] || fail "$*: prints something besides"
}

prints '^sockwatch [0-9]' -V
prints '^sockwatch [0-9]' list --version
prints 'sockwatch list \[FILTER\]' --help
prints 'sockwatch list \[FILTER\]' help
prints '--sort=FIELD' list -h
prints '--sort=FIELD' help list
prints '^rtt_us ' help fields

refuses 'did you mean list' help lst
prints '^CLOSE-WAIT (state)$' help close_wait
prints '^close-wait (rule of doctor)$' help close-wait
prints '^TcpExt.ListenDrops (counter)$' help ListenDrops
prints '^rtt_us (field)$' help rtt
refuses 'no help on "ListnDrops"; did you mean TcpExt.ListenDrops' help ListnDrops
refuses 'no help on "xyzzyplugh"' help xyzzyplugh
refuses 'did you mean --json' list --jsn
refuses '--json.*sockwatch list' --json
refuses '0.1 to 3600' -d 0
refuses 'SECONDS' -d
refuses 'sockwatch list' state listen
refuses 'did you mean .sockwatch list' 'lits ('
refuses '--from FILE' list --at 14:02
refuses '--from FILE' list --against 14:02
refuses '--from FILE' counters --begin 14:02
refuses '--from FILE' events --end 14:02
refuses '--from FILE' events --write "$work/new.pcapng"
refuses 'use one of them' events --from "$golden/zoo.pcap" --read "$golden/zoo.pcap"
refuses 'use one or the other' counters --from "$golden/zoo.pcap" --at +1 --begin +1
refuses '"noon" is not a time' events --from "$golden/zoo.pcap" --begin noon
refuses 'is before --begin' events --from "$golden/zoo.pcap" --begin +2 --end +1
refuses 'takes no filter' collect port 80
refuses "$work/absent" list --from "$work/absent"
refuses 'no such field\|there is no field' list --sort nonsenseword
refuses 'no-such-namespace' list --netns no-such-namespace
refuses 'no-such-namespace' --netns no-such-namespace
refuses 'resolve needs names or addresses' resolve
refuses 'is not a DNS server; use an address' resolve --server nonsense localhost
refuses 'connect needs a host and a port' connect
refuses 'connect needs a host and a port' connect 127.0.0.1
refuses '"0" is not a port' connect 127.0.0.1 0
refuses '"nonsense" is not a port' connect '[::1]:nonsense'
echo text >"$work/text"
refuses "$work/text" list --from "$work/text"

# What could not be printed is not done: one sentence, status 1. A reader that goes away is no error.
if [ -c /dev/full ]; then
	mkfifo "$work/fifo"
	while read -r arguments; do
		status=0
		# shellcheck disable=SC2086
		"$sockwatch" $arguments >/dev/full 2>"$work/err" </dev/null || status=$?
		: >"$work/out"
		[ $status = 1 ] || fail "$arguments > /dev/full: status $status"
		[ "$(grep -c 'the disk is full' "$work/err")" = 1 ] || fail "$arguments > /dev/full: not one sentence"
		# The reader has ended before the first byte is written.
		: <"$work/fifo" &
		exec 3>"$work/fifo"
		wait $!
		# shellcheck disable=SC2086
		"$sockwatch" $arguments >&3 2>"$work/err" </dev/null || :
		exec 3>&-
		[ ! -s "$work/err" ] || fail "$arguments: complains when its reader has gone"
	done <<-END
		-V
		--help
		help fields
		list --help
		list --from ${srcdir:-.}/tests/golden/zoo.pcap
		events -r ${srcdir:-.}/tests/golden/wire/half-close.pcap
		resolve localhost
		connect 127.0.0.1 1
		probe --report -n -c 1 --timeout 0.2 127.0.0.1
	END
fi

# A caret stands below the place.
"$sockwatch" list 'port 80 and rtt > soon' >"$work/out" 2>"$work/err" && fail 'a bad filter is taken'
awk '/\^/ { caret = index($0, "^") } /port 80/ { word = index($0, "soon") } END { exit !(word > 0 && caret == word) }' \
	"$work/err" || fail 'the caret does not stand below the word'

# The stream is not for a terminal.
command -v script >/dev/null || exit 0
script -qec "$sockwatch collect" /dev/null </dev/null >"$work/out" 2>&1 && fail 'collect writes to a terminal'
grep -q 'collect > FILE' "$work/out" || fail 'collect does not say where the stream should go'
