#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Part of make bench: round-trip times beside ping's, over eight namespaces in a row, whose kernels answer at once: what
# the programs themselves take shows. In the environment: COUNT (default 100). Needs root.
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lab.sh"
lab_needs ping
count=${COUNT:-100}
chain 8

printf '\nmedian round-trip time in us, %s probes each at the same time, 8 hops\n' "$count"
probe_json -c "$count" -i 0.1 "$target4" >"$work/json" &
ours=$!
at 0 ping -n -c "$count" -i 0.1 "$target4" | sed -n 's/.*time=\([0-9.]*\) ms/\1/p' | sort -n |
	awk '{ v[NR] = $1 * 1000 } END { printf "%-44s %9.0f\n", "ping", v[int((NR + 1) / 2)] }'
wait $ours
jq -r --arg target "$target4" 'select(.addrs == [$target]) | .p50_us' "$work/json" |
	awk '{ printf "%-44s %9.0f\n", "sockwatch probe", $1 }'
