/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of well-known ports, from /etc/services. The file is read once, when a name is first asked
 * for. Names live as long as the process.
 */
#ifndef SOCKWATCH_ANALYSIS_SERVICES_H
#define SOCKWATCH_ANALYSIS_SERVICES_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/text.h>

/* The name of the port for IPPROTO_TCP or IPPROTO_UDP; empty when it has none. */
struct text services_name(uint16_t port, uint8_t protocol);

/* The port of a name or alias, case ignored; 0 when there is none. */
uint16_t services_port(const char *name, size_t len);

#endif
