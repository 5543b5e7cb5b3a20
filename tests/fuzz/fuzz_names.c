/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that say how names are found: resolv.conf, hosts and nsswitch.conf. The first byte
 * chooses the parser that gets the rest as a whole file.
 */
#include <config.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/resolver/nsswitch.h>
#include <sockwatch/resolver/resolv_conf.h>

#include "fuzz.h"
#include "memory_file.h"
#include "resolver/hosts.h"

enum { CANDIDATES_MAX = RESOLV_CONF_SEARCH_MAX + 2 };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
require_text(const char *text, size_t size)
{
	require(strnlen(text, size) < size);
}

/* The names to ask for come to an end, and none is cut. */
static void
check_candidates(const struct resolv_conf *conf, const char *name)
{
	char out[RESOLV_CONF_NAME_SIZE];
	size_t count = 0;

	while (resolv_conf_candidate(conf, name, count, out, sizeof out)) {
		require_text(out, sizeof out);
		require(strncmp(out, name, strlen(name)) == 0);
		require(++count < CANDIDATES_MAX);
	}
}

static void
check_resolv_conf(const uint8_t *data, size_t len)
{
	static const char *const names[] = {"a", "a.b", "a.", "a.b.c.d", ""};
	const struct memory_file file = memory_file_make(data, len);
	struct resolv_conf conf;

	resolv_conf_read(file.path, &conf);
	require(conf.error == 0 && conf.is_empty == (len == 0));
	require(conf.search_count <= RESOLV_CONF_SEARCH_MAX);
	for (size_t i = 0; i < conf.search_count; i++)
		require_text(conf.search[i], sizeof conf.search[i]);
	for (unsigned i = 0; i < conf.server_count && i < RESOLV_CONF_SERVERS_MAX; i++)
		require_text(conf.servers[i].zone, sizeof conf.servers[i].zone);
	require_text(conf.options, sizeof conf.options);
	require_text(conf.first_bad, sizeof conf.first_bad);
	require(conf.bad_servers != 0 || conf.first_bad[0] == '\0');
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		check_candidates(&conf, names[i]);
	close(file.fd);
}

static void
check_found(void *context, const struct address *address, const char *canonical)
{
	const struct hosts *const hosts = context;

	require(canonical[0] != '\0' && strlen(canonical) < HOSTS_NAME_SIZE);
	/* An address of the file has a name: the first that it was given there, unless it is cut.
	 */
	require(strlen(canonical) == HOSTS_NAME_SIZE - 1 || hosts_find(hosts, address) != NULL);
}

/* Both readers see the same file: what one finds by name, the other finds by address. */
static void
check_hosts(const uint8_t *data, size_t len)
{
	const struct memory_file file = memory_file_make(data, len);
	struct hosts hosts;

	hosts_init(&hosts);
	hosts_refresh(&hosts, file.path, 1);
	require(hosts.count <= HOSTS_NAMES_MAX);
	for (size_t i = 0; i < hosts.count; i++) {
		require(hosts_find(&hosts, &hosts.names[i].address) == hosts.names[i].name);
		require(strlen(hosts.names[i].name) < HOSTS_NAME_SIZE);
	}
	hosts_lookup(file.path, "localhost", check_found, &hosts);
	if (hosts.count != 0)
		hosts_lookup(file.path, hosts.names[0].name, check_found, &hosts);
	hosts_fini(&hosts);
	close(file.fd);
}

static void
check_nsswitch(const uint8_t *data, size_t len)
{
	char *const text = malloc(len != 0 ? len : 1);
	struct nsswitch nsswitch;

	require(text != NULL);
	memcpy(text, data, len);
	nsswitch_parse(text, len, &nsswitch);
	require_text(nsswitch.others, sizeof nsswitch.others);
	require(!nsswitch.is_invalid || (nsswitch.files_first && nsswitch.dns));
	require(!nsswitch.files_first || nsswitch.files_after == 0);
	require(nsswitch.files_after == 0 || nsswitch.dns);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	/* They would be read too. */
	unsetenv("RES_OPTIONS");
	unsetenv("LOCALDOMAIN");
	if (len < 1)
		return 0;
	switch (data[0]) {
	case 'r': check_resolv_conf(data + 1, len - 1); break;
	case 'h': check_hosts(data + 1, len - 1); break;
	case 'n': check_nsswitch(data + 1, len - 1); break;
	default: break;
	}
	return 0;
}
