/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parsers of the resolver: DNS answers, /etc/hosts, lists of servers, those of resolv.conf. The
 * first byte chooses the parser that gets the rest.
 */
#include <config.h>

#include <ares.h>
#include <arpa/nameser.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/resolver/resolv_conf.h>

#include "fuzz.h"
#include "memory_file.h"
#include "resolver/dns/answer.h"
#include "resolver/dns/servers.h"
#include "resolver/hosts.h"

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
check_ptr(const uint8_t *data, size_t len)
{
	struct answer_name name;
	uint32_t ttl_s;
	const int status = answer_read_ptr(data, len, &name);

	require(status != ARES_SUCCESS || name.name[0] != '\0');
	require(strnlen(name.name, sizeof name.name) < sizeof name.name);
	require(answer_words(status)[0] != '\0' || status == ARES_SUCCESS);
	(void)answer_is_to(data, len, "1.2.0.192.in-addr.arpa", ns_t_ptr);
	(void)answer_read_negative_ttl(data, len, &ttl_s);
}

static void
check_addresses(const uint8_t *data, size_t len, int type)
{
	struct answer_addresses addresses;
	const int status = answer_read_addresses(data, len, type, &addresses);

	require(addresses.count <= ANSWER_ADDRESSES_MAX);
	require((status == ARES_SUCCESS) == (addresses.count != 0));
	for (size_t i = 0; i < addresses.count; i++)
		require(address_is_v4(&addresses.list[i].address) || type == ns_t_aaaa);
	require(strnlen(addresses.canonical, sizeof addresses.canonical) <
		sizeof addresses.canonical);
}

static void
check_hosts(const char *text, size_t len)
{
	struct hosts hosts;

	hosts_init(&hosts);
	hosts_parse(&hosts, text, len);
	for (size_t i = 0; i < hosts.count; i++)
		require(hosts_find(&hosts, &hosts.names[i].address) == hosts.names[i].name);
	hosts_fini(&hosts);
}

static void
check_servers(const char *data, size_t len)
{
	char *const text = strndup(data, len);
	char out[SERVERS_TEXT_SIZE];
	struct servers servers, again;

	if (text != NULL && servers_parse(text, &servers, NULL) == 0) {
		servers_format(&servers.list[0], out, sizeof out);
		require(servers_parse(out, &again, NULL) == 0 && again.count == 1);
		require(again.list[0].port == servers.list[0].port);
	}
	free(text);
}

/* Those of a resolv.conf. */
static void
check_conf(const uint8_t *data, size_t len)
{
	const struct memory_file file = memory_file_make(data, len);
	char out[SERVERS_TEXT_SIZE];
	struct resolv_conf conf;
	struct servers servers;

	resolv_conf_read(file.path, &conf);
	servers_of_conf(&conf, &servers);
	require(servers.count >= 1 && servers.count <= SERVERS_MAX);
	for (size_t i = 0; i < servers.count; i++)
		require(servers_format(&servers.list[i], out, sizeof out) < sizeof out);
	close(file.fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t *copy;

	if (len < 2)
		return 0;
	/* A copy of the exact size, so that a sanitizer sees a step too far. */
	copy = malloc(len - 1);
	if (copy == NULL)
		return 0;
	memcpy(copy, data + 1, len - 1);
	switch (data[0]) {
	case 'p': check_ptr(copy, len - 1); break;
	case '4': check_addresses(copy, len - 1, ns_t_a); break;
	case '6': check_addresses(copy, len - 1, ns_t_aaaa); break;
	case 'h': check_hosts((const char *)copy, len - 1); break;
	case 'c': check_conf(copy, len - 1); break;
	case 's': check_servers((const char *)copy, len - 1); break;
	default: break;
	}
	free(copy);
	return 0;
}
