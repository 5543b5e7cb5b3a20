#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make soak: the monitor over 1,000 refreshes with churn. Prints the resident memory of both halves every hundred
# refreshes; it must be flat. Needs root (for the namespace); takes some minutes.
set -eu
bin=${builddir:-.}
refreshes=${REFRESHES:-1000}
if [ "${SOCKWATCH_BENCH_INSIDE:-}" != yes ]; then
	SOCKWATCH_BENCH_INSIDE=yes exec unshare --net "$0" "$@"
fi
ip link set lo up
work=$(mktemp -d)
tmux="tmux -L sockwatch-soak-$$ -f /dev/null"
trap '$tmux kill-server 2>/dev/null || :; rm -rf "$work"' EXIT INT TERM
mkfifo "$work/end"
"$bin/tests/bench/populate" -c "${CHURN:-200}" 2000 20 <"$work/end" >"$work/ready" &
populate=$!
exec 9>"$work/end"
until grep -q ready "$work/ready"; do
	kill -0 $populate
	sleep 0.2
done
$tmux new-session -d -x 120 -y 40 "exec $bin/sockwatch -d 0.1"
sleep 2
viewer=$($tmux list-panes -F '#{pane_pid}')
tree="$viewer $(pgrep -P "$viewer") $(pgrep -P "$(pgrep -P "$viewer")")"
printf '%10s %12s\n' refreshes 'RSS KiB'
done=0
while [ $done -le "$refreshes" ]; do
	rss=0
	for pid in $tree; do
		rss=$((rss + $(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")))
	done
	printf '%10d %12d\n' $done $rss
	done=$((done + 100))
	sleep 10
done
$tmux send-keys q
exec 9>&-
wait $populate
