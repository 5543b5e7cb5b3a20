# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the netns tests: a network namespace of their own, the zoo, and comparisons.
. "${srcdir:-.}/tests/lib.sh"

# A TIME-WAIT stays for its minute. On a busy machine the ACK of a FIN can come after the FIN that answers it; the
# TIME-WAIT repeats its ACK then, nobody is left there to take it, and the RST would end the TIME-WAIT (RFC 1337).
keep_time_waits() {
	echo 1 >/proc/sys/net/ipv4/tcp_rfc1337
}

# Runs the test again in a network namespace of its own.
in_own_netns() {
	if [ "${SOCKWATCH_TEST_INSIDE:-}" = yes ]; then
		keep_time_waits
		return 0
	fi
	needs root ip ss jq unshare netns
	rm -rf "$work"
	SOCKWATCH_TEST_INSIDE=yes exec unshare --net "$0" "$@"
}

start_zoo() {
	needs tun
	start_holder "$builddir/tests/netns/zoo" "$@"
}

# same WHAT EXPECTED-FILE ACTUAL-FILE
same() {
	diff -u "$2" "$3" >"$work/diff" || {
		echo "FAILED: $1 (- expected, + sockwatch)"
		head -60 "$work/diff"
		exit 1
	}
	[ -s "$2" ] || fail "$1: nothing to compare"
}

# ss's TCP sockets, but those that are merely bound, which only ss from 6.15 on lists (UNCONN), as lines "STATE RECV-Q SEND-Q LOCAL PORT REMOTE PORT", in the RFC's names.
ss_tcp() {
	ss -H -tan "$@" | awk '
		function split_address(text, side,    at) {
			at = match(text, /:[^:]*$/)
			address[side] = substr(text, 1, at - 1)
			port[side] = substr(text, at + 1)
			gsub(/[][]/, "", address[side])
			sub(/^::ffff:/, "", address[side])
			if (address[side] == "*") address[side] = "::"
			if (port[side] == "*") port[side] = 0
		}
		$1 != "UNCONN" {
			sub(/^ESTAB$/, "ESTABLISHED", $1)
			sub(/^SYN-RECV$/, "SYN-RECEIVED", $1)
			split_address($4, 1)
			split_address($5, 2)
			print $1, $2, $3, address[1], port[1], address[2], port[2]
		}' | sort
}

# The same lines from sockwatch; arguments are options and a filter. CLOSED is left out: see above.
sockwatch_tcp() {
	"$sockwatch" list --json "$@" | jq -r 'select(.proto == "tcp" and .state != "CLOSED") |
		[.state, .recv_q // .accept_queue, .send_q // .backlog, .local_addr, .local_port,
		 .remote_addr // (if .family == 4 then "0.0.0.0" else "::" end), .remote_port // 0] | map(tostring) | join(" ")' | sort
}

# captures COUNT [COMMAND…]: succeeds when so many packet sockets, seen where the command runs, have their filter.
# Before that they drop everything.
captures() {
	count=$1
	shift
	[ "$("$@" ss -0 -n -b | grep -c 'bpf filter ([0-9][0-9]')" -ge "$count" ]
}

# record COMMAND…: its output is $work/box.pcap until the test ends, or another recording is made.
record() {
	[ -z "${recorder:-}" ] || {
		kill $recorder
		wait $recorder || fail "collect ended with status $?"
	}
	"$@" >"$work/box.pcap" </dev/null &
	recorder=$!
	children="$children $recorder"
}

# says LINE: the recording says so by now; all that it says is in $work/facts (see facts.c).
says() {
	"$builddir/tests/netns/facts" "$work/box.pcap" >"$work/facts" && grep -q -x -- "$1" "$work/facts"
}
