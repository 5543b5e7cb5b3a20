/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolv.conf(5) as the C library reads it (glibc's res_init.c), so that names are asked for as all
 * programs do: the first three servers, with their zones; the last search list; the options of all
 * lines added up; then what RES_OPTIONS and LOCALDOMAIN say. The resolver obeys it, and `resolve`
 * describes it.
 */
#ifndef SOCKWATCH_RESOLVER_RESOLV_CONF_H
#define SOCKWATCH_RESOLVER_RESOLV_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>

#define RESOLV_CONF_PATH "/etc/resolv.conf"

enum {
	RESOLV_CONF_SERVERS_MAX = 3, /* MAXNS of resolv.h */
	RESOLV_CONF_SEARCH_MAX = 32,
	RESOLV_CONF_NAME_SIZE = 256,
	RESOLV_CONF_OPTIONS_SIZE = 512,
};

struct resolv_conf_server {
	struct address address;
	uint32_t interface;           /* index, of fe80::1%eth0; or 0 */
	char zone[ADDRESS_ZONE_SIZE]; /* "" or "%eth0" as it was written */
};

struct resolv_conf {
	struct resolv_conf_server servers[RESOLV_CONF_SERVERS_MAX];
	unsigned server_count; /* of the file: may be more than are used */
	unsigned bad_servers;
	char first_bad[64]; /* clean */
	char search[RESOLV_CONF_SEARCH_MAX][RESOLV_CONF_NAME_SIZE];
	size_t search_count;
	bool search_is_of_host; /* nobody names a list: the domain of this host's own name */
	char options[RESOLV_CONF_OPTIONS_SIZE]; /* all words, not clean */
	unsigned ndots;
	unsigned timeout_s, attempts; /* 0: not given */
	bool rotate, use_vc, edns0, no_aaaa, no_tld_query;
	bool is_empty; /* not a byte */
	int error;     /* errno: it cannot be read */
};

/* Never fails: without a file there are the defaults, and `error`. */
void resolv_conf_read(const char *path, struct resolv_conf *conf);

/*
 * The i-th name that is asked for when the user wants `name` (resolver(5): search, ndots), as long
 * as the ones before had no answer. False: there are no more.
 */
bool resolv_conf_candidate(
	const struct resolv_conf *conf, const char *name, size_t i, char *out, size_t size);

#endif
