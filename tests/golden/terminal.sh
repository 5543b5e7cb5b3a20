#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# list on a terminal: no line is wider than it, the headings are bold unless colours are turned off.
. "${srcdir:-.}/tests/golden/lib.sh"
command -v script >/dev/null || { echo 'needs script' && exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
escape=$(printf '\033')

fail() {
	echo "FAILED: $*"
	cat "$work/out"
	exit 1
}

# on_terminal COLUMNS ARGUMENT…
on_terminal() {
	columns=$1
	shift
	script -qec "stty cols $columns rows 24; $sockwatch list --from $golden/zoo.pcap --at +2 $*" /dev/null \
		</dev/null 2>&1 | tr -d '\r' >"$work/out"
}

for columns in 30 60 80 120 200; do
	on_terminal $columns --no-color
	awk -v columns=$columns 'length($0) > columns { exit 1 } END { if (NR != 49) exit 1 }' "$work/out" ||
		fail "a line is wider than $columns columns, or there are not 49"
	! grep -q "$escape" "$work/out" || fail '--no-color has an escape sequence'
done
grep -q '\[fd99::1\]:3001' "$work/out" || fail 'an address is cut though there is room'

on_terminal 80
[ "$(grep -c "$escape\[1m" "$work/out")" = 1 ] || fail 'the headings are not bold'
NO_COLOR=1
export NO_COLOR
on_terminal 80
! grep -q "$escape" "$work/out" || fail 'NO_COLOR has an escape sequence'
