/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The named choices of columns of the socket table. */
#include <config.h>

#include <string.h>

#include <sockwatch/analysis/field.h>

const struct field_set socket_field_sets[] = {
	{
		.name = "default",
		.help = "the monitor",
		.fields =
			"state,queue_in,queue_out,local,remote,rtt,retrans_total,drops,send_rate,recv_rate,age,owner",
	},
	{
		.name = "list",
		.help = "the text of sockwatch list",
		.fields = "proto,state,queue_in,queue_out,local,remote,rtt,retrans_total,owner",
	},
	{
		.name = "listeners",
		.help = "listeners, and whether they keep up",
		.fields = "proto,local,accept_queue,backlog,drops,interface,service,user,age,owner",
	},
	{
		.name = "health",
		.help = "round trips, windows, loss",
		.fields =
			"state,local,remote,rtt,rtt_var,min_rtt,rto,cwnd,ssthresh,unacked,lost,retrans_total,timer,timer_ms,idle,owner",
	},
	{
		.name = "traffic",
		.help = "how much, how fast, and what holds it up",
		.fields =
			"local,remote,send_rate,recv_rate,bytes_sent,bytes_received,delivery_rate,"
			"queue_in,queue_out,busy,rwnd_limited,sndbuf_limited,owner",
	},
	{
		.name = "owners",
		.help = "users and processes of the sockets",
		.fields = "proto,state,local,remote,user,pid,process,unit,container,cmdline",
	},
};

const size_t socket_field_set_count = sizeof socket_field_sets / sizeof socket_field_sets[0];

const char *
field_set_find(const char *name)
{
	for (size_t i = 0; i < socket_field_set_count; i++) {
		if (strcmp(socket_field_sets[i].name, name) == 0)
			return socket_field_sets[i].fields;
	}
	return NULL;
}
