/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host that a command is given: its addresses; and the end of our own that the options choose.
 * May block in the resolver: before the loop runs. Looks into the namespace that the process is in.
 */
#ifndef SOCKWATCH_APP_COMMAND_HOST_H
#define SOCKWATCH_APP_COMMAND_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/error.h>

#include "app/option/options.h"

enum { HOST_ADDRESSES_MAX = 32, HOST_NAME_SIZE = 256 };

/* Where from: what --source, --interface, -4 and -6 ask for, checked against each other. */
struct host_from {
	struct address source; /* ::, the kernel chooses */
	uint32_t interface;    /* index, or 0: as routed */
	int family;            /* 4, 6, or 0: either */
};

struct host {
	char name[HOST_NAME_SIZE]; /* as given */
	/* In the order of RFC 8305: the families alternate. */
	struct address addresses[HOST_ADDRESSES_MAX];
	size_t count;
	bool is_name;       /* it was looked up */
	uint64_t took_us;   /* how long that took */
	uint32_t interface; /* index, of fe80::1%eth0 or of `from`; or 0 */
};

/*
 * 0, or negative errno with a sentence: an interface that is not there, a source address that
 * cannot be bound, or options that contradict one another.
 */
int host_from_options(
	const struct options_probe *options, struct host_from *from, struct error *error);
/*
 * "fe80::1%eth0", or "%2", or an address without a zone (RFC 4007 section 11). *interface: what was
 * chosen before, or 0; becomes the zone's. 1: it is an address; 0: it is none; negative errno with
 * a sentence.
 */
int host_take_zone(
	const char *text, struct address *address, uint32_t *interface, struct error *error);
/* 0, or negative errno with a sentence. */
int host_find(
	const char *name, const struct host_from *from, struct host *host, struct error *error);

#endif
