# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the screen tests: the real program in tmux, keys in, screen out. Nothing waits for a time; everything
# waits for a condition, for a bounded number of polls. As root a test runs in a network namespace of its own;
# otherwise the program gets a filter for the test's own address.
. "${srcdir:-.}/tests/lib.sh"

command -v tmux >/dev/null || skip 'needs tmux'
if [ "$(id -u)" = 0 ] && [ "${SOCKWATCH_TEST_INSIDE:-}" != yes ] && command -v ip >/dev/null &&
	unshare --net true 2>/dev/null; then
	rm -rf "$work"
	SOCKWATCH_TEST_INSIDE=yes exec unshare --net "$0" "$@"
fi
[ "${SOCKWATCH_TEST_INSIDE:-}" != yes ] || ip link set lo up

session=
address=127.$(($$ / 65536 % 250 + 2)).$(($$ / 256 % 256)).$(($$ % 256))
port=$((20000 + $$ % 10000))
chmod 755 "$work" # the monitor of root is somebody else
export XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state"
tmux="tmux -L sockwatch-$$ -f /dev/null"

# A server whose last session ends goes away while the next session is asked for.
$tmux new-session -d -s keep cat

on_failure() {
	[ -z "$session" ] || screen | sed 's/^/    |/'
}

cleanup_kind() {
	$tmux kill-server 2>/dev/null || :
}

# start_sockets [NAME]: the helper that makes sockets; then `sockets COMMAND…` changes them.
start_sockets() {
	mkfifo "$work/in"
	: >"$work/out"
	"$builddir/tests/screens/sockets" "$address" "$port" "${1-holder}" <"$work/in" >"$work/out" &
	holder=$!
	children="$children $holder"
	exec 8>"$work/in"
	until_true 'the sockets' grep -q ready "$work/out"
	said=0
}

sockets() {
	echo "$*" >&8
	said=$((said + 1))
	until_true "the answer to $*" said_enough
}

said_enough() {
	[ "$(grep -c ok "$work/out")" -ge $said ]
}

# For until_true: until the capture runs, traffic is made again and again.
captures() {
	shows '\[R\.\]' || {
		sockets open 1
		sockets reset
		return 1
	}
}

# start COLUMNS LINES [OPTION…]: the monitor in a terminal of that size, in the folder $work, beneath which it may write;
# $term and $lang choose its kind. The exit status is left in $work/status.
start() {
	columns=$1
	lines=$2
	shift 2
	session=s$columns
	command="env TERM=${term:-xterm-256color} LC_ALL=${lang:-C.UTF-8} '$sockwatch' $*"
	[ "${SOCKWATCH_TEST_INSIDE:-}" = yes ] || command="$command laddr $address or raddr $address"
	rm -f "$work/status"
	$tmux new-session -d -s $session -c "$work" -x "$columns" -y "$lines" \
		"$command 2>'$work/errors'; echo \$? >'$work/status'; sleep 1000"
}

# processes: sets viewer, keeper and collector, each the child of the one before.
processes() {
	viewer=$(child_of "$($tmux list-panes -t "$session" -F '#{pane_pid}')")
	keeper=$(child_of "$viewer")
	until_true 'a collector' has_child "$keeper"
	collector=$(child_of "$keeper")
}
has_child() {
	[ -n "$(child_of "$1")" ]
}

# gone PID…: waits for the end of these processes.
gone() {
	for pid in "$@"; do
		until_true "the end of process $pid" is_gone "$pid"
	done
}

# A zombie of another process does not count.
is_gone() {
	case $(cat "/proc/$1/stat" 2>/dev/null) in
	'' | *') Z '*) ;;
	*) return 1 ;;
	esac
}

screen() {
	$tmux capture-pane -p -t $session
}

colors() {
	$tmux capture-pane -p -e -t $session
}

keys() {
	$tmux send-keys -t $session "$@"
}

# Characters as they are, not key names.
type() {
	$tmux send-keys -l -t $session -- "$*"
}

resize() {
	$tmux resize-window -t $session -x "$1" -y "$2"
}

shows() {
	screen | grep -q -e "$1"
}

shows_not() {
	! shows "$1"
}

# sees PATTERN: waits until a line of the screen matches.
sees() {
	until_true "\"$1\" on the screen" shows "$1"
}

sees_not() {
	until_true "the end of \"$1\" on the screen" shows_not "$1"
}

# The line under the cursor: the first below the headings whose first cell is reversed (monochrome).
# Attributes are carried from line to line, so all of them are followed. headed=1: on a page without
# headings.
headed=0
cursor_line() {
	colors | awk -v headed=$headed '
		{
			line = $0
			text = ""
			first = -1
			while (match(line, /\033\[[0-9;]*m/)) {
				if (RSTART > 1 && first < 0) first = reversed
				text = text substr(line, 1, RSTART - 1)
				count = split(substr(line, RSTART + 2, RLENGTH - 3), codes, ";")
				if (count == 0) reversed = 0
				for (i = 1; i <= count; i++) {
					if (codes[i] == "" || codes[i] == 0 || codes[i] == 27) reversed = 0
					if (codes[i] == 7) reversed = 1
				}
				line = substr(line, RSTART + RLENGTH)
			}
			if (first < 0) first = reversed
			if (first && headed) { print text line; exit }
			if (first) headed = 1
		}'
}

cursor_is() {
	cursor_line | grep -q -e "$1"
}

cursor_on() {
	until_true "the cursor on \"$1\"" cursor_is "$1"
}

# The monitor ended with this status.
ended() {
	until_true 'the end of the monitor' test -s "$work/status"
	[ "$(cat "$work/status")" = "$1" ] || fail "exit status $(cat "$work/status"), not $1"
	[ ! -s "$work/errors" ] || {
		cat "$work/errors"
		fail 'words on standard error'
	}
}

# The terminal is as it was before the monitor.
given_back() {
	[ "$($tmux display-message -p -t "$session" '#{alternate_on}')" = 0 ] || fail 'the terminal was not given back'
}

close_terminal() {
	$tmux kill-session -t "$session"
	session=
}

quit() {
	keys C-c
	ended 0
	close_terminal
}

# Keys do not wait for another process.
answers_keys() {
	keys F1
	sees_not '^.ESTABLISHED'
	keys Escape
	sees '^.ESTABLISHED'
}

# writes FILE SENTENCE [overwrite]: w to that file, and what is said then.
writes() {
	keys w
	sees 'Write to file'
	keys C-u
	type "$1"
	keys Enter
	[ $# -lt 3 ] || {
		sees 'Overwrite it'
		keys y
	}
	sees "$2"
	sees_not 'Overwrite it'
}

# mode_of FILE: "MODE UID".
mode_of() {
	stat -c '%a %u' "$1"
}
