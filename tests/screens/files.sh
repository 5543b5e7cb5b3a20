#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is written for the user: whole or not at all, for the user alone, never through a link; and a sentence when it
# cannot be written: a full disk, a read-only one, a file of another user, a limit, no descriptor left. The user typed
# sudo; those of root itself are in root_files.sh.
. "${srcdir:-.}/tests/screens/lib.sh"
needs root mounts
# A mount namespace of its own.
if [ "${SOCKWATCH_TEST_MOUNTS:-}" != yes ]; then
	rm -rf "$work"
	$tmux kill-server 2>/dev/null || :
	SOCKWATCH_TEST_MOUNTS=yes exec unshare --mount "$0" "$@"
fi

cleanup_more() {
	umount "$work/full" "$work/fixed" 2>/dev/null || :
}
# What a failure leaves behind: only what was there before.
holds() {
	[ "$(ls -A "$1")" = "$2" ] || fail "in $1: $(ls -lA "$1")"
}

mkdir "$work/full" "$work/fixed" "$work/free" "$work/shared"
mount -t tmpfs -o size=64k tmpfs "$work/full"
mount -t tmpfs -o size=64k,uid=12345 tmpfs "$work/fixed"
mount -o remount,ro "$work/fixed"
echo old >"$work/full/out"
dd if=/dev/zero of="$work/full/filler" bs=4096 2>/dev/null || :
chmod 1777 "$work/shared"
echo theirs >"$work/shared/theirs"
echo root >"$work/free/mine"
chown 65534:65534 "$work/shared/theirs"
ln -s "$work/free/mine" "$work/shared/link"
chown -h 65534:65534 "$work/shared/link"

chown 12345:12345 "$work/full" "$work/full/out" "$work/free"
start_sockets
sockets open 1
umask 000
# wrapped NAME COMMAND: the program as the user who typed sudo, after that command.
program=$sockwatch
wrapped() {
	printf '#!/bin/sh\n%s\nSUDO_UID=12345 SUDO_GID=12345 exec "%s" "$@"\n' "$2" "$program" >"$work/$1"
	chmod 755 "$work/$1"
	sockwatch=$work/$1
}
wrapped as_user :
start 140 30
sees 'ESTABLISHED'
writes "$work/free/new" 'wrote [0-9]* lines to'
[ "$(mode_of "$work/free/new")" = '600 12345' ] || fail "the file: $(mode_of "$work/free/new")"
grep -q ESTABLISHED "$work/free/new" || fail 'the file does not hold the page'
writes "$work/full/out" 'cannot be written: the disk is full' overwrite
[ "$(cat "$work/full/out")" = old ] || fail 'the old file is lost'
holds "$work/full" "$(printf 'filler\nout')"
writes "$work/fixed/out" 'cannot be written: the filesystem is read-only'
writes "$work/nowhere/out" 'cannot be written: there is no such file or directory'
writes "$work/shared/link" 'it is a symbolic link, which is not followed' overwrite
[ "$(cat "$work/free/mine")" = root ] || fail 'a file of root was written through a link'
writes "$work/shared/theirs" 'it belongs to user 65534' overwrite
[ "$(cat "$work/shared/theirs")" = theirs ] || fail 'a file of another user was written'
holds "$work/shared" "$(printf 'link\ntheirs')"
writes "$work/free/new" 'wrote [0-9]* lines to' overwrite
[ "$(mode_of "$work/free/new")" = '600 12345' ] || fail "the file after the second time: $(mode_of "$work/free/new")"
quit

# Files that may not grow: the signal for that (SIGXFSZ) does not end the program.
wrapped limited 'ulimit -f 0'
$tmux new-session -d -s s140 -c "$work" -x 140 -y 30 "env TERM=xterm-256color LC_ALL=C.UTF-8 '$sockwatch'; sleep 1000"
session=s140
sees 'ESTABLISHED'
writes "$work/free/limited" 'cannot be written: it would be larger than files may be here'
keys q
close_terminal
wrapped as_user :
[ ! -e "$work/free/limited" ] || fail 'part of a file was left'

# The history of filters on a full disk: a sentence at the end.
start 140 30 --config "$work/full/config"
sees 'ESTABLISHED'
keys F4
type 'port 1'
keys Enter
sees 'port 1'
keys q
until_true 'the end' test -s "$work/status"
grep -q "$work/full/.*cannot be written: the disk is full" "$work/errors" || fail "the history: $(cat "$work/errors")"
holds "$work/full" "$(printf 'filler\nout')"
