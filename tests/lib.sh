# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the lib.sh of the netns tests and of the screen tests. $sockwatch is the program, $work a folder that
# is removed at the end, $children are the processes that are ended then.
set -eu
# Patterns hold more than ASCII, and the environment may name no locale.
export LC_ALL=C.UTF-8
builddir=$(pwd)
srcdir=$(cd "${srcdir:-.}" && pwd)
sockwatch=$builddir/sockwatch
polls_max=600

skip() {
	echo "$*"
	exit 77
}

# on_failure prints what helps when a test of this kind fails, cleanup_kind undoes what the kind did, cleanup_more
# what one test did.
on_failure() {
	:
}
cleanup_kind() {
	:
}
cleanup_more() {
	:
}

fail() {
	echo "FAILED: $*"
	on_failure
	exit 1
}

work=$(mktemp -d)
children=
cleanup() {
	status=$?
	cleanup_more
	exec 9>&- 8>&-
	cleanup_kind
	for child in $children; do
		kill "$child" 2>/dev/null || :
		wait "$child" 2>/dev/null || :
	done
	rm -rf "$work"
	exit $status
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP

# until_true WHAT COMMAND…: polls until the command succeeds, for a bounded number of polls.
until_true() {
	what=$1
	shift
	polls=0
	until "$@" >/dev/null 2>&1; do
		polls=$((polls + 1))
		[ $polls -lt $polls_max ] || fail "never came: $what"
		sleep 0.05
	done
}

# start_holder PROGRAM ARGUMENT…: a program that says "ready" and holds sockets until its input ends.
start_holder() {
	mkfifo "$work/hold"
	: >"$work/holder.out" # what the one before said is no answer
	"$@" <"$work/hold" >"$work/holder.out" 2>&1 &
	holder=$!
	children="$children $holder"
	exec 9>"$work/hold"
	rm "$work/hold"
	polls=0
	until grep -q ready "$work/holder.out"; do
		kill -0 $holder 2>/dev/null || {
			cat "$work/holder.out"
			fail "$1 ended"
		}
		polls=$((polls + 1))
		[ $polls -lt $polls_max ] || fail "$1 never got ready"
		sleep 0.1
	done
}

# The only child of a process.
child_of() {
	cat "/proc/$1/task/$1/children" 2>/dev/null | tr -d ' '
}
