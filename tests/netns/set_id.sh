#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# From a set-id file the program refuses to start, before it reads anything; SUDO_UID counts only where root started it.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs setpriv
nobody=65534
chmod 755 "$work"
as_nobody() {
	setpriv --reuid $nobody --regid $nobody --clear-groups "$@"
}

# copy MODE OWNER:GROUP: the program as such a file.
copy() {
	rm -f "$work/copy"
	cp "$sockwatch" "$work/copy"
	chown "$2" "$work/copy"
	chmod "$1" "$work/copy"
}

# refused WHAT WORD COMMAND…: in one sentence with this word, with nothing on standard output, and with nothing written.
refused() {
	what=$1 word=$2
	shift 2
	status=0
	"$@" >"$work/out" 2>"$work/err" || status=$?
	# A sanitizer cannot look into a program with other rights, and says so at its end.
	! grep -q 'LeakSanitizer has encountered a fatal error' "$work/err" || {
		sed -i '/^==/d' "$work/err"
		status=2
	}
	[ $status = 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -q "set-$word-id file" "$work/err" || {
		cat "$work/out" "$work/err"
		fail "$what: status $status"
	}
}

copy 755 0:0
as_nobody "$work/copy" --version >"$work/out" || fail 'a plain file does not run'
cp "$(command -v id)" "$work/id"
chmod 4755 "$work/id"
[ "$(as_nobody "$work/id" -u)" = 0 ] || skip 'set-id files have no effect in the directory of temporary files'

for command in '' list --version --help 'collect' 'probe ::1' '--no-such-option'; do
	copy 4755 0:0
	refused "set-user-id root, $command" user as_nobody "$work/copy" $command
	copy 2755 0:0
	refused "set-group-id root, $command" group as_nobody "$work/copy" $command
done
copy 6755 0:0
refused 'both' user as_nobody "$work/copy" list
# An owner who is not root is another user too; so is one whose rights root would lose.
copy 4755 1:1
refused 'set-user-id of another user' user as_nobody "$work/copy" list
refused 'set-user-id of another user, by root' user "$work/copy" list
# SUDO_UID, which anybody can set, changes nothing.
copy 4755 0:0
refused 'with SUDO_UID' user as_nobody env SUDO_UID=0 SUDO_GID=0 "$work/copy" list
refused 'with SUDO_UID of another' user as_nobody env SUDO_UID=1 SUDO_GID=1 "$work/copy" list
# Ids that only differ, without a set-id file.
refused 'a real user who is not the effective one' user setpriv --ruid $nobody "$sockwatch" list
# Whoever has that id already may start it: nothing is given.
copy 4755 0:0
"$work/copy" list >/dev/null || fail 'root cannot start a set-user-id file of root'
