#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The files of root, while the viewer is somebody else: settings, history and what w writes are root's and for root
# alone; the viewer itself can reach none of them. Nothing that is there gives way but the settings.
. "${srcdir:-.}/tests/screens/lib.sh"
needs root
change_theme() {
	keys F2
	sees 'Columns shown'
	keys Tab Tab Down
	keys Right
	keys Escape
	sees saved
}
home=$work/home
mkdir -m 700 "$home" "$home/.config" "$home/elsewhere"
mkdir -m 777 "$work/open"
mkdir -m 755 "$work/closed"
cat >"$work/as_root" <<END
#!/bin/sh
exec env -u XDG_CONFIG_HOME -u SUDO_UID HOME="$home" "$sockwatch" "\$@"
END
chmod 755 "$work/as_root"
program=$sockwatch
sockwatch=$work/as_root

start_sockets
sockets open 1
umask 000
start 140 30
sees 'ESTABLISHED'
# The settings: their directory is made, they are replaced, and a link to them is followed.
change_theme
until_true 'the settings' test -s "$home/.config/sockwatch/config"
[ "$(mode_of "$home/.config/sockwatch/config")" = '600 0' ] || fail "the settings: $(mode_of "$home/.config/sockwatch/config")"
[ "$(mode_of "$home/.config/sockwatch")" = '700 0' ] || fail "their directory: $(mode_of "$home/.config/sockwatch")"
sees 'ESTABLISHED'
keys F4
type 'port > 1'
keys Enter
sees 'port > 1'

# Pages: a new file where it was started, by a plain name.
writes 'page.txt' 'wrote [0-9]* lines to page.txt'
[ "$(mode_of "$work/page.txt")" = '600 0' ] || fail "the page: $(mode_of "$work/page.txt")"
grep -q ESTABLISHED "$work/page.txt" || fail 'the file does not hold the page'
writes "$work/again.txt" 'wrote [0-9]* lines to '
[ "$(mode_of "$work/again.txt")" = '600 0' ] || fail "the other page: $(mode_of "$work/again.txt")"
writes 'page.sh' 'as root, w writes NAME.txt'
writes '.page.txt' 'as root, w writes NAME.txt'
echo precious >"$work/old.txt"
chmod 600 "$work/old.txt"
writes 'old.txt' 'it is there already' overwrite
[ "$(cat "$work/old.txt")" = precious ] || fail 'a file of root gave way'
# Elsewhere the viewer writes as the user that it is.
writes "$work/closed/page.txt" 'permission denied'
writes "$home/page.txt" 'permission denied'
writes "$work/open/page.txt" 'wrote [0-9]* lines to'
[ "$(mode_of "$work/open/page.txt")" = '600 65534' ] || fail "elsewhere: $(mode_of "$work/open/page.txt")"
[ -z "$(ls -A "$work/closed")$(ls -A "$home/elsewhere")" ] || fail 'something was left'
quit
[ "$(cat "$home/.config/sockwatch/history")" = 'port > 1' ] || fail 'the history was not kept'
[ "$(mode_of "$home/.config/sockwatch/history")" = '600 0' ] || fail "the history: $(mode_of "$home/.config/sockwatch/history")"

# They are read again, though the viewer could not.
mv "$home/.config/sockwatch/config" "$home/elsewhere/config"
ln -s "$home/elsewhere/config" "$home/.config/sockwatch/config"
echo 'names = yes' >>"$home/elsewhere/config"
start 120 30
sees 'ESTABLISHED'
keys F4 Up
sees 'port > 1'
keys Escape
change_theme
saved() {
	[ -L "$home/.config/sockwatch/config" ] && grep -q 'names = yes' "$home/elsewhere/config"
}
until_true 'the settings behind a link' saved
quit

# A recording of root is opened by root and read by somebody else; the user who typed sudo opens only his own.
: >"$home/box.pcap"
chmod 600 "$home/box.pcap"
"$program" collect -d 0.1 >"$home/box.pcap" 2>/dev/null </dev/null &
recorder=$!
children="$children $recorder"
lists() {
	"$program" list --from "$home/box.pcap" >"$work/list" 2>/dev/null && grep -q ESTABLISHED "$work/list"
}
until_true 'a recording of root' lists
kill $recorder
SUDO_UID=12345 SUDO_GID=12345 "$program" list --from "$home/box.pcap" >"$work/list" 2>"$work/err" && fail 'a file of root was opened for another user'
grep -qi 'permission denied' "$work/err" || fail "$(cat "$work/err")"
