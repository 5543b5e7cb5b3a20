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

# allows WHAT: one probe, for all tests, of what this machine lets a test do; the chroot of a package builder, or a
# container, lacks some of it. A word that is none of these is a command.
allows() {
	case $1 in
	root) [ "$(id -u)" = 0 ] ;;
	netns) unshare --net true ;;
	netns-names) ip netns add "sockwatch-try-$$" && {
		ip -n "sockwatch-try-$$" link show lo && ip netns del "sockwatch-try-$$" || {
			ip netns del "sockwatch-try-$$"
			false
		}
	} ;;
	mounts) unshare --mount true ;;
	bind-mounts) unshare --mount mount --bind "$work" /etc ;;
	tun) [ -c /dev/net/tun ] && : <>/dev/net/tun ;;
	*) command -v "$1" ;;
	esac >/dev/null 2>&1
}

# needs WHAT…: skips the test, with the reason, unless all of it is allowed.
needs() {
	for what; do
		allows "$what" || case $what in
		root) skip 'needs root' ;;
		netns) skip 'network namespaces cannot be made here' ;;
		netns-names) skip 'network namespaces cannot be named and entered by ip here: perhaps / is no mount point' ;;
		mounts) skip 'mount namespaces cannot be made here: perhaps / is no mount point' ;;
		bind-mounts) skip 'nothing can be mounted over /etc' ;;
		tun) skip 'needs /dev/net/tun' ;;
		*) skip "needs $what" ;;
		esac
	done
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

# start_holder PROGRAM ARGUMENT…: a program that says "ready" and holds sockets until its input ends. One that ends with
# status 77 says why this machine cannot do it: a skip.
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
			status=0
			wait $holder || status=$?
			[ $status != 77 ] || skip "$(cat "$work/holder.out")"
			cat "$work/holder.out"
			fail "$1 ended with status $status"
		}
		polls=$((polls + 1))
		[ $polls -lt $polls_max ] || fail "$1 never got ready"
		sleep 0.1
	done
}

# begin_dial NAME ARGUMENT…: $dial (tests/netns/dial.c) with an input that stays open, to the end of the test; its
# number is $pid_NAME, and what it says is in $work/dial.NAME.
dial=$builddir/tests/netns/dial
begin_dial() {
	name=$1
	shift
	mkfifo "$work/$name.in"
	"$dial" "$@" <"$work/$name.in" >"$work/dial.$name" 2>&1 &
	eval "pid_$name=$!"
	children="$children $!"
	sleep 1000 >"$work/$name.in" &
	eval "input_$name=$!"
	children="$children $!"
}

# start_dial NAME ARGUMENT…: until it is ready.
start_dial() {
	begin_dial "$@"
	until_true "$1 is ready" grep -q -x ready "$work/dial.$1"
}

# dial_answers NAME WORD ANSWER: says the word, and waits for this answer.
dial_answers() {
	: >"$work/dial.$1"
	echo "$2" >"$work/$1.in"
	until_true "$1 answers \"$3\" to $2" grep -q -x -- "$3" "$work/dial.$1"
}

# The only child of a process, but for the one that writes the files of root.
child_of() {
	for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
		[ "$(cat "/proc/$child/comm" 2>/dev/null)" = sockwatch-open ] || printf %s "$child"
	done
}
