/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The families, a row each, in the order in which they are written. */
#include <config.h>

#include "metric_set.h"

/* clang-format off */
const struct metric_row metric_rows[METRIC_COUNT] = {
	[METRIC_SOCKETS] = {.name = "sockets", .labels = {"protocol", "family", "state"},
		.help = "Sockets, UDP too, by state."},
	[METRIC_ACCEPT_QUEUE] = {.name = "listener_accept_queue", .labels = {"port", "process"},
		.help = "Connections that wait for accept(), of all listeners of a port and a program."},
	[METRIC_BACKLOG] = {.name = "listener_backlog", .labels = {"port", "process"},
		.help = "Connections that may wait for accept()."},
	[METRIC_RECEIVE_QUEUE] = {.name = "receive_queue_bytes", .unit = "bytes", .labels = {"process"},
		.help = "Data that the program has not read yet."},
	[METRIC_SEND_QUEUE] = {.name = "send_queue_bytes", .unit = "bytes", .labels = {"process"},
		.help = "Data that the peers have not acknowledged yet."},
	[METRIC_PROCESS_SOCKETS] = {.name = "process_sockets", .labels = {"process", "state"},
		.help = "Sockets of all processes of a name."},
	[METRIC_CONNECTIONS] = {.name = "service_connections", .labels = {"port", "direction", "state"},
		.help = "TCP connections: in to our port that somebody listens on, or out to the port of a peer."},
	[METRIC_PORTS_USED] = {.name = "ephemeral_ports_used_ratio", .unit = "ratio", .labels = {"destination_port"},
		.rest = METRIC_REST_GONE,
		.help = "Local ports in use of those that connect() can get, of the fullest destination with this port."},
	[METRIC_RTT] = {.name = "rtt_seconds", .unit = "seconds", .labels = {"port", "quantile"},
		.rest = METRIC_REST_GONE,
		.help = "Smoothed round trip time of the connections of a service, by our own reckoning over those of now."},
	[METRIC_RETRANSMITTED] = {.name = "retransmitted_segments_ratio", .unit = "ratio", .labels = {"port", "quantile"},
		.rest = METRIC_REST_GONE,
		.help = "Segments sent again of all sent, over the life of each connection."},
	[METRIC_OPENED] = {.name = "sockets_opened", .is_counter = true,
		.help = "Sockets that were seen to appear since this program looks."},
	[METRIC_CLOSED] = {.name = "sockets_closed", .is_counter = true,
		.help = "Sockets that were seen to end since this program looks."},
	[METRIC_FINDING] = {.name = "finding", .labels = {"rule", "severity"},
		.help = "Findings of doctor that stand and are not accepted."},
	[METRIC_LOST] = {.name = "lost", .is_counter = true, .labels = {"what"},
		.help = "What was lost on the way from the kernel since this program looks."},
	[METRIC_RIGHT_MISSING] = {.name = "right_missing", .labels = {"right"},
		.help = "1: without this capability some figures are less exact."},
	[METRIC_SNAPSHOT_TIME] = {.name = "last_snapshot_timestamp_seconds", .unit = "seconds",
		.help = "When the kernel was asked, as Unix time."},
	[METRIC_TOOK] = {.name = "look_duration_seconds", .unit = "seconds",
		.help = "How long it took to ask the kernel and to judge."},
	[METRIC_BUILD] = {.name = "build_info", .labels = {"version", "kernel"},
		.help = "1, with the versions of sockwatch and of the kernel."},
	[METRIC_DROPPED] = {.name = "series_dropped", .labels = {"family"},
		.help = "Series above --limit: they are in the series other, or left out."},
};
/* clang-format on */
