# SPDX-License-Identifier: GPL-2.0-or-later
# Reads what strace saw of a command; prints lines "ROLE CALL" for calls that were made in a sandbox, and
# "BREACH ROLE CALL" for one that ended a process. Processes are known by the names that they give themselves.
function load(pid) {
	# A collector is in the keeper's sandbox until it has its own.
	if (pid in is_child)
		role[pid] = "collector"
	# While hosts are looked up another one is in force, which is bounded by nobody's needs.
	is_in[pid] = !(pid in is_looking) || filters[pid]++ > 0
}
BEGIN {
	first = command == "collect" ? "collector" : "viewer"
	looks_up = command ~ /^(connect|probe|tcp|udp|path)$/
}
!($1 in role) {
	role[$1] = first
	if (looks_up)
		is_looking[$1] = 1
}
/prctl\(PR_SET_NAME, "sockwatch-keep/ {
	role[$1] = "keeper"
	is_in[$1] = 0
	delete is_looking[$1]
	next
}
/prctl\(PR_SET_NAME, "sockwatch-open/ {
	role[$1] = "opener"
	is_in[$1] = 0
	delete is_looking[$1]
	next
}
/prctl\(PR_SET_NAME, "sockwatch-coll/ { role[$1] = "keeper"; is_in[$1] = is_child[$1] = 1; delete is_looking[$1] }
/--- SIGSYS|killed by SIGSYS/ {
	if (!told[$1]++)
		print "BREACH", role[$1], last[$1]
	next
}
$2 ~ /^[-+]/ { next }
$2 == "<..." {
	if ($3 == "seccomp" && is_loading[$1] && / = 0$/)
		load($1)
	next
}
{
	name = $2
	sub(/\(.*/, "", name)
	last[$1] = name
	if (is_in[$1])
		print role[$1], name
	is_loading[$1] = name == "seccomp" && /SET_MODE_FILTER/
	if (is_loading[$1] && / = 0$/)
		load($1)
}
