/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host that a command is given: its addresses. May block in the resolver: before the loop runs.
 */
#ifndef SOCKWATCH_APP_COMMAND_HOST_H
#define SOCKWATCH_APP_COMMAND_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/error.h>

enum { HOST_ADDRESSES_MAX = 32, HOST_NAME_SIZE = 256 };

struct host {
	char name[HOST_NAME_SIZE]; /* as given */
	/* In the order of RFC 8305: the families alternate. */
	struct address addresses[HOST_ADDRESSES_MAX];
	size_t count;
	bool is_name;       /* it was looked up */
	uint64_t took_us;   /* how long that took */
	uint32_t interface; /* index, of fe80::1%eth0; or 0 */
};

/* family: 4, 6, or 0 for either. 0, or negative errno with a sentence. */
int host_find(const char *name, int family, struct host *host, struct error *error);

#endif
