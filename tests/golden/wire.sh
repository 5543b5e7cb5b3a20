#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Captures in, the meaning of every segment and the outcome of every connection out. `wire.sh renew` shows what
# changed and takes it over.
builddir=$(pwd)
cd "${srcdir:-.}/tests/golden/wire" || exit 1
segments=${segments:-$builddir/tests/golden/segments}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
status=0
for capture in *.pcap; do
	name=${capture%.pcap}
	[ -e "$name.events" ] || [ "${1:-}" != renew ] || : >"$name.events"
	"$segments" -e "$capture" >"$work/events" 2>"$work/err" || {
		echo "$name: segments ended with status $?"
		cat "$work/err"
		status=1
	}
	diff -u "$name.events" "$work/events" || {
		echo "$name: not as expected (- expected, + sockwatch)"
		status=1
		[ "${1:-}" != renew ] || cp "$work/events" "$name.events"
	}
done
exit $status
