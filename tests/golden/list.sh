#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# list --from a committed recording prints what it printed before: text, JSON, CSV, groups, errors. After an
# intended change: tests/golden/renew.sh.
. "${srcdir:-.}/tests/golden/lib.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
seen=0

compare() {
	seen=$((seen + 1))
	diff -u "$golden/list/$1" "$work/$1" || failed=$((failed + 1))
}
each_case compare

# What can be read only once gives the same, at any time: standard input, a pipe, a fifo.
zoo=$golden/zoo.pcap
mkfifo "$work/fifo"
once() {
	status=0
	"$sockwatch" list --json --from "$@" >"$work/once" 2>"$work/err" || status=$?
	# The sentences name the file.
	sed "s,$zoo,standard input,; s,$work/fifo,standard input," "$work/err" | cat - "$work/once"
	echo "status $status"
}
for at in '' '--at +0.5' '--at +1' '--at +2' '--at +3.5' '--at +1h' '--at 09:15:53' '--at 09:00' '--at noon' \
	'--at 2020-01-01T00:00:00Z'; do
	# Words are meant.
	# shellcheck disable=SC2086
	{
		once "$zoo" $at >"$work/file"
		once - $at <"$zoo" >"$work/stdin"
		cat "$zoo" | once - $at >"$work/pipe"
		{ cat "$zoo" >"$work/fifo" & } 2>/dev/null
		once "$work/fifo" $at >"$work/from-fifo"
	}
	wait
	for way in stdin pipe from-fifo; do
		diff -u "$work/file" "$work/$way" || {
			echo "--from $way $at is not --from FILE $at"
			failed=$((failed + 1))
		}
	done
done

# lacks PATTERN BYTES: of standard input BYTES sockets are shown, and one sentence says what is missing.
lacks() {
	"$sockwatch" list --json --from - >"$work/once" 2>"$work/err" || { echo "status $?: $1" && failed=$((failed + 1)); }
	grep -q "$1" "$work/err" && [ "$(wc -l <"$work/err")" = 1 ] && [ "$(wc -l <"$work/once")" = "$2" ] || {
		echo "not \"$1\" and $2 sockets, but $(wc -l <"$work/once") and:"
		cat "$work/err"
		failed=$((failed + 1))
	}
}
all=$("$sockwatch" list --json --from "$zoo" 2>/dev/null | wc -l)
size=$(wc -c <"$zoo")
# Its last refresh is not complete.
head -c $((size - 7)) "$zoo" | lacks '^sockwatch: the recording ends within a record: it was cut, or is still being written$' 48
tail -c 30000 "$zoo" | lacks '^sockwatch: the recording begins in the middle: sockets that did not change since are missing' 26
{ head -c 24 "$zoo" && tail -c 30000 "$zoo"; } | lacks 'begins in the middle.* damaged in 1 place, first at byte 24: ' 26
{ head -c 100 "$zoo" && tail -c +106 "$zoo"; } | lacks 'the recording is damaged in 1 place, first at byte [0-9]*: [0-9]* bytes were skipped' "$all"
{ echo 'You have mail.' && cat "$zoo"; } | lacks 'the recording is damaged in 1 place, first at byte 0: 15 bytes were skipped' "$all"

# When the reader has gone, it ends quietly.
status=0
{ "$sockwatch" list --json --from "$golden/zoo.pcap" 2>"$work/err" || echo $? >"$work/status"; } | head -1 >"$work/head"
[ ! -e "$work/status" ] && [ ! -s "$work/err" ] && [ -s "$work/head" ] || {
	echo 'list | head is not quiet'
	cat "$work/err"
	failed=$((failed + 1))
}

[ $seen -gt 20 ] || { echo "only $seen cases were run" && exit 1; }
[ $failed = 0 ] || { echo "$failed differ; if that is meant: tests/golden/renew.sh" && exit 1; }
