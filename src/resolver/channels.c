/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a channel for each server, and opens all again when resolv.conf changed. */
#include <config.h>

#include "channels.h"

#include <errno.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>

/* What resolv.conf says, or what this program asks for where it says nothing. */
static struct channel_settings
settings_of(const struct channels *channels)
{
	const struct resolv_conf *const conf = &channels->conf;

	return (struct channel_settings){.timeout_ms = conf->timeout_s != 0
							       ? conf->timeout_s * 1000
							       : channels->options.timeout_ms,
		.tries = conf->attempts != 0 ? conf->attempts : channels->options.tries,
		.by_tcp = conf->use_vc,
		.edns = conf->edns0};
}

static int
open_servers(struct channels *channels, struct error *error)
{
	const struct channel_settings settings = settings_of(channels);
	struct servers servers;

	if (channels->options.servers == NULL)
		servers_of_conf(&channels->conf, &servers);
	else if (servers_parse(channels->options.servers, &servers, error) != 0)
		return -EINVAL;
	for (size_t i = 0; i < servers.count; i++) {
		struct channel *const channel = &channels->list[channels->count++];
		int status;

		errno = ENOMEM; /* unless the kernel says more */
		status = channel_init(channel, channels->loop, &servers.list[i], &settings);
		if (status != ARES_SUCCESS) {
			error_set(error, "the DNS server %s cannot be used: %s", channel->server,
				status == ARES_ENOMEM ? file_words(errno) : ares_strerror(status));
			channel_fini(channel);
			channels->count--;
			return -EINVAL;
		}
	}
	return 0;
}

static int
open_all(struct channels *channels, struct error *error)
{
	resolv_conf_read(RESOLV_CONF_PATH, &channels->conf);
	return open_servers(channels, error);
}

static void
close_all(struct channels *channels)
{
	for (size_t i = 0; i < channels->count; i++) {
		channels->refused_before += channels->list[i].refused_sockets;
		channel_fini(&channels->list[i]);
	}
	channels->count = 0;
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
	(void)file_mark_changed(&channels->mark, RESOLV_CONF_PATH, clock_monotonic_ns());
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
		!file_mark_changed(&channels->mark, RESOLV_CONF_PATH, now_ns))
		return false;
	close_all(channels);
	/* Not all of them, for want of descriptors perhaps: as if the file changed again. */
	if (open_all(channels, NULL) != 0)
		file_mark_doubt(&channels->mark);
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
