/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Troubles of programs that keep connections: not closed, silent, or opened again beside the old
 * one. */
#include <config.h>

#include "trouble.h"

#include <netinet/tcp.h>
#include <stdlib.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum { MQTT_PORT = 1883, MODBUS_PORT = 9502, DEVICES_MAX = 250, KEPT_S = 30 };

static const double restart_s = 2.5;

static struct pace pace;
static unsigned opened;

static void
listen_here(struct trouble *trouble, uint16_t port)
{
	trouble->listener = lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY, port, 1024);
}

static void
connect_one(struct trouble *trouble, uint16_t port)
{
	ends_add(&trouble->far, lab_connect_in(&trouble->lab, LAB_NET_BAD, 1 + opened % 100, port));
	opened++;
}

static void
make_close_wait(struct trouble *trouble)
{
	listen_here(trouble, TROUBLE_PORT);
	while (opened < trouble->size)
		connect_one(trouble, TROUBLE_PORT);
}

/* The program reads the end of each, and does not close it. A few more come. */
static void
keep_close_wait(struct trouble *trouble)
{
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->is_large ? 5 : 1);

	for (; due != 0; due--)
		connect_one(trouble, TROUBLE_PORT);
	ends_accept(&trouble->near, trouble->listener);
	ends_close_older(&trouble->far, CLOCK_NS_PER_S / 5, false);
	ends_read(&trouble->near);
}

static bool
has_close_wait(struct trouble *trouble)
{
	return proc_state(&trouble->lab, TCP_CLOSE_WAIT, TROUBLE_PORT) >= trouble->size;
}

static void
make_silent(struct trouble *trouble)
{
	listen_here(trouble, MQTT_PORT);
	while (opened < trouble->size)
		connect_one(trouble, MQTT_PORT);
}

static void
make_keepalive_sysctl(struct trouble *trouble)
{
	lab_sysctl(&trouble->lab, "ipv4/tcp_keepalive_time", "60");
	lab_sysctl(&trouble->lab, "ipv4/tcp_keepalive_intvl", "20");
	lab_sysctl(&trouble->lab, "ipv4/tcp_keepalive_probes", "3");
	make_silent(trouble);
}

static void
keep_silent(struct trouble *trouble)
{
	ends_accept(&trouble->near, trouble->listener);
}

/* When all stand, the peers are gone. */
static bool
is_silent(struct trouble *trouble)
{
	if (trouble->near.count < trouble->size)
		return false;
	trouble->lab.wire->cut_to_near = true;
	trouble->lab.wire->cut_to_far = true;
	return proc_state(&trouble->lab, TCP_ESTABLISHED, MQTT_PORT) == trouble->size;
}

/*
 * Devices that are restarted again and again and never close: each opens a new connection every few
 * seconds, and only the newest talks. Our program closes the oldest when there are too many.
 */
static struct ends devices[DEVICES_MAX];

static void
make_reconnecting(struct trouble *trouble)
{
	check(trouble->size <= DEVICES_MAX, "too many devices");
	listen_here(trouble, MODBUS_PORT);
}

static void
talk(const struct ends *device)
{
	struct ends newest;

	if (device->count == 0)
		return;
	newest = (struct ends){.items = &device->items[device->count - 1], .count = 1};
	ends_read(&newest);
	ends_write(&newest, 12);
}

static void
keep_reconnecting(struct trouble *trouble)
{
	static struct pace talks;
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->size / restart_s);

	ends_accept(&trouble->near, trouble->listener);
	ends_echo(&trouble->near);
	ends_close_older(&trouble->near, KEPT_S * CLOCK_NS_PER_S, false);
	for (; due != 0; due--, opened++)
		ends_add(&devices[opened % trouble->size],
			lab_connect_in(&trouble->lab, LAB_NET_BAD, 1 + opened % trouble->size,
				MODBUS_PORT));
	if (pace_due(&talks, trouble->now_ns, 2) == 0)
		return;
	for (unsigned i = 0; i < trouble->size; i++)
		talk(&devices[i]);
}

/* Each device has at least three that are silent, beside the one that talks. */
static bool
has_stale(struct trouble *trouble)
{
	unsigned stale = 0;

	for (unsigned i = 0; i < trouble->near.count; i++)
		stale += trouble_info(trouble->near.items[i].fd).tcpi_last_data_recv > 2000;
	return stale >= 4 * trouble->size;
}

static const struct kind kinds[] = {
	{"close-wait", 40, 300, "sockets in CLOSE-WAIT", false, make_close_wait, has_close_wait,
		keep_close_wait, NULL},
	{"half-open-idle", 60, 120, "silent connections", false, make_silent, is_silent,
		keep_silent, NULL},
	{"keepalive-sysctl", 20, 60, "silent connections", false, make_keepalive_sysctl, is_silent,
		keep_silent, NULL},
	{"reconnecting", 4, 8, "devices", false, make_reconnecting, has_stale, keep_reconnecting,
		NULL},
};

const struct kind_table leak_kinds = {kinds, sizeof kinds / sizeof kinds[0]};
