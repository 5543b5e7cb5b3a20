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

# Standard input gives the same, but --at has to be left out: see text-end.
(cd "$golden" && "$sockwatch" list --from - <zoo.pcap) >"$work/stdin" 2>&1
cmp "$work/stdin" "$golden/list/text-end" || failed=$((failed + 1))

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
