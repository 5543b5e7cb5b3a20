/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fills the families from the model, from what listens, from the ports and from doctor.
 *   metric_table.c  the families
 *   service_quantiles.c  quantiles of the connections of services
 *   metric_set.c    their series, limits, and how they are written
 */
#include <config.h>

#include <sockwatch/report/metrics.h>

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/listener.h>
#include <sockwatch/analysis/ports/port_budget.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/needs.h>
#include <sockwatch/stream/rights.h>

#include "metric_set.h"
#include "service_quantiles.h"

enum { PORT_SIZE = 8 };

struct metrics {
	struct metrics_options options;
	struct metric_set set;
	struct listener_table listeners;
	struct services services;
};

struct metrics *
metrics_new(const struct metrics_options *options)
{
	struct metrics *const metrics = calloc(1, sizeof *metrics);

	if (metrics == NULL)
		return NULL;
	metrics->options = *options;
	listener_table_init(&metrics->listeners);
	if (metric_set_init(&metrics->set) == 0)
		return metrics;
	metrics_free(metrics);
	return NULL;
}

void
metrics_free(struct metrics *metrics)
{
	if (metrics == NULL)
		return;
	metric_set_fini(&metrics->set);
	listener_table_fini(&metrics->listeners);
	free(metrics);
}

uint64_t
metrics_needs(void)
{
	return NEED_SOCKETS | NEED_TCP_INFO | NEED_MEMORY | NEED_OWNERS | NEED_COUNTERS;
}

static const char *
process_of(const struct model *model, const struct socket_row *row)
{
	const struct process_row *const process = model_socket_process(model, row);

	return process != NULL ? model_text(model, process->comm) : NULL;
}

static void
add_socket(struct metric_set *set, const struct model *model, const struct socket_row *row)
{
	const char *const state = socket_state_name(row);
	const char *const process = process_of(model, row);
	const char *const kinds[] = {row->protocol == IPPROTO_TCP ? "tcp" : "udp",
		row->family == AF_INET6 ? "ipv6" : "ipv4", state};
	const char *const names[] = {process, state};

	metric_add(set, METRIC_SOCKETS, kinds, 1);
	if (process == NULL)
		return;
	metric_add(set, METRIC_PROCESS_SOCKETS, names, 1);
	if (row->state == TCP_STATE_LISTEN)
		return;
	metric_add(set, METRIC_RECEIVE_QUEUE, names, row->receive_queue);
	metric_add(set, METRIC_SEND_QUEUE, names, row->send_queue);
}

static bool
is_listened_on(const struct metrics *metrics, uint16_t port)
{
	return (metrics->listeners.ports[port / 8] >> port % 8 & 1) != 0;
}

/* The port of the service that a connection is to or from; *is_in: it is ours. */
static uint16_t
service_port(const struct metrics *metrics, const struct socket_row *row, bool *is_in)
{
	*is_in = is_listened_on(metrics, row->local_port);
	return *is_in ? row->local_port : row->remote_port;
}

static bool
is_connection(const struct socket_row *row)
{
	return row->protocol == IPPROTO_TCP && row->state != TCP_STATE_LISTEN &&
	       row->remote_port != 0;
}

static void
add_connection(struct metrics *metrics, const struct socket_row *row)
{
	bool is_in;
	const uint16_t number = service_port(metrics, row, &is_in);
	char port[PORT_SIZE];
	const char *const values[] = {port, is_in ? "in" : "out", tcp_state_name(row->state)};

	snprintf(port, sizeof port, "%" PRIu16, number);
	metric_add(&metrics->set, METRIC_CONNECTIONS, values, 1);
	services_count(&metrics->services, number);
}

static bool
is_alive(const struct socket_row *row)
{
	return (row->flags & (SOCKET_FREE | SOCKET_CLOSED)) == 0;
}

static void
add_sockets(struct metrics *metrics, const struct model *model)
{
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if (!is_alive(row))
			continue;
		add_socket(&metrics->set, model, row);
		if (is_connection(row))
			add_connection(metrics, row);
	}
}

static void
add_services(struct metrics *metrics, const struct model *model)
{
	services_choose(&metrics->services);
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);
		bool is_in;

		if (is_alive(row) && is_connection(row))
			services_sample(
				&metrics->services, service_port(metrics, row, &is_in), row);
	}
	services_print(&metrics->services, &metrics->set);
}

