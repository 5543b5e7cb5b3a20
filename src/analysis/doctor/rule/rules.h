/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of each subject. */
#ifndef SOCKWATCH_ANALYSIS_DOCTOR_RULE_RULES_H
#define SOCKWATCH_ANALYSIS_DOCTOR_RULE_RULES_H

#include "analysis/doctor/rule.h"

extern const struct rule_table answer_rules;  /* rule_answer.c: data without an answer */
extern const struct rule_table client_rules;  /* rule_client.c: programs that began to connect */
extern const struct rule_table closing_rules; /* rule_closing.c: FINs without an answer */
extern const struct rule_table connect_rules; /* rule_connect.c: connects that are not answered */
extern const struct rule_table flow_rules;    /* rule_flow.c: who does not read or send */
extern const struct rule_table leak_rules;    /* rule_leak.c: what a program does not close */
extern const struct rule_table port_rules;    /* rule_ports.c: local ports that run out */
extern const struct rule_table queue_rules;   /* rule_queue.c: half-open and accept queues */

extern const struct rule_table listener_rules;  /* rule_listener.c: new and open ones */
extern const struct rule_table path_rules;      /* rule_path.c: loss and delay */
extern const struct rule_table reconnect_rules; /* rule_reconnect.c: devices without a FIN */
extern const struct rule_table reset_rules;     /* rule_reset.c: by whom */
extern const struct rule_table scan_rules;      /* rule_scan.c: what the capture shows */
extern const struct rule_table silent_rules; /* rule_silent.c: connections without a sign of life */
extern const struct rule_table limit_rules;  /* rule_limit.c: descriptors, connection tracking */
extern const struct rule_table memory_rules; /* rule_memory.c: memory of TCP */
extern const struct rule_table orphan_rules; /* rule_orphan.c: closed and not finished */
extern const struct rule_table sysctl_rules; /* rule_sysctl.c: settings that mislead */
extern const struct rule_table udp_rules;    /* rule_udp.c: datagrams that nobody reads */
extern const struct rule_table room_rules;   /* rule_room.c: what doctor had no room for */

#endif
