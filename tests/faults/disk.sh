#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A full disk and a read-only one, under each file that is written: one sentence that names the file and the reason,
# nothing of it left behind, and what was there stays. By a login as root, for which another process writes, and by a
# user who typed sudo. (Pages and history of the latter: tests/screens/files.sh; a ring of files: tests/netns/record.sh.)
. "${srcdir:-.}/tests/screens/lib.sh"
needs root mounts
if [ "${SOCKWATCH_TEST_MOUNTS:-}" != yes ]; then
	rm -rf "$work"
	$tmux kill-server 2>/dev/null || :
	SOCKWATCH_TEST_MOUNTS=yes exec unshare --mount "$0" "$@"
fi
cleanup_more() {
	umount "$work/full" "$work/fixed" 2>/dev/null || :
}
mkdir "$work/full" "$work/fixed"
mount -t tmpfs -o size=256k tmpfs "$work/full"
mount -t tmpfs -o size=256k tmpfs "$work/fixed"
for folder in full/root full/user fixed/root fixed/user; do
	mkdir "$work/$folder" "$work/$folder/sockwatch"
	echo 'theme = light' >"$work/$folder/sockwatch/config"
	echo 'port > 5' >"$work/$folder/sockwatch/history"
	echo '# old' >"$work/$folder/box.prom"
	echo '# old' >"$work/$folder/baseline"
done
chown -R 12345:12345 "$work/full/user" "$work/fixed/user"
dd if=/dev/zero of="$work/full/filler" bs=4096 2>/dev/null || :
mount -o remount,ro "$work/fixed"
chmod 755 "$work"
holds() {
	(cd "$work/$disk" && find . -type f ! -name filler -exec sha256sum {} + | sort -k 2)
}

# as USER: who starts the program, in a folder of its own.
as() {
	user=$1
	case $user in
	root) typed= ;;
	user) typed='SUDO_UID=12345 SUDO_GID=12345' ;;
	esac
}
# refused FILE ARGUMENT…
refused() {
	file=$1
	shift
	status=0
	(cd "$work" && env $typed timeout -s INT 20 "$sockwatch" "$@" >"$work/out" 2>"$work/errors" </dev/null) || status=$?
	case $status in
	1 | 2 | 3) ;;
	*) fail "$* ended with status $status: $(cat "$work/errors")" ;;
	esac
	[ "$(wc -l <"$work/errors")" = 1 ] && grep "$reason" "$work/errors" | grep -q "$file" ||
		fail "$user, $*: not one sentence: $(cat "$work/errors")"
	[ "$(holds)" = "$before" ] || fail "$user, $*: $(holds)"
}

start_sockets
sockets open 1
for disk in full fixed; do
	before=$(holds)
	case $disk in
	full) reason='the disk is full' ;;
	fixed) reason='the filesystem is read-only' ;;
	esac
	for user in root user; do
		as $user
		folder=$disk/$user
		echo "$folder: metrics, baseline, recording"
		refused box.prom metrics --write "$folder/box.prom"
		refused box.prom metrics --write "$work/$folder/box.prom"
		refused baseline doctor --baseline "$folder/baseline" --save-baseline
		# On a full disk there is room for the name of a new file: tests/netns/record.sh.
		[ $disk = full ] || refused new record "$folder/new.pcap"

		# Settings and history: the screen says it, and goes on.
		echo "$folder: settings and history"
		rm -f "$work/status"
		$tmux new-session -d -s s140 -c "$work" -x 140 -y 30 \
			"env TERM=xterm-256color LC_ALL=C.UTF-8 $typed '$sockwatch' --config '$work/$folder/sockwatch/config' 2>'$work/errors'; echo \$? >'$work/status'; sleep 1000"
		session=s140
		sees ESTABLISHED
		keys F2
		sees 'Columns shown'
		keys Tab Tab Down
		keys Right
		keys Escape
		sees "$reason"
		keys F4
		type 'port > 1'
		keys Enter
		sees 'port > 1'
		keys q
		until_true 'the end' test -s "$work/status"
		grep -q "history.*$reason" "$work/errors" || fail "the history, $user: $(cat "$work/errors")"
		[ "$(wc -l <"$work/errors")" = 1 ] || fail "not one sentence: $(cat "$work/errors")"
		given_back
		close_terminal
		[ "$(holds)" = "$before" ] || fail "$user: $(holds)"
	done
done
