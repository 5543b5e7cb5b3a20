#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel without Landlock, without seccomp, without both: everything works, the header names what is lacking in one
# line, and --rights shows it of each process: nothing is said to be bounded by what is not there.
. "${srcdir:-.}/tests/screens/lib.sh"
grep -q '^#define HAVE_LIBSECCOMP 1' "$builddir/config.h" || skip 'this build does not filter system calls'
! grep -q '^#define SANITIZERS 1' "$builddir/config.h" || skip 'a build with sanitizers has no filter'
without=$builddir/tests/screens/without
"$without" both true 2>/dev/null || skip 'this kernel does not filter system calls'
"$sockwatch" --rights >"$work/rights" || fail "--rights: $?"
grep -q 'files .*Landlock' "$work/rights" || skip 'this kernel has no Landlock'
! grep -q '^missing' "$work/rights" || fail 'something is missing'

start_sockets
sockets open 1
program=$sockwatch
for what in landlock seccomp both; do
	case $what in
	landlock) lacks='no Landlock in this kernel' ;;
	seccomp) lacks='no seccomp in this kernel' ;;
	both) lacks='no seccomp, no Landlock in this kernel' ;;
	esac
	"$without" $what "$program" list >"$work/list" 2>"$work/errors" </dev/null || fail "list: $(cat "$work/errors")"
	grep -q ESTABLISHED "$work/list" || fail "$what: no list"
	"$without" $what "$program" --rights >"$work/rights" 2>"$work/errors" || fail "--rights: $(cat "$work/errors")"
	[ "$(grep -c '^missing: ' "$work/rights")" = 1 ] && grep -q -x "missing: $lacks" "$work/rights" || fail "$what: $(cat "$work/rights")"
	case $what in
	landlock) ! grep -q '(Landlock)' "$work/rights" || fail "$what: $(cat "$work/rights")" ;;
	seccomp) ! grep -q 'the filter lets' "$work/rights" && grep -q '(Landlock)' "$work/rights" || fail "$what: $(cat "$work/rights")" ;;
	both) ! grep -q '(Landlock)\|the filter lets' "$work/rights" || fail "$what: $(cat "$work/rights")" ;;
	esac

	printf '#!/bin/sh\nexec "%s" %s "%s" "$@"\n' "$without" $what "$program" >"$work/program"
	chmod 755 "$work/program"
	sockwatch=$work/program
	start 120 30
	sees '^.ESTABLISHED'
	# The line about hidden owners, where there are some, has its place first.
	! shows '! owners' || {
		keys x
		sees_not '! owners'
	}
	sees "! $lacks: sockwatch --rights shows what bounds its processes  (x hides this)"
	keys x
	sees_not "$lacks"
	keys x
	sees 'there is no line about missing rights'
	quit
	sockwatch=$program
done
