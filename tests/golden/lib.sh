# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by list.sh and renew.sh. $sockwatch is the program, $golden the folder with the expected output.
golden=${srcdir:-.}/tests/golden
sockwatch=${sockwatch:-$(pwd)/sockwatch}
LC_ALL=C.UTF-8 TZ=UTC
export LC_ALL TZ
unset NO_COLOR

# run NAME ARGUMENT…: standard output, standard error and the exit status, in $work/NAME.
run() {
	name=$1
	shift
	status=0
	(cd "$golden" && exec "$sockwatch" list --from zoo.pcap "$@") >"$work/$name" 2>"$work/err" || status=$?
	# Names of ports are those of the box that runs the test.
	sed -i 's/"service":"[^"]*",//' "$work/$name"
	sed 's/^/error: /' "$work/err" >>"$work/$name"
	[ $status = 0 ] || echo "status $status" >>"$work/$name"
}

# each_case COMMAND: runs each case, then COMMAND NAME.
each_case() {
	while read -r name arguments; do
		case $name in '' | '#'*) continue ;; esac
		# Words are meant, and no name of a file: a filter may hold *.
		set -f
		# shellcheck disable=SC2086
		run "$name" $arguments
		set +f
		"$1" "$name"
	done <"$golden/cases"
}