static void
add_listeners(struct metrics *metrics, const struct model *model)
{
	for (uint32_t i = 0; i < listener_table_count(&metrics->listeners); i++) {
		const struct listener *const listener = listener_table_at(&metrics->listeners, i);
		const struct socket_row *const row = listener_socket(model, listener);
		const char *const process = row != NULL ? process_of(model, row) : NULL;
		char port[PORT_SIZE];
		const char *const values[] = {port, process != NULL ? process : ""};

		if (row == NULL)
			continue;
		snprintf(port, sizeof port, "%" PRIu16, row->local_port);
		metric_add(&metrics->set, METRIC_ACCEPT_QUEUE, values, listener->accept_queue);
		metric_add(&metrics->set, METRIC_BACKLOG, values, listener->backlog);
	}
}

static void
add_ports(struct metric_set *set, const struct port_budget *budget)
{
	for (uint32_t i = 0; budget != NULL && i < budget->destinations.count; i++) {
		const struct destination *const destination = keyed_at(&budget->destinations, i);
		const struct port_space *const space =
			port_budget_space(budget, destination->key.netns);
		char port[PORT_SIZE];
		const char *const values[] = {port};

		if (space == NULL || !space->is_known || space->usable == 0)
			continue;
		snprintf(port, sizeof port, "%" PRIu32, destination->key.port);
		metric_raise(set, METRIC_PORTS_USED, values,
			(double)(destination->used - destination->reusable) / space->usable);
	}
}

static void
add_findings(struct metric_set *set, const struct doctor *doctor)
{
	size_t count;
	const struct finding *const *const findings = doctor_findings(doctor, &count);

	for (size_t i = 0; i < count; i++) {
		const char *const values[] = {
			findings[i]->rule, finding_severity_name(findings[i]->severity)};

		if (findings[i]->over_ns == 0 && !findings[i]->is_accepted)
			metric_add(set, METRIC_FINDING, values, 1);
	}
}

static void
add_losses(struct metric_set *set, const struct model *model)
{
	static const char *const names[LOSS_COUNT] = {
		[LOSS_NETLINK] = "netlink",
		[LOSS_TRUNCATED] = "truncated",
		[LOSS_PROCESSES] = "processes",
		[LOSS_PACKETS] = "packets",
		[LOSS_CLOSINGS] = "closings",
		[LOSS_BOUNDED] = "bounded",
		[LOSS_CALLERS] = "callers",
		[LOSS_REQUESTS] = "requests",
	};

	for (size_t i = 0; i < LOSS_COUNT; i++)
		metric_add(set, METRIC_LOST, &names[i], (double)model->losses[i]);
}

static void
add_rights(struct metric_set *set, const struct model *model)
{
	static const struct {
		const char *name;
		uint32_t right;
	} rights[] = {{"CAP_NET_ADMIN", RIGHT_NET_ADMIN}, {"CAP_SYS_PTRACE", RIGHT_SYS_PTRACE},
		{"CAP_DAC_READ_SEARCH", RIGHT_DAC_READ_SEARCH}};

	for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
		metric_add(set, METRIC_RIGHT_MISSING, &rights[i].name,
			(model->host.rights & rights[i].right) == 0);
}

static void
add_ourselves(struct metrics *metrics, const struct model *model, double took_s)
{
	struct metric_set *const set = &metrics->set;
	const char *const build[] = {model->host.version, model->host.kernel};

	if (metrics->options.has_counters) {
		metric_add_plain(set, METRIC_OPENED, (double)model->opened);
		metric_add_plain(set, METRIC_CLOSED, (double)model->closed);
		add_losses(set, model);
	}
	add_rights(set, model);
	metric_add_plain(set, METRIC_SNAPSHOT_TIME,
		(double)model_wall_ns(model, model->now_ns) / CLOCK_NS_PER_S);
	if (took_s >= 0)
		metric_add_plain(set, METRIC_TOOK, took_s);
	metric_add(set, METRIC_BUILD, build, 1);
}

bool
metrics_print(struct metrics *metrics, const struct model *model, const struct doctor *doctor,
	double took_s, struct buffer *out)
{
	metric_set_clear(&metrics->set);
	services_clear(&metrics->services);
	listener_table_update(&metrics->listeners, model);
	add_sockets(metrics, model);
	add_services(metrics, model);
	add_listeners(metrics, model);
	add_ports(&metrics->set, doctor_ports(doctor));
	add_findings(&metrics->set, doctor);
	add_ourselves(metrics, model, took_s);
	if (!metrics->set.failed)
		metric_set_print(&metrics->set, &metrics->options, out);
	return !metrics->set.failed && !out->failed;
}
