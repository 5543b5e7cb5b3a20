#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The wall clock is set by hours, forward and back, while the monitor runs: ages, rates, rows that ended and the
# flow of events do not notice. The clock of the program alone is set, by a library that is loaded before libc.
. "${srcdir:-.}/tests/screens/lib.sh"
grep -q __asan_init "$sockwatch" && skip 'a sanitizer must be the first library'
command -v "${CC:-cc}" >/dev/null || skip 'needs a compiler for the library that sets the clock'
"${CC:-cc}" -shared -fPIC -o "$work/step.so" "$srcdir/tests/screens/step.c" 2>"$work/errors" ||
	skip "no shared library can be made: $(head -1 "$work/errors")"
printf 0 >"$work/step"
start_sockets
sockwatch="env SOCKWATCH_TEST_STEP=$work/step LD_PRELOAD=$work/step.so $sockwatch"
more_than() {
	[ "$(screen | grep -c '^.ESTABLISHED')" -gt "$1" ]
}
fewer_than() {
	[ "$(screen | grep -c '^.ESTABLISHED')" -lt "$1" ]
}
start_stepped() {
	session=clock
	$tmux new-session -d -s $session -x 120 -y 40 "env TERM=xterm-256color LC_ALL=C.UTF-8 $sockwatch -d 0.2"
}
start_stepped
sees '^.LISTEN'
sockets open 1
sees '^.ESTABLISHED'
for step in + - +; do
	# In place: the program has the file in its memory.
	printf %s $step | dd of="$work/step" conv=notrunc 2>/dev/null
	before=$(screen | grep -c '^.ESTABLISHED')
	# A socket that comes after the step shows that snapshots were taken since.
	sockets open 1
	until_true "one more after $step" more_than "$before"
	sees ' live '
	screen | grep -q '[0-9][hd]  *holder/' && fail "an age of hours after $step"
	# What has ended goes after its seconds, not after hours.
	before=$(screen | grep -c '^.ESTABLISHED')
	sockets reset
	until_true "the end of a row after $step" fewer_than "$before"
done
keys C-c
