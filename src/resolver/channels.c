/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a channel for each server, and opens all again when resolv.conf changed. */
#include <config.h>

#include "channels.h"

#include <errno.h>

#include <sockwatch/base/clock.h>

#define RESOLV_CONF_PATH "/etc/resolv.conf"

static int
open_files(struct channels *channels, struct error *error)
{
	char lookups[] = "f";
	struct ares_options files = {.lookups = lookups};
	const int status = ares_init_options(&channels->files, &files, ARES_OPT_LOOKUPS);

	if (status == ARES_SUCCESS)
		return 0;
	channels->files = NULL;
	error_set(error, "the resolver could not be set up: %s", ares_strerror(status));
	return -EINVAL;
}

static int
open_servers(struct channels *channels, struct error *error)
{
	const struct resolver_options *const options = &channels->options;
	struct servers servers;

	if (options->servers == NULL)
		servers_of_channel(channels->files, &servers);
	else if (servers_parse(options->servers, &servers, error) != 0)
		return -EINVAL;
	for (size_t i = 0; i < servers.count; i++) {
		char one[CHANNEL_SERVER_SIZE];
		int status;

		address_format_port(
			&servers.list[i].address, servers.list[i].port, one, sizeof one);
		status = channel_init(&channels->list[channels->count++], channels->loop, one,
			options->timeout_ms, options->tries);
		if (status != ARES_SUCCESS) {
			error_set(error, "the DNS server %s cannot be used: %s", one,
				ares_strerror(status));
			return -EINVAL;
		}
	}
	return 0;
}

static int
open_all(struct channels *channels, struct error *error)
{
	const int result = open_files(channels, error);

	return result == 0 ? open_servers(channels, error) : result;
}

static void
close_all(struct channels *channels)
{
	for (size_t i = 0; i < channels->count; i++) {
		channels->refused_before += channels->list[i].refused_sockets;
		channel_fini(&channels->list[i]);
	}
	channels->count = 0;
	if (channels->files != NULL)
		ares_destroy(channels->files);
	channels->files = NULL;
}

int
channels_init(struct channels *channels, struct loop *loop, const struct resolver_options *options,
	struct error *error)
{
	const int status = ares_library_init(ARES_LIB_INIT_ALL);

	*channels = (struct channels){.loop = loop, .options = *options};
	if (status != ARES_SUCCESS) {
		error_set(error, "the resolver could not be set up: %s", ares_strerror(status));
		return -EINVAL;
	}
	(void)file_mark_changed(&channels->resolv_conf, RESOLV_CONF_PATH, clock_monotonic_ns());
	return open_all(channels, error);
}

void
channels_fini(struct channels *channels)
{
	close_all(channels);
	ares_library_cleanup();
}

bool
channels_refresh(struct channels *channels, uint64_t now_ns)
{
	if (channels->options.servers != NULL ||
		!file_mark_changed(&channels->resolv_conf, RESOLV_CONF_PATH, now_ns))
		return false;
	close_all(channels);
	(void)open_all(channels, NULL);
	return true;
}

uint64_t
channels_refused(const struct channels *channels)
{
	uint64_t refused = channels->refused_before;

	for (size_t i = 0; i < channels->count; i++)
		refused += channels->list[i].refused_sockets;
	return refused;
}
