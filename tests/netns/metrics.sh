#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# metrics: figures that ss gives too; a file that is never seen half, and gone at the end; both formats as their
# readers want them, where they are here.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
ip link set lo up

on_failure() {
	cat "$work/text" 2>/dev/null || :
}

sysctl -q -w net.ipv4.ip_local_port_range='40000 40099'
start_dial server serve 127.0.0.1 80 81
start_dial client 127.0.0.1 80 40
start_dial other 127.0.0.1 81 7
cp "$dial" "$work/od\"d\\na me"
dial="$work/od\"d\\na me"
start_dial odd serve 127.0.0.1 82

# has LINE: this very line.
has() {
	grep -q -x -F -e "$1" "$work/text" || fail "no line $1"
}
is_accepted() {
	"$sockwatch" metrics >"$work/text" && grep -q -x -F 'sockwatch_process_sockets{process="dial",state="ESTABLISHED"} 94' "$work/text"
}
until_true 'all 94 ends with their process' is_accepted
established=$(ss -tnH state established | wc -l)
has "sockwatch_sockets{protocol=\"tcp\",family=\"ipv4\",state=\"ESTABLISHED\"} $established"
has "sockwatch_sockets{protocol=\"tcp\",family=\"ipv4\",state=\"LISTEN\"} $(ss -tlnH | wc -l)"
# Both ends of each are here.
has 'sockwatch_service_connections{port="80",direction="in",state="ESTABLISHED"} 40'
has 'sockwatch_service_connections{port="80",direction="out",state="ESTABLISHED"} 40'
has 'sockwatch_service_connections{port="81",direction="in",state="ESTABLISHED"} 7'
has 'sockwatch_listener_accept_queue{port="80",process="dial"} 0'
has 'sockwatch_listener_backlog{port="80",process="dial"} 4096'
has 'sockwatch_listener_backlog{port="82",process="od\"d\\na me"} 4096'
has 'sockwatch_ephemeral_ports_used_ratio{destination_port="80"} 0.4'
has 'sockwatch_ephemeral_ports_used_ratio{destination_port="81"} 0.07'
has 'sockwatch_right_missing{right="CAP_NET_ADMIN"} 0'
grep -q '^sockwatch_rtt_seconds{port="80",quantile="0.99"} [0-9.e-]*$' "$work/text" || fail 'no round trip time'
! grep -q '_total' "$work/text" || fail 'a counter of one look'
! grep -v '^#' "$work/text" | grep -v -E '^sockwatch_[a-z_]+([{].*[}])? [0-9.e+-]+$' || fail 'a line of another form'

# The programs that read it, where they are here.
if command -v promtool >/dev/null; then
	promtool check metrics <"$work/text" || fail 'promtool'
fi
"$sockwatch" metrics --openmetrics >"$work/open"
[ "$(tail -1 "$work/open")" = '# EOF' ] || fail 'OpenMetrics ends with # EOF'
grep -q -x '# UNIT sockwatch_rtt_seconds seconds' "$work/open" || fail 'OpenMetrics has units'
if python3 -c 'import prometheus_client' 2>/dev/null; then
	python3 -c 'from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
list(parse(open("'"$work/open"'").read()))' || fail 'the parser of OpenMetrics'
fi

# A recording has the same.
"$sockwatch" record --for 2 --quiet "$work/box.pcap" 2>/dev/null
"$sockwatch" metrics --from "$work/box.pcap" >"$work/text"
has 'sockwatch_process_sockets{process="dial",state="ESTABLISHED"} 94'
has 'sockwatch_service_connections{port="80",direction="in",state="ESTABLISHED"} 40'

# Renewed: never half, for everybody to read, and gone at the end.
mkdir "$work/textfile"
file=$work/textfile/box.prom
"$sockwatch" metrics --write "$file" --every 1 2>"$work/err" &
writer=$!
children="$children $writer"
until_true 'the file' test -s "$file"
[ "$(stat -c %a "$file")" = 644 ] || fail "the file has mode $(stat -c %a "$file")"
first=$(stat -c %i "$file")
renewed() {
	[ "$(tail -1 "$file" | cut -c 1-20)" = 'sockwatch_build_info' ] || : >"$work/half"
	[ "$(stat -c %i "$file")" != "$first" ]
}
# build_info is the last family when none has too many series.
until_true 'a second file' renewed
cp "$file" "$work/text"
[ ! -e "$work/half" ] || [ "$(tail -1 "$work/text" | cut -c 1-24)" = 'sockwatch_build_info{ver' ] || fail 'a file was seen half'
grep -q '^sockwatch_sockets_opened_total [0-9]*$' "$work/text" || fail 'no counters of our own'
has 'sockwatch_lost_total{what="netlink"} 0'
kill -TERM $writer
wait $writer || fail "it ended with status $?"
[ ! -s "$file" ] || fail 'figures that are not renewed are still there'
rm -f "$file"
[ -z "$(ls -A "$work/textfile")" ] || fail "it left $(ls -A "$work/textfile")"

# What makes no sense, and what cannot be written; a file that was there stays.
refused() {
	expected=$1 why=$2
	shift 2
	status=0
	"$sockwatch" metrics "$@" >"$work/out" 2>"$work/err" || status=$?
	[ $status = "$expected" ] && grep -q -e "$why" "$work/err" || fail "$*: status $status, $(cat "$work/err")"
}
refused 2 'takes no filter' state established
refused 2 'must end in .prom' --write "$work/box.txt"
refused 2 'renews a file' --every 5
refused 2 'is not a number; use 2 to 2000' --limit 1
refused 1 'part of the path is not a directory' --write "$work/box.pcap/box.prom"
