#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs ./bootstrap check in a fresh Debian: debian.sh SUITE [ARCHITECTURE [MIRROR]]. i386 on a kernel of 64 bits shows
# what 32 bits do. The last commit is tested. The Debian lives in a folder of $TMPDIR (or /var/tmp), takes 3 GB there,
# and is removed at the end. Needs root, debootstrap and a network.
set -eu
suite=${1:-} arch=${2:-} mirror=${3:-}
top=$(cd "$(dirname "$0")/../.." && pwd)

stop() {
	echo "debian.sh: $*" >&2
	exit 2
}

# Runs in a mount namespace of its own, so that every mount ends with it. The folder is mounted on itself: commands
# that make mount and network namespaces need a / that is a mount point.
if [ "$suite" = --inside ]; then
	root=$mirror
	case $arch in
	i386 | armhf | armel) personality=linux32 ;;
	*) personality= ;;
	esac
	mount --bind "$root" "$root"
	for folder in proc sys dev; do
		mount --rbind "/$folder" "$root/$folder"
	done
	mount -t tmpfs none "$root/run"
	# shellcheck disable=SC2086
	exec $personality chroot "$root" env -u TMPDIR PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		sh -c 'cd /srv/sockwatch && exec ./bootstrap check'
fi

[ -n "$suite" ] || stop 'which Debian? debian.sh SUITE [ARCHITECTURE [MIRROR]], as in: debian.sh trixie'
[ "$(id -u)" = 0 ] || stop 'making a Debian needs root'
for command in debootstrap git unshare; do
	command -v $command >/dev/null || stop "needs $command"
done

root=$(mktemp -d "${TMPDIR:-/var/tmp}/sockwatch-$suite.XXXXXX")
trap 'rm -rf --one-file-system "$root" "$root.out"' EXIT
trap 'exit 1' INT TERM HUP
# Tests run programs as other users.
chmod 755 "$root"
debootstrap --variant=minbase ${arch:+"--arch=$arch"} "$suite" "$root" ${mirror:+"$mirror"} >"$root.out" 2>&1 || {
	tail -20 "$root.out"
	stop "Debian $suite${arch:+ $arch} cannot be made"
}
git clone -q "$top" "$root/srv/sockwatch"

: >"$root.out"
unshare --mount "$0" --inside "$arch" "$root" 2>&1 | tee "$root.out"
summary=$(tail -1 "$root.out")
echo "Debian $suite${arch:+ $arch}: $summary"
case $summary in
'0 passed'*) exit 1 ;;
*' passed, 0 failed, '*) ;;
*) exit 1 ;;
esac
