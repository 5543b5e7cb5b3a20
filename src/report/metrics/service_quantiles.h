/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quantiles of round trip times and retransmissions, of the services with most connections. */
#ifndef SOCKWATCH_REPORT_METRICS_SERVICE_QUANTILES_H
#define SOCKWATCH_REPORT_METRICS_SERVICE_QUANTILES_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/socket.h>

#include "metric_set.h"

/* So many services are told, of so many connections each. */
enum { SERVICES_MAX = 20, SERVICE_SAMPLES_MAX = 4096 };

struct service_samples {
	double values[SERVICE_SAMPLES_MAX];
	uint32_t count;
};

struct service {
	uint16_t port;
	struct service_samples rtt, retransmitted;
};

struct services {
	uint32_t connections[UINT16_MAX + 1]; /* by port */
	uint8_t places[UINT16_MAX + 1];       /* by port: in chosen, plus 1; 0: it is not there */
	struct service chosen[SERVICES_MAX];  /* by port, ascending */
	size_t count;
};

/* Removes all. */
void services_clear(struct services *services);
/* A connection of this port: first each is counted, */
void services_count(struct services *services, uint16_t port);
/* then the services with most are chosen; of equal ones those with the lower ports, */
void services_choose(struct services *services);
/* and then each connection of these gives its samples. */
void services_sample(struct services *services, uint16_t port, const struct socket_row *row);
/* Puts the quantiles into METRIC_RTT and METRIC_RETRANSMITTED. */
void services_print(struct services *services, struct metric_set *set);

#endif
