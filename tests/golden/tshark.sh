#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every field of every segment as tshark reads it, the counts of flags, and the handshake's times.
builddir=$(pwd)
cd "${srcdir:-.}/tests/golden/wire" || exit 1
segments=${segments:-$builddir/tests/golden/segments}
command -v tshark >/dev/null || {
	echo 'needs tshark'
	exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

# One run for each capture; the time comes last.
read_with_tshark() {
	set --
	for field in frame.number ip.src ipv6.src tcp.srcport ip.dst ipv6.dst tcp.dstport tcp.flags \
		tcp.seq_raw tcp.ack_raw tcp.window_size_value tcp.len tcp.hdr_len ip.ttl ipv6.hlim \
		ip.id vlan.id tcp.options.mss_val tcp.options.wscale.shift tcp.options.sack_perm \
		tcp.options.timestamp.tsval tcp.options.timestamp.tsecr tcp.options.sack_le \
		tcp.options.sack_re tcp.options.mptcp.subtype \
		tcp.options.tfo.request tcp.options.tfo.cookie frame.time_epoch; do
		set -- "$@" -e $field
	done
	tshark -n -o tcp.relative_sequence_numbers:FALSE -r "$capture" -T fields -E separator=/t \
		"$@" tcp >"$work/raw" 2>/dev/null
}

# Addresses of both families in one column each; for a fast open cookie its length.
fields() {
	awk -F '\t' -v OFS='\t' '{
		print $1, $2 $3, $4, $5 $6, $7, $8, $9, $10, $11, $12, $13, $14 $15, $16, $17, $18,
			$19, $20 != "" ? 1 : "", $21, $22, $23, $24, $25,
			$26 != "" ? 0 : $27 != "" ? length($27) / 2 : ""
	}' "$work/raw"
}

# Microseconds from the last SYN to the SYN-ACK, and from there to the first segment of the opener, for each
# connection in the order in which they began.
handshake() {
	awk -F '\t' '
		{ kind = substr($8, length($8) - 1) }
		kind ~ /^[02468ace]2$/ && !syn_ack[$4] {
			if (!($4 in syn)) client[++clients] = $4
			syn[$4] = $28
		}
		kind ~ /^[13579bdf]2$/ && !syn_ack[$7] { syn_ack[$7] = $28 }
		kind ~ /[^2]$/ && syn_ack[$4] && !ack[$4] { ack[$4] = $28 }
		function us(from, to,    a, b) {
			split(from, a, ".")
			split(to, b, ".")
			return (b[1] - a[1]) * 1000000 + (b[2] - a[2]) / 1000
		}
		END {
			for (i = 1; i <= clients; i++) {
				port = client[i]
				if (syn_ack[port])
					printf "%.1f\t%s\n", us(syn[port], syn_ack[port]),
						ack[port] ? us(syn_ack[port], ack[port]) : ""
			}
		}' \
		"$work/raw"
}

for capture in *.pcap; do
	read_with_tshark
	fields >"$work/tshark"
	"$segments" "$capture" >"$work/sockwatch" || {
		echo "$capture: segments ended with status $?"
		status=1
	}
	[ -s "$work/tshark" ] || {
		echo "$capture: tshark reads no segment"
		status=1
	}
	diff -u "$work/tshark" "$work/sockwatch" >"$work/diff" || {
		echo "$capture: (- tshark, + sockwatch)"
		cat "$work/diff"
		status=1
	}
	case $capture in simultaneous-open*) continue ;; esac
	handshake >"$work/tshark"
	"$segments" -e "$capture" 2>&1 >/dev/null | sed -n 's/^handshake	//p' >"$work/sockwatch"
	paste "$work/tshark" "$work/sockwatch" | awk -F '\t' -v name="$capture" '
		function apart(a, b) { return a > b ? a - b : b - a }
		apart($1, $3) > 20 || ($2 != "") != ($4 != "") || apart($2, $4) > 20 {
			print name ": handshake: tshark " $1 " " $2 " us, sockwatch " $3 " " $4 " us"
			wrong = 1
		}
		END { exit wrong }' || status=1
done
exit $status
