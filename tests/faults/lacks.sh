#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Too few descriptors, and no /proc: it works, or ends with one sentence that names what is lacking; no process is
# left, and the terminal is as it was.
. "${srcdir:-.}/tests/screens/lib.sh"
! grep -q '^#define SANITIZERS 1' "$builddir/config.h" || skip 'sanitizers need descriptors and /proc for themselves'
needs root mounts prlimit

# one_sentence WORDS WHAT: what is in errors.
one_sentence() {
	[ "$(wc -l <"$work/errors")" = 1 ] || fail "$2: not one line: $(cat "$work/errors")"
	grep -q -e "^sockwatch: .*$1" "$work/errors" || fail "$2: $(cat "$work/errors")"
}

said_or_shown() {
	grep -q 'ulimit -n' "$work/errors" 2>/dev/null || shows 'descriptor left'
}

# From where the program itself can be loaded to where it works.
refused=0
for descriptors in 4 6 8 10 12 14 16 18 20 22 24 64; do
	status=0
	prlimit "--nofile=$descriptors:$descriptors" "$sockwatch" list >"$work/list" 2>"$work/errors" </dev/null || status=$?
	if [ "$status" = 0 ]; then
		[ ! -s "$work/errors" ] || fail "$descriptors descriptors: $(cat "$work/errors")"
		grep -q PROTO "$work/list" || fail "$descriptors descriptors: no list"
	else
		[ "$status" = 1 ] || fail "$descriptors descriptors: status $status: $(cat "$work/errors")"
		one_sentence 'descriptor left (ulimit -n)' "$descriptors descriptors"
		refused=$((refused + 1))
	fi
done
[ "$refused" -ge 4 ] || fail "so few descriptors are enough: $refused were refused"
[ "$status" = 0 ] || fail '64 descriptors are not enough'

# The monitor with too few of them says so, again and again if it must, and can be ended.
usual=$sockwatch
for descriptors in 6 8 12 15 20; do
	sockwatch="$work/few"
	printf '#!/bin/sh\nexec prlimit --nofile=%s:%s "%s" "$@"\n' $descriptors $descriptors "$usual" >"$work/few"
	chmod 755 "$work/few"
	start 120 24
	until_true "a sentence with $descriptors descriptors" said_or_shown
	[ -e "$work/status" ] || keys q
	until_true "the end with $descriptors descriptors" test -s "$work/status"
	given_back
	close_terminal
done

for command in list counters doctor; do
	unshare --mount sh -c 'mount -t tmpfs none /proc && exec "$0" "$@"' "$usual" "$command" \
		>"$work/list" 2>"$work/errors" </dev/null && fail "$command without /proc: no failure"
	one_sentence /proc "$command without /proc"
done
