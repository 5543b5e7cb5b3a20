/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of rules, a subject each. A new subject adds its table here.
 *
 *	rule_queue.c  half-open and accept queues of listeners
 *	rule_leak.c   what a program does not close
 *	rule_closing.c  FINs without an answer
 *	rule_connect.c  connects without an answer
 *	rule_flow.c   who does not read, and who cannot send
 *	rule_path.c   loss and delay, by remote network
 *	rule_answer.c  data without an answer
 *	rule_reconnect.c  devices that reconnect without a FIN
 *	rule_reset.c  connections that end by a RST, by whom
 *	rule_scan.c   scans and illegal flags, as the capture shows them
 *	rule_client.c  programs that began to connect out
 *	rule_listener.c  listeners that are new or open to all
 *	rule_ports.c  local ports that run out, and TIME-WAITs
 *	rule_silent.c  connections without a sign of life
 *	rule_limit.c  descriptors and the connection tracking table
 *	rule_memory.c  memory of TCP, of the machine and of cgroups
 *	rule_orphan.c  what programs have closed and the kernel has not finished
 *	rule_sysctl.c  settings that do not do what old advice says
 *	rule_udp.c  datagrams that nobody reads
 *	rule_room.c  what doctor itself had no room for; the last, as it counts what the others had
 *not
 */
#include <config.h>

#include "rules.h"

const struct rule_table *const rule_tables[] = {
	&queue_rules,
	&leak_rules,
	&closing_rules,
	&connect_rules,
	&flow_rules,
	&silent_rules,
	&reconnect_rules,
	&path_rules,
	&answer_rules,
	&reset_rules,
	&scan_rules,
	&listener_rules,
	&client_rules,
	&port_rules,
	&limit_rules,
	&memory_rules,
	&udp_rules,
	&orphan_rules,
	&sysctl_rules,
	&room_rules,
};
const size_t rule_table_count = sizeof rule_tables / sizeof rule_tables[0];
