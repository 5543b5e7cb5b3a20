#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What each segment means, beside tshark's tcp.analysis. Where the two differ, the table below says who is right.
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

# CAPTURE FRAME TSHARK SOCKWATCH, and why.
cat >"$work/known" <<'END'
overtaken-ipv6 55 retransmit undecided
overtaken-ipv6 84 out-of-order undecided
overtaken-ipv6 91 retransmit out-of-order
overtaken-ipv6 145 retransmit out-of-order
overtaken-ipv6 147 retransmit out-of-order
simultaneous-open 3 retransmit -
simultaneous-open 5 retransmit -
simultaneous-open 6 window-update -
simultaneous-open 7 window-update -
zero-window 12 keepalive window-probe
zero-window 13 zero-window -
zero-window 14 keepalive window-probe
END
# overtaken-ipv6 was captured at the receiver, 0.1 ms from the sender, with some segments held up for 0.5 ms at most and
# some lost. A capture at the sender has 9 repeated segments: all are told here, and no other. 91: an original that came
# after its repetition, as its older timestamp shows. 145, 147: sent once; they echo a timestamp from before the first duplicate ACK, so the sender had not
# heard of the hole. 55, 84: sent once too, but nothing in this capture shows it.
# 3, 5: a SYN-ACK that answers a SYN repeats the number of the SYN, but not the segment (RFC 9293, figure 8).
# 6, 7: the window of a SYN is never scaled (RFC 7323, 2.2), so the first after it is no change.
# 12, 14: what a sender asks while the window is 0 is a window probe (RFC 9293, 3.8.6.1), with an octet or without.
# 13: the window was 0 before; that is told once.

# Each field stands for one word; tshark prints 1 or True for a field that is there, and nothing for others.
of_tshark() {
	tshark -n -r "$1" -T fields -E separator=/t -e tcp.analysis.retransmission \
		-e tcp.analysis.spurious_retransmission -e tcp.analysis.out_of_order -e tcp.analysis.keep_alive \
		-e tcp.analysis.zero_window_probe -e tcp.analysis.window_update -e tcp.analysis.zero_window \
		tcp 2>/dev/null |
		awk -F '\t' '
			BEGIN { split("retransmit retransmit out-of-order keepalive window-probe window-update zero-window", words, " ") }
			{
				word = "-"
				for (i = 7; i >= 1; i--)
					if ($i != "") word = words[i]
				print word
			}'
}

of_sockwatch() {
	"$segments" -e "$1" 2>/dev/null | awk '
		/^[01] \[/ {
			kind = $9
			sub(/,/, "", kind)
			if (/: out of order(, after its repetition)?$/) kind = "out-of-order"
			if (/: out of order or sent again$/) kind = "undecided"
			if (kind !~ /^(retransmit|out-of-order|undecided|keepalive|window-probe|window-update|zero-window)$/) kind = "-"
			print kind
		}'
}

for capture in *.pcap; do
	of_tshark "$capture" >"$work/tshark"
	of_sockwatch "$capture" >"$work/sockwatch"
	[ -s "$work/tshark" ] || {
		echo "$capture: tshark reads no segment"
		status=1
	}
	[ "$(wc -l <"$work/tshark")" = "$(wc -l <"$work/sockwatch")" ] || {
		echo "$capture: another number of segments"
		status=1
	}
	paste -d ' ' "$work/tshark" "$work/sockwatch" |
		awk -v name="${capture%.pcap}" '{ print name, NR, $1, $2 }' >>"$work/words"
done
# A later tshark may have come to our opinion; ours stays.
awk 'NR == FNR { known[$1 " " $2] = $4; line[$0] = 1; next }
	$1 " " $2 in known && $4 != known[$1 " " $2] { print "no longer:", $0; wrong = 1 }
	$3 != $4 && !($0 in line) { print "unknown difference:", $0; wrong = 1 }
	END { exit wrong }' "$work/known" "$work/words" || {
	echo '(capture, frame, what tshark says, what sockwatch says)'
	status=1
}
exit $status
