#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `resolve` obeys the line "hosts:" of nsswitch.conf: for each order, with and without a DNS server, it finds what
# getent finds, names both ways.
. "${srcdir:-.}/tests/netns/lib.sh"
. "$srcdir/tests/netns/dns.sh"
[ "${SOCKWATCH_TEST_DNS:-}" = yes ] || needs getent
in_dns_netns "$@"
ldd "$(command -v getent)" 2>/dev/null | grep -q musl && skip 'musl reads no nsswitch.conf'
start_dns
printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >/etc/resolv.conf
# One name and address that only the file has, and one of each that the server tells otherwise.
printf '192.0.2.200 near.example\n192.0.2.201 v4.test\n192.0.2.1 other.example\n' >>/etc/hosts

ours() {
	"$sockwatch" resolve --json "$1" >"$work/out" 2>"$work/err" || :
	jq -r 'select(.status == "found") | .'"$2" "$work/out" | sort -u
}

# The names as getent has them: the first of its line.
compare() {
	for name in near.example v4.test nosuch.test; do
		getent ahosts $name | awk '{ print $1 }' | sort -u >"$work/expected"
		ours $name address >"$work/actual"
		diff "$work/expected" "$work/actual" >"$work/diff" || {
			cat "$work/diff" "$work/out"
			fail "\"$line\", $1: addresses of $name"
		}
		cat "$work/expected" >>"$work/seen"
	done
	# Without a server glibc tells a reverse question "not found", and a forward one "unavailable".
	case $1$line in *absent*\[*) return ;; esac
	for address in 192.0.2.200 192.0.2.1 192.0.2.10 192.0.2.2; do
		getent hosts $address | awk '{ print $2 }' >"$work/expected"
		ours $address name >"$work/actual"
		diff "$work/expected" "$work/actual" >"$work/diff" || {
			cat "$work/diff" "$work/out"
			fail "\"$line\", $1: name of $address"
		}
		cat "$work/expected" >>"$work/seen"
	done
}

cat >"$work/lines" <<'END'
hosts: files dns
hosts: dns files
hosts: files
hosts: dns
hosts:
passwd: files
hosts:files[NOTFOUND=return]dns
hosts: files [NOTFOUND=continue UNAVAIL=return] dns
hosts: dns [!UNAVAIL=return] files
hosts: dns [NOTFOUND=return] files # dns files
hosts: dns [UNAVAIL=return] files
hosts: dns [ notfound=RETURN ] files
hosts: nosuch files nosuch dns
END
for server in there absent; do
	: >"$work/seen"
	[ $server = there ] || stop_dns
	while read -r line; do
		echo "$line" >/etc/nsswitch.conf
		compare "server $server"
	done <"$work/lines"
	# Names and addresses of the file, with the server those of DNS too.
	kinds=$(sort -u "$work/seen" | grep -c .)
	[ "$kinds" -ge "$([ $server = there ] && echo 6 || echo 4)" ] || fail "server $server: only $kinds different answers"
done

# In words.
says() {
	echo "$1" >/etc/nsswitch.conf
	"$sockwatch" resolve localhost near.example >"$work/out" 2>"$work/err" || :
	grep '^/etc/nsswitch.conf' "$work/out" >"$work/words" || :
	echo "${2:+/etc/nsswitch.conf: $2}" | sed '/^$/d' >"$work/expected"
	diff "$work/expected" "$work/words" || fail "\"$1\" in words"
}
says 'hosts: files dns' ''
says 'hosts: dns' 'names come from DNS alone; /etc/hosts is not read'
says 'hosts: files' 'names come from /etc/hosts alone; no DNS server is asked'
says 'hosts: files mdns4_minimal [NOTFOUND=return] dns myhostname' 'programs also ask mdns4_minimal myhostname; here that is not asked'
says 'hosts: files [x] dns' 'the line "hosts:" is not valid, so programs find no names; here /etc/hosts and then DNS are asked'

# A name that nobody is asked for.
echo 'hosts: files' >/etc/nsswitch.conf
"$sockwatch" resolve --json right.test 192.0.2.10 >"$work/out" && fail 'nobody was asked, and it was found'
jq -e -s '(.[:2] | all(.status == "none" and .server == "/etc/hosts" and .error == "not there, and /etc/nsswitch.conf lets no DNS server be asked")) and
	(.[2] | .order == ["files"] and .not_asked == [] and (.notes | any(contains("/etc/hosts alone"))))' "$work/out" >"$work/json" || {
	cat "$work/out"
	fail 'a name that nobody is asked for'
}
# The server that the user names is asked whatever the file says.
rm "$work/dns.in"
start_dns
"$sockwatch" resolve --server 127.0.0.1 right.test >"$work/out" || fail 'with --server'
