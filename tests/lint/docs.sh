#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The committed manual pages and completion are what the tables print now; the pages are clean roff, and
# the completion is bash.
docgen=src/app/docgen
status=0

compare() {
	"$docgen" $1 >"$work/now" || exit 1
	diff -u "$srcdir/$2" "$work/now" || {
		echo "$2 is not what the tables print now: make update-docs"
		status=1
	}
}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
compare "manual $srcdir/doc/sockwatch.1.in" doc/sockwatch.1
compare "manual $srcdir/doc/sockwatch-stream.5.in" doc/sockwatch-stream.5
compare completion doc/sockwatch.bash-completion

if command -v groff >/dev/null 2>&1; then
	for page in sockwatch.1 sockwatch-stream.5; do
		groff -K utf8 -t -man -ww -z "$srcdir/doc/$page" 2>"$work/roff" || status=1
		[ ! -s "$work/roff" ] || {
			cat "$work/roff"
			status=1
		}
		# Some versions of groff see a table that is too wide, some do not.
		groff -K utf8 -t -man -Tascii -P-cbou -rLL=78n "$srcdir/doc/$page" 2>/dev/null |
			awk 'length($0) > 80 { print "wider than 80 columns: " $0; wide = 1 } END { exit wide || NR < 100 }' ||
			status=1
	done
fi
bash -n "$srcdir/doc/sockwatch.bash-completion" || status=1
exit $status
