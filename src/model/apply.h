/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What records do to the model, by kind. model_apply in apply.c is the one entry.
 */
#ifndef SOCKWATCH_MODEL_APPLY_H
#define SOCKWATCH_MODEL_APPLY_H

#include "model_private.h"

struct diag_socket;

/* Sockets as the kernel listed them. */
void apply_diag(struct model *model, const struct record *record);

/* apply_row.c */
/* All of a row but identity, state and rates. */
void apply_facts(struct model *model, struct socket_row *row, const struct diag_socket *from);
/* A new row with all its facts; whether its birth was seen is not among them. SOCKET_NONE: no room.
 */
uint32_t apply_new_row(struct model *model, struct netns_row *netns, uint8_t protocol,
	const struct diag_socket *from);
/* The row's first packet says when it began; without one that is not known. */
void apply_birth(struct model *model, struct socket_row *row);

void apply_dump_begin(struct model *model, const union message_body *body);
void apply_dump_end(struct model *model, const union message_body *body);
void apply_gone(struct model *model, const union message_body *body);

void apply_process(struct model *model, const union message_body *body);
void apply_process_gone(struct model *model, const union message_body *body);
void apply_owners(struct model *model, const union message_body *body);
void apply_descriptors(struct model *model, const union message_body *body);
void apply_user(struct model *model, const union message_body *body);
void apply_link(struct model *model, const union message_body *body);
void apply_cgroup(struct model *model, const union message_body *body);

/* apply_wire.c */
void apply_mptcp(struct model *model, const union message_body *body);
void apply_packets(struct model *model, const struct record *records, size_t count);
/* Gives the wire what is known of the row. */
void apply_note(struct model *model, uint32_t id);
/* The same for a row that a dump lacks: it is no sign that the connection goes on. */
void apply_note_last(struct model *model, uint32_t id);

/* apply_closing.c: the kernel has destroyed a socket. */
void apply_closing(struct model *model, struct netns_row *netns, const struct diag_socket *from);

/* apply_caller.c */
void apply_callers(struct model *model, const union message_body *body);
void apply_trace(struct model *model, const union message_body *body);

/* apply_probe.c */
void apply_probe_start(struct model *model, const union message_body *body);
void apply_probe_state(struct model *model, const union message_body *body);
void apply_probe_sent(struct model *model, const union message_body *body);
void apply_probe_answer(struct model *model, const union message_body *body);

/* cgroup_memory_rows.c */
void apply_cgroup_memory(struct model *model, const union message_body *body);

/* sysctl_settings.c */
void apply_sysctl_files(struct model *model, const union message_body *body);

/* model_sysctl.c */
void apply_sysctls(struct model *model, const union message_body *body);

#endif
