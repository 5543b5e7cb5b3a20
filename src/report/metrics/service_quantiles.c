/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses services, and takes quantiles of their connections. */
#include <config.h>

#include "service_quantiles.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/model/tcp_info.h>

enum { PORT_SIZE = 8 };

void
services_clear(struct services *services)
{
	memset(services->connections, 0, sizeof services->connections);
	memset(services->places, 0, sizeof services->places);
	services->count = 0;
}

void
services_count(struct services *services, uint16_t port)
{
	services->connections[port]++;
}

/* The port takes its place among those with most so far, and the last one goes. */
static size_t
insert(const struct services *services, uint16_t ports[SERVICES_MAX], size_t count, uint16_t port)
{
	size_t at = count;

	while (at > 0 && services->connections[ports[at - 1]] < services->connections[port])
		at--;
	if (at == SERVICES_MAX)
		return count;
	count += count < SERVICES_MAX;
	memmove(&ports[at + 1], &ports[at], (count - at - 1) * sizeof *ports);
	ports[at] = port;
	return count;
}

static int
compare_ports(const void *a, const void *b)
{
	return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

void
services_choose(struct services *services)
{
	uint16_t ports[SERVICES_MAX];
	size_t count = 0;

	for (uint32_t port = 0; port <= UINT16_MAX; port++)
		if (services->connections[port] != 0)
			count = insert(services, ports, count, (uint16_t)port);
	qsort(ports, count, sizeof *ports, compare_ports);
	for (size_t i = 0; i < count; i++) {
		services->chosen[i].port = ports[i];
		services->chosen[i].rtt.count = services->chosen[i].retransmitted.count = 0;
		services->places[ports[i]] = (uint8_t)(i + 1);
	}
	services->count = count;
}

static void
add(struct service_samples *samples, double value)
{
	if (samples->count < SERVICE_SAMPLES_MAX)
		samples->values[samples->count++] = value;
}

void
services_sample(struct services *services, uint16_t port, const struct socket_row *row)
{
	uint64_t rtt_us, sent, again;
	struct service *service;

	if (services->places[port] == 0)
		return;
	service = &services->chosen[services->places[port] - 1];
	if (tcp_info_get(&row->tcp, TCP_INFO_rtt, &rtt_us))
		add(&service->rtt, (double)rtt_us / 1e6);
	if (tcp_info_get(&row->tcp, TCP_INFO_segs_out, &sent) && sent != 0 &&
		tcp_info_get(&row->tcp, TCP_INFO_total_retrans, &again))
		add(&service->retransmitted, (double)again / (double)sent);
}

static int
compare(const void *a, const void *b)
{
	const double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static void
print_quantiles(struct metric_set *set, enum metric_id id, const char *port,
	struct service_samples *samples)
{
	static const struct {
		const char *name;
		double part;
	} quantiles[] = {{"0.5", 0.5}, {"0.9", 0.9}, {"0.99", 0.99}};

	if (samples->count == 0)
		return;
	qsort(samples->values, samples->count, sizeof *samples->values, compare);
	for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
		const char *const values[] = {port, quantiles[i].name};

		metric_raise(set, id, values,
			samples->values[(uint32_t)(quantiles[i].part * samples->count)]);
	}
}

void
services_print(struct services *services, struct metric_set *set)
{
	for (size_t i = 0; i < services->count; i++) {
		struct service *const service = &services->chosen[i];
		char port[PORT_SIZE];

		snprintf(port, sizeof port, "%" PRIu16, service->port);
		print_quantiles(set, METRIC_RTT, port, &service->rtt);
		print_quantiles(set, METRIC_RETRANSMITTED, port, &service->retransmitted);
	}
}
