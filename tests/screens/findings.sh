#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Findings: the worst in the header, all on their screen, one in full below it; Enter shows its sockets and Esc comes back;
# accepted ones are silent and are kept in the config; at all sizes, without colours, in ASCII.
. "${srcdir:-.}/tests/screens/lib.sh"
[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || skip 'needs root, for a namespace of its own'

finding='! close-wait: holder ([0-9]*) keeps 3 sockets in CLOSE-WAIT'
start_sockets
sockets open 3
start 120 40 --no-color --config "$work/config"
sees '^ *sockwatch '
shows "$finding" && fail 'a finding without trouble'
keys 6
sees 'findings'
sees '0 findings'
quit

# Three are enough for a finding where the config says so; a threshold that is none is reported.
printf 'rule.close-wait.warning = 3\nrule.close-wait.most = 3\n' >"$work/config"
start 120 40 --no-color --config "$work/config"
sees 'close-wait has no threshold "most"'
sockets half 3
sees "$finding"
keys 6
sees 'SEVERITY STATE  *FINDING'
sees 'warning  *stands  *holder ([0-9]*) keeps 3 sockets'
sees '^ evidence  *close_wait=3'
sees '^ what to do'
[ "$(ss -Hta state close-wait | wc -l)" = 3 ] || fail 'ss sees others'

# Enter and back.
keys Enter
sees 'filter: state close-wait and pid [0-9]*  3 of'
keys Escape
sees 'SEVERITY STATE'

# Accepted: no longer in the header, and in the config for the next time.
keys a
sees 'accepted: silent until it gets worse'
sees 'warning  *accepted'
sees_not "$finding"
grep -q '^accept close-wait:warning state close-wait and process holder$' "$work/config" || fail 'the config does not keep it'
keys a
sees 'no longer accepted'
sees "$finding"
grep -q '^accept' "$work/config" && fail 'the config keeps what was taken back'
quit

# The field tells the rows of a finding; all sizes.
start 200 60 --no-color --config "$work/config"
sees "$finding"
keys /
type 'finding close-wait'
keys Enter
sees '3 of '
keys Enter
sees '^! *holder ([0-9]*) keeps 3 sockets in CLOSE-WAIT.*(close-wait)$'
keys Escape
keys 6
sees 'SEVERITY STATE'
for size in '80 24' '40 12' '120 40'; do
	# Two numbers.
	# shellcheck disable=SC2086
	resize $size
	sees 'SEVERITY'
done
quit
lang=C
start 80 24 --ascii --config "$work/config"
sees "$finding"
keys D
sees 'SEVERITY'
quit

# A baseline beside the config: b makes it; what is not in it is a finding until b adds it.
printf 'baseline = base\n' >"$work/config"
lang=
start 120 40 --no-color --config "$work/config"
sees "base does not exist yet; b on screen 6 makes it"
sees '^.ESTABLISHED'
keys 6
sees 'SEVERITY STATE'
keys b
sees 'base: [0-9]* listeners*, [0-9]* programs* and [0-9]* destinations* added'
grep -q '^# listener ADDRESS PORT' "$work/base" || fail 'no heading'
start_dial new wait 127.0.0.1 8009 4
sees 'info  *stands  *not in the baseline: dial ([0-9]*) listens on 127.0.0.1:8009, first seen'
keys b
sees 'base: 1 listener, 0 programs and 0 destinations added'
sees 'info  *over  *not in the baseline: dial'
grep -q -x 'listener 127.0.0.1 8009 dial' "$work/base" || fail 'what b added'
quit
printf 'lisener :: 1\n' >>"$work/base"
start 80 24 --no-color --config "$work/config"
sees '"lisener" begins no line of a'
quit
rm "$work/config"
start 80 24 --no-color --config "$work/config"
sees '^.ESTAB'
keys 6
sees 'SEVERITY'
keys b
sees 'there is no file for the baseline'
quit
