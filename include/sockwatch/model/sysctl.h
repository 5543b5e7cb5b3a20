/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's settings as the collector read them, by network namespace. Written by the model from
 * MESSAGE_SYSCTLS; <sockwatch/stream/sysctl.h> has the table of their names and scopes.
 *
 * netns is our number of a namespace, as in struct socket_row. It is ignored for a sysctl that the
 * machine has once (SYSCTL_OF_MACHINE), which is read where the collector runs: so it is absent
 * when that is a container.
 */
#ifndef SOCKWATCH_MODEL_SYSCTL_H
#define SOCKWATCH_MODEL_SYSCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/text.h>
#include <sockwatch/stream/sysctl.h>

struct model;

enum sysctl_state {
	SYSCTL_NOT_READ, /* nothing is known: not asked for yet, or no right to enter or to read */
	SYSCTL_ABSENT,   /* the kernel has none of this name, or does not show it there */
	SYSCTL_KNOWN,
};

enum sysctl_state model_sysctl_state(const struct model *model, uint16_t netns, enum sysctl sysctl);

/* Its number, or the first of several. false: it is not known, or is no number. */
bool model_sysctl(const struct model *model, uint16_t netns, enum sysctl sysctl, uint64_t *value);

/*
 * The numbers of one that has several (ip_local_port_range: low, high; tcp_mem: low, pressure,
 * high, in pages; tcp_rmem: min, default, max, in bytes). How many were written to numbers; 0: not
 * known.
 */
size_t model_sysctl_numbers(const struct model *model, uint16_t netns, enum sysctl sysctl,
	uint64_t *numbers, size_t max);

/* As the kernel printed it, without the newline; NULL: not known. Lives until the next record. */
const char *model_sysctl_text(const struct model *model, uint16_t netns, enum sysctl sysctl);

/* Ports of ip_local_reserved_ports. */
struct sysctl_ports {
	uint16_t first, last;
};

/*
 * Cuts the next port or range off the text of ip_local_reserved_ports ("8080,9000-9010"). false at
 * the end; what is no range is skipped.
 */
bool sysctl_next_ports(struct text *rest, struct sysctl_ports *ports);
/* The list was longer than SYSCTL_VALUE_MAX, so that some of its ports are missing. */
bool sysctl_is_cut(const char *text);

#endif
