#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# events -r of committed captures prints what it printed before: text, JSON, filters, the summary, errors. After
# an intended change: `events.sh renew` in the build folder shows the difference and takes it over.
builddir=$(pwd)
golden=$(cd "${srcdir:-$(dirname "$0")/../..}/tests/golden" && pwd) || exit 1
sockwatch=${sockwatch:-$builddir/sockwatch}
LC_ALL=C.UTF-8 TZ=UTC
export LC_ALL TZ
unset NO_COLOR
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
seen=0

while read -r name arguments; do
	case $name in '' | '#'*) continue ;; esac
	status=0
	# Words are meant, and no name of a file: a filter may hold *.
	set -f
	# shellcheck disable=SC2086
	(cd "$golden/wire" && exec "$sockwatch" events $arguments) >"$work/$name" 2>"$work/err" || status=$?
	set +f
	sed 's/^/error: /' "$work/err" >>"$work/$name"
	[ $status = 0 ] || echo "status $status" >>"$work/$name"
	seen=$((seen + 1))
	[ -e "$golden/events/$name" ] || [ "${1:-}" != renew ] || : >"$golden/events/$name"
	diff -u "$golden/events/$name" "$work/$name" || {
		failed=$((failed + 1))
		[ "${1:-}" != renew ] || cp "$work/$name" "$golden/events/$name"
	}
done <"$golden/event_cases"

# Standard input gives the same.
"$sockwatch" events -r - <"$golden/wire/orderly.pcap" >"$work/stdin" 2>/dev/null
grep -v '^error:' "$golden/events/text-orderly" | cmp - "$work/stdin" || failed=$((failed + 1))

# When the reader has gone, it ends quietly.
rm -f "$work/status"
{ "$sockwatch" events --data -r "$golden/wire/zero-window.pcap" 2>"$work/err" || echo $? >"$work/status"; } |
	head -1 >"$work/head"
[ ! -e "$work/status" ] && [ -s "$work/head" ] || {
	echo 'events | head is not quiet'
	cat "$work/err"
	failed=$((failed + 1))
}

[ $seen -gt 30 ] || { echo "only $seen cases were run" && exit 1; }
[ $failed = 0 ] || { echo "$failed differ; if that is meant: tests/golden/events.sh renew" && exit 1; }
