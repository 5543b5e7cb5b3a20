#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `resolve`: names both ways from a DNS server that is right, slow, absent, broken or hostile; /etc/hosts; the
# settings of resolv.conf, in words. Compared with dig and getent where these are installed.
. "${srcdir:-.}/tests/netns/lib.sh"
. "$srcdir/tests/netns/dns.sh"
in_dns_netns "$@"
start_dns

# resolve STATUS ARGUMENT…: its lines in $work/out.
resolve() {
	wanted=$1
	shift
	status=0
	"$sockwatch" resolve "$@" >"$work/out" 2>"$work/err" || status=$?
	[ $status = "$wanted" ] || {
		cat "$work/out" "$work/err"
		fail "resolve $*: status $status, not $wanted"
	}
}

# Lines "ADDRESS STATUS NAME TTL SAID" of JSON, in the order of their numbers.
facts() {
	jq -r '[.address // "-", .status, .name, .ttl_s // "-", .note // .error // ""] | map(tostring) | join(" ")' "$1" |
		sed 's/ *$//' | sort -V
}

# Addresses to names, the good and the bad.
# shellcheck disable=SC2046
resolve 1 --json $(seq -f 192.0.2.%.0f 1 25) 2001:db8::1 2001:db8::2 2001:db8::5 2001:db8::e
facts "$work/out" >"$work/reverse"
long=abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0
cat >"$work/expected" <<END
192.0.2.1 found right.test 300
192.0.2.2 none  - no such name (NXDOMAIN)
192.0.2.3 failed  - the server could not find out (SERVFAIL)
192.0.2.4 found tcp.test 300
192.0.2.5 found \\027[2J\\027]0\\;x\\007.test 300
192.0.2.6 found a\\013\\010\\009\\000\\155\\127b.test 300
192.0.2.7 failed  - the answer is malformed
192.0.2.8 found x\\255\\254\\195\\(.test 300
192.0.2.9 failed  - the answer is malformed
192.0.2.10 found true.test 300
192.0.2.11 found true.test 300
192.0.2.12 found first.test 300 and 200 more names
192.0.2.13 found true.test 300
192.0.2.14 found classless.test 300
192.0.2.15 found $long.$long.$long.${long%??} 300
192.0.2.16 failed  - the answer is malformed
192.0.2.17 failed  - the answer is malformed
192.0.2.18 none  - the name exists, but has no such record (NODATA)
192.0.2.19 failed  - no answer
192.0.2.20 found zero.test 0
192.0.2.21 found forever.test 0
192.0.2.22 found \\230\\149\\176\\229\\173\\151.test 300
192.0.2.23 found \\226\\128\\174abc.test 300
192.0.2.24 failed  - the server does not answer us (REFUSED)
192.0.2.25 found a\\.b c\\\\d.test 300
2001:db8::1 found right.test 300
2001:db8::2 none  - no such name (NXDOMAIN)
2001:db8::5 found \\027[2J\\027]0\\;x\\007.test 300
2001:db8::e found classless.test 300
END
same 'names of addresses' "$work/expected" "$work/reverse"
jq -e -s 'all(.server == "127.0.0.1:53" and .took_us > 0)' "$work/out" >"$work/json" || fail 'the server or the time is missing'
[ "$(questions 'udp PTR 4.2.0.192')" = 1 ] && [ "$(questions 'tcp PTR 4.2.0.192')" = 1 ] || fail 'truncated: not asked again by TCP'
[ "$(questions 'udp PTR 1.2.0.192')" = 1 ] || fail 'asked more than once'

# Names to addresses.
resolve 1 --json right.test RIGHT.test alias.test v4.test v6.test half.test empty.test loop.test cut.test servfail.test silent.test nx.test many.test \
	bad..name
facts "$work/out" | grep -v ' many.test' >"$work/forward"
sort -V >"$work/expected" <<END
192.0.2.1 found right.test 300
2001:db8::1 found right.test 600
192.0.2.1 found RIGHT.test 300
2001:db8::1 found RIGHT.test 600
192.0.2.1 found alias.test 60 stands for right.test
2001:db8::1 found alias.test 60 stands for right.test
192.0.2.1 found v4.test 300
2001:db8::1 found v6.test 300
192.0.2.1 found half.test 300
- failed half.test - AAAA: the server could not find out (SERVFAIL)
- none empty.test - the name exists, but has no such record (NODATA)
- none loop.test - the name exists, but has no such record (NODATA)
- failed cut.test - the answer is malformed
- failed servfail.test - the server could not find out (SERVFAIL)
- failed silent.test - no answer
- none nx.test - no such name (NXDOMAIN)
- failed bad..name - this is not a valid DNS name: labels have 1 to 63 bytes, all together 253
END
same 'addresses of names' "$work/expected" "$work/forward"
jq -r 'select(.name == "many.test") | .address, .note // empty' "$work/out" >"$work/many"
[ "$(wc -l <"$work/many")" = 33 ] && tail -1 "$work/many" | grep -q '^and 68 more addresses$' || fail 'a hundred addresses: 32 and a word on the rest'

# The same from dig and getent.
if command -v dig >/dev/null; then
	for name in right.test alias.test v4.test v6.test empty.test nx.test; do
		{
			dig +short "$name" A
			dig +short "$name" AAAA
		} | grep -v 'test\.$' | sort >"$work/dig" || :
		{ "$sockwatch" resolve --json $name || :; } | jq -r '.address // empty' | sort >"$work/ours"
		cmp -s "$work/dig" "$work/ours" || fail "$name: not the addresses of dig"
	done
	for number in 1 2 4 5 6 8 12 14 15 20 22 23; do
		dig +short -x 192.0.2.$number | sed -n '/^x\.test\.$/d; s/\.$//p' >"$work/dig"
		{ "$sockwatch" resolve --json 192.0.2.$number || :; } | jq -r '.name | select(. != "")' >"$work/ours"
		grep -qxF -e "$(cat "$work/ours")" "$work/dig" || [ ! -s "$work/dig" ] || fail "192.0.2.$number: not the name of dig"
	done
	[ "$(dig +noall +answer -x 192.0.2.1 | awk '{ print $2 }')" = 300 ] || fail 'the lifetime of dig'
fi
for name in right.test alias.test v4.test v6.test; do
	getent ahosts $name | awk '{ print $1 }' | sort -u >"$work/getent"
	"$sockwatch" resolve --json $name | jq -r .address | sort >"$work/ours"
	same "$name as getent has it" "$work/getent" "$work/ours"
done

# As text: no byte of it steers a terminal; /etc/hosts has no lifetime and comes first.
printf '192.0.2.2 \033]0;y\007evil\n192.0.2.1 \tfile.test other.test # no.test\n' >>/etc/hosts
resolve 0 192.0.2.1 192.0.2.2 192.0.2.5 192.0.2.6 right.test file.test localhost
LC_ALL=C grep -q "$(printf '[\001-\011\013-\037\177-\377]')" "$work/out" && fail 'a byte that is none of text'
for line in 'file\.test  *192\.0\.2\.1  *-  *- /etc/hosts' '?\]0;y?evil  *192\.0\.2\.2  *-  *- /etc/hosts' \
	'right\.test  *192\.0\.2\.1  *300s  *[0-9.]*[mu]*s 127\.0\.0\.1:53' '\\027\[2J\\027\]0\\;x\\007\.test  *192\.0\.2\.5  *300s .*' \
	'NAME  *ADDRESS  *LIVES  *TOOK SERVER' '/etc/resolv\.conf: one server, 127\.0\.0\.1'; do
	grep -qx -e "$line" "$work/out" || {
		cat "$work/out"
		fail "no line as $line"
	}
done
[ "$(grep -c '/etc/hosts' "$work/out")" = 5 ] || fail 'both addresses of localhost, and three of the file'
resolve 0 --json localhost
jq -e -s 'length == 2 and all(.server == "/etc/hosts" and has("ttl_s") == false and has("took_us") == false)' "$work/out" >"$work/json" ||
	fail '/etc/hosts has no lifetime'
printf '127.0.0.1 localhost\n' >/etc/hosts

# Servers: named ones, several, closed ports.
resolve 0 --json --server '[::1]:53' 192.0.2.1
jq -e '.server == "[::1]:53"' "$work/out" >"$work/json" || fail 'the server that was named'
resolve 0 --json --server 127.0.0.1:5,127.0.0.1 192.0.2.1 right.test
jq -e -s 'length == 3 and all(.server == "127.0.0.1:53" and (.note | startswith("before it 127.0.0.1:5: no DNS server there")))' "$work/out" >"$work/json" ||
	fail 'the second server, after the first'
resolve 1 --json --server '[::1]:5' 192.0.2.1 right.test
jq -e -s 'length == 2 and all(.status == "failed" and .server == "[::1]:5" and (.error | startswith("no DNS server there")))' "$work/out" >"$work/json" ||
	fail 'no server'
for server in nosuch 127.0.0.1:99999 127.0.0.1: 127.0.0.1,,::1 ''; do
	resolve 2 --server "$server" right.test
	[ "$(wc -l <"$work/err")" = 1 ] && [ ! -s "$work/out" ] && grep -q 'is not a DNS server; use an address' "$work/err" || fail "--server $server"
done

# Slow: it waits for its answer.
dns hold
before=$(questions PTR)
asked_more() {
	[ "$(questions PTR)" -gt "$before" ]
}
"$sockwatch" resolve --json 192.0.2.1 >"$work/slow" &
slow=$!
until_true 'the question' asked_more
dns release
wait $slow || fail 'a slow server'
[ "$(jq -r .name "$work/slow")" = right.test ] || fail 'the name from a slow server'

# The settings of resolv.conf. The program has given up the right to read a file that its user may not read.
says() {
	status=0
	"$sockwatch" resolve localhost >"$work/out" 2>"$work/err" || status=$?
	grep -qx -e "$1" "$work/out" && [ $status = 0 ] || {
		cat "$work/out" "$work/err"
		fail "resolv.conf in words: no line $1"
	}
}
rest=': 127.0.0.1 is asked, and names fail unless a DNS server runs there'
: >/etc/resolv.conf
says "/etc/resolv.conf is empty$rest"
echo '# nothing' >/etc/resolv.conf
says "/etc/resolv.conf names no server$rest"
chmod 0 /etc/resolv.conf
says "/etc/resolv.conf cannot be read (Permission denied)$rest"
rm /etc/resolv.conf
says "/etc/resolv.conf is missing$rest"
ln -s ../nosuch/stub.conf /etc/resolv.conf
says "/etc/resolv.conf points to ../nosuch/stub.conf, which is missing$rest"
rm /etc/resolv.conf
mkdir /etc/resolv.conf
says "/etc/resolv.conf cannot be read (Is a directory)$rest"
rmdir /etc/resolv.conf
printf 'nameserver ::1\nnameserver 127.0.0.1\nnameserver 127.0.0.2\nnameserver 127.0.0.3\nnameserver x\033y\nsearch test\noptions ndots:2 rotate\n' \
	>/etc/resolv.conf
says '/etc/resolv.conf: servers in turn ::1, 127.0.0.1, 127.0.0.2; short names are tried in test'
says '/etc/resolv.conf: of 4 servers programs use the first 3'
says '/etc/resolv.conf: options ndots:2 (names with fewer than 2 dots are tried with the search list first), rotate (.*)'
says '/etc/resolv.conf: "nameserver x?y" is not an address and is ignored'
resolve 0 --json v4
jq -e '.name == "v4" and .note == "stands for v4.test" and .server == "[::1]:53"' "$work/out" >"$work/json" || fail 'a short name'

# No server at all.
stop_dns
printf 'nameserver 127.0.0.1\n' >/etc/resolv.conf
resolve 1 right.test 192.0.2.1
[ "$(grep -c 'no DNS server there' "$work/out")" = 2 ] || fail 'no server at all'

resolve 2
[ "$(wc -l <"$work/err")" = 1 ] || fail 'nothing to resolve: one sentence'
