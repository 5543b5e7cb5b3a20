#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `resolve`: names both ways from a DNS server that is right, slow, absent, broken or hostile; /etc/hosts; the
# settings of resolv.conf, in words. Compared with dig and getent where these are installed.
. "${srcdir:-.}/tests/netns/lib.sh"
. "$srcdir/tests/netns/dns.sh"
in_dns_netns "$@"
start_dns

# resolve STATUS ARGUMENT…: its lines in $work/out; with --json that on resolv.conf in $work/conf.
resolve() {
	wanted=$1
	shift
	status=0
	"$sockwatch" resolve "$@" >"$work/out" 2>"$work/err" || status=$?
	[ $status = "$wanted" ] || {
		cat "$work/out" "$work/err"
		fail "resolve $*: status $status, not $wanted"
	}
	sed -n '/^{"resolv_conf":/p' "$work/out" >"$work/conf"
	sed -i '/^{"resolv_conf":/d' "$work/out"
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
		{ "$sockwatch" resolve --json 192.0.2.$number || :; } | jq -r '.name // empty | select(. != "")' >"$work/ours"
		grep -qxF -e "$(cat "$work/ours")" "$work/dig" || [ ! -s "$work/dig" ] || fail "192.0.2.$number: not the name of dig"
	done
	[ "$(dig +noall +answer -x 192.0.2.1 | awk '{ print $2 }')" = 300 ] || fail 'the lifetime of dig'
fi
for name in right.test alias.test v4.test v6.test; do
	getent ahosts $name | awk '{ print $1 }' | sort -u >"$work/getent"
	"$sockwatch" resolve --json $name | jq -r '.address // empty' | sort >"$work/ours"
	same "$name as getent has it" "$work/getent" "$work/ours"
done

# Chains of aliases, those that dangle, and names beyond ASCII: the canonical name is that of getent.
resolve 1 --json chain.test dangle.test to-v6.test circle.test müller.test MÜLLER.test xn--mller-kva.test
facts "$work/out" >"$work/aliases"
sort -V >"$work/expected" <<END
192.0.2.1 found MÜLLER.test 300 stands for xn--mller-kva.test
192.0.2.1 found chain.test 90 stands for right.test
192.0.2.1 found müller.test 300 stands for xn--mller-kva.test
192.0.2.1 found xn--mller-kva.test 300
2001:db8::1 found chain.test 90 stands for right.test
2001:db8::1 found to-v6.test 300 stands for v6.test
- none circle.test - the name exists, but has no such record (NODATA)
- none dangle.test - stands for gone.test: no such name (NXDOMAIN)
END
same 'aliases' "$work/expected" "$work/aliases"

# as_getent WHAT NAME…: addresses, and their number of names, are those of getent ahosts.
as_getent() {
	what=$1
	shift
	for name; do
		{ getent ahosts "$name" || echo none; } | awk '{ print $1 }' | sort -u >"$work/getent"
		{ "$sockwatch" resolve --json "$name" || :; } | jq -r '.address // empty' | sort -u >"$work/ours"
		[ -s "$work/ours" ] || echo none >"$work/ours"
		same "$what: $name" "$work/getent" "$work/ours"
	done
}
as_getent aliases chain.test middle.test dangle.test to-v6.test circle.test müller.test xn--mller-kva.test
canonical=$(getent ahosts chain.test | awk 'NF > 2 { print $3; exit }')
"$sockwatch" resolve --json chain.test | jq -e -s --arg name "stands for $canonical" 'map(select(.status)) | all(.note == $name)' >"$work/json" ||
	fail "a chain of aliases: its canonical name is not $canonical"

# The settings of resolv.conf are obeyed as the C library obeys them.
try_conf() {
	printf "$1" >/etc/resolv.conf
	shift
	as_getent "$(tr '\n' ' ' </etc/resolv.conf)" "$@"
}
ours='nameserver 127.0.0.1\n'
names='v4 v4.sub v4.sub.test six six.sub v4. six. chain nx right.test half v4.test.'
# shellcheck disable=SC2086
for settings in 'search test\n' 'search sub.test test\n' 'search test sub.test\n' 'search sub.test\nsearch test\n' 'domain sub.test test\n' \
	'search sub.test\ndomain test\n' ' search test\n' 'search test\noptions ndots:2\n' 'search sub.test test\noptions ndots:0\n' \
	'search test\noptions ndots:3\noptions timeout:1\n' 'search test\noptions timeout:1\noptions ndots:2\n' 'search test\noptions no-aaaa\n' \
	'search test\noptions use-vc\n' 'search test\noptions no-tld-query\n' 'search .\n' 'options edns0 trust-ad\n' 'search test # x\n' ''; do
	try_conf "$ours$settings" $names
done
printf "${ours}search nx.example\n" >/etc/resolv.conf
export RES_OPTIONS=ndots:2 LOCALDOMAIN='sub.test test'
as_getent 'RES_OPTIONS and LOCALDOMAIN' v4 v4.sub six
unset RES_OPTIONS LOCALDOMAIN
before=$(questions 'udp ')
printf "${ours}search test\noptions use-vc\n" >/etc/resolv.conf
resolve 0 v4
[ "$(questions 'udp ')" = "$before" ] || fail 'use-vc: a question by UDP'
# Three servers at most; the fourth is asked by nobody.
printf 'nameserver 127.0.0.3\nnameserver 127.0.0.4\nnameserver 127.0.0.5\nnameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >/etc/resolv.conf
as_getent 'the fourth server' right.test
printf 'nameserver 127.0.0.3\nnameserver 127.1\n' >/etc/resolv.conf
as_getent 'the second server, in short' right.test

# A server on a link: its zone says which.
mkfifo "$work/there.in"
exec 6<>"$work/there.in"
unshare --net sh -c 'ip link set lo up; echo $$ >"$1"; exec "$2" "$3" ::' sh "$work/there" "$builddir/tests/netns/dns" "$work/questions.there" \
	<&6 >"$work/there.out" 2>&1 &
children="$children $!"
until_true 'the server on a link' grep -q ready "$work/there.out"
there=$(cat "$work/there")
for link in one two; do
	ip link add "$link" type veth peer name "$link-there" netns "$there"
	echo 0 >"/proc/sys/net/ipv6/conf/$link/accept_dad"
	nsenter -t "$there" -n ip addr add fe80::53/64 dev $link-there nodad
	nsenter -t "$there" -n ip link set $link-there up
	ip addr add fe80::1/64 dev $link nodad
	# getent asks for A only where there is an IPv4 address beyond loopback.
	ip addr add 192.0.2.250/24 dev $link
	ip link set $link up
done
nsenter -t "$there" -n ip link set two-there down
for zone in one "$(ip -o link show one 2>/dev/null | cut -d: -f1)"; do
	printf 'nameserver fe80::53%%%s\noptions timeout:1 attempts:2\n' "$zone" >/etc/resolv.conf
	as_getent 'a server on a link' right.test nx.test
	resolve 0 --json right.test
	jq -e -s 'all(.server == "[fe80::53%'"$zone"']:53")' "$work/out" >"$work/json" || fail 'the zone of the server is not shown'
done
printf 'nameserver 127.0.0.1\n' >/etc/resolv.conf
resolve 0 --json --server fe80::53%one right.test
jq -e -s 'all(.server == "[fe80::53%one]:53")' "$work/out" >"$work/json" || fail '--server with a zone'
resolve 2 --server fe80::53%nosuch right.test
grep -q 'there is no such interface' "$work/err" || fail '--server with the zone of no link'
printf 'nameserver 127.0.0.1\n' >/etc/resolv.conf

# /etc/hosts by name: all lines of a name, aliases, any case, before every server.
printf '127.0.0.1 localhost\n192.0.2.7 Seven.example seven\n2001:db8::7 seven.example\n192.0.2.8 eight SEVEN\n192.0.2.9#none\n192.0.2.9 right.test\n' >/etc/hosts
as_getent /etc/hosts seven.example seven Seven eight right.test RIGHT.TEST localhost none
for address in 192.0.2.7 2001:db8::7 192.0.2.8; do
	[ "$(getent hosts $address | awk '{ print $2 }')" = "$("$sockwatch" resolve --json $address | jq -r '.name // empty')" ] || fail "/etc/hosts: $address"
done
as_getent 'short addresses' 127.1 0x7f.1 2130706433
resolve 0 --json seven
jq -e -s 'map(select(.address == "192.0.2.7")) | .[0].note == "stands for Seven.example"' "$work/out" >"$work/json" || fail 'the first name of the line'
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n' >/etc/hosts

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
[ "$(jq -r '.name // empty' "$work/slow")" = right.test ] || fail 'the name from a slow server'

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
jq -e '.resolv_conf == "/etc/resolv.conf" and .servers == ["::1", "127.0.0.1", "127.0.0.2"] and .search == ["test"] and .options == "ndots:2 rotate" and
	(.notes | length == 4 and (.[1] | startswith("/etc/resolv.conf: options ndots:2 (names")))' "$work/conf" >"$work/json" || {
	cat "$work/conf"
	fail 'resolv.conf in JSON'
}
"$sockwatch" resolve v4 | sed '/^NAME/,$d' >"$work/text"
jq -r '.notes[]' "$work/conf" >"$work/json"
same 'what text and JSON say of resolv.conf' "$work/text" "$work/json"
jq -e '.name == "v4" and .note == "stands for v4.test" and .server == "[::1]:53"' "$work/out" >"$work/json" || fail 'a short name'

# No server at all.
stop_dns
printf 'nameserver 127.0.0.1\n' >/etc/resolv.conf
resolve 1 right.test 192.0.2.1
[ "$(grep -c 'no DNS server there' "$work/out")" = 2 ] || fail 'no server at all'

resolve 2
[ "$(wc -l <"$work/err")" = 1 ] || fail 'nothing to resolve: one sentence'
