#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# bootstrap on a machine without a network: it stops at once, names what is missing, and ends with 1. The machine is a
# PATH of a few commands, whose apt-get always fails.
srcdir=$(cd "${srcdir:-.}" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
for tool in cat cut dirname env grep head id mkdir nproc paste printf sed sh sort tail tr; do
	path=$(command -v $tool) && [ -x "$path" ] && ln -s "$path" "$work/bin/$tool"
done
cat >"$work/bin/apt-get" <<'END'
#!/bin/sh
echo "apt-get $*" >>"${0%/*}/../calls"
exit 100
END
printf '#!/bin/sh\nexec "$@"\n' >"$work/bin/sudo"
for tool in apt-get cc make sudo; do
	[ -e "$work/bin/$tool" ] || printf '#!/bin/sh\nexit 1\n' >"$work/bin/$tool"
	chmod +x "$work/bin/$tool"
done

status=0
for command in run build check; do
	: >"$work/calls"
	result=0
	PATH=$work/bin "$srcdir/bootstrap" $command >"$work/out" 2>"$work/err" </dev/null || result=$?
	[ $result = 1 ] && [ "$(wc -l <"$work/calls")" = 2 ] && grep -q 'network.*missing: .*autoconf, automake' "$work/err" &&
		grep -q 'the library libmnl' "$work/err" && ! grep -q 'missing:.* make' "$work/err" || {
		echo "bootstrap $command: status $result, $(wc -l <"$work/calls") calls of apt-get"
		cat "$work/err"
		status=1
	}
done
exit $status
