#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A target much farther away than its routers: one cycle waits for its answer, not only for theirs.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs
slow_link=4
slow_ms=200
chain 4
for try in 1 2 3; do
	probe_json -c 1 "$target4" >"$work/json"
	hops_of "$work/json" >"$work/hops"
	grep -q "^4 $target4$" "$work/hops" || {
		cat "$work/json"
		fail "try $try: the target is missing"
	}
done
