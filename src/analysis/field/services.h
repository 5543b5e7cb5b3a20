/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table that sockwatch/analysis/services.h looks into; its test fills one of its own. */
#ifndef SOCKWATCH_ANALYSIS_FIELD_SERVICES_H
#define SOCKWATCH_ANALYSIS_FIELD_SERVICES_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/text.h>

enum { SERVICES_MAX = 8192, SERVICES_NAME_MAX = 31 };

struct service {
	uint16_t port;
	uint8_t protocol; /* IPPROTO_TCP or IPPROTO_UDP */
	uint8_t alias;    /* 1: another name of the same port */
	uint8_t len;
	char name[SERVICES_NAME_MAX];
};

/* Sorted by port, protocol, alias. */
struct services {
	struct service *entries;
	size_t count;
};

/* Reads lines as services(5) describes them; other lines are skipped. */
void services_parse(struct services *services, const char *text, size_t len);
void services_fini(struct services *services);
struct text services_find_name(const struct services *services, uint16_t port, uint8_t protocol);
uint16_t services_find_port(const struct services *services, struct text name);

#endif
