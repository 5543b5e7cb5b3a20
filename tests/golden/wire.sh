#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Captures in, the meaning of every segment and the outcome of every connection out. `wire.sh renew` shows what
# changed and takes it over.
builddir=$(pwd)
cd "${srcdir:-.}/tests/golden/wire" || exit 1
segments=${segments:-$builddir/tests/golden/segments}
status=0
for capture in *.pcap; do
	name=${capture%.pcap}
	[ -e "$name.events" ] || [ "${1:-}" != renew ] || : >"$name.events"
	"$segments" -e "$capture" 2>/dev/null | diff -u "$name.events" - || {
		echo "$name: not as expected (- expected, + sockwatch)"
		status=1
		[ "${1:-}" != renew ] || "$segments" -e "$capture" >"$name.events" 2>/dev/null
	}
done
exit $status
