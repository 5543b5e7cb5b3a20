/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch connect`: can I connect? Every address of the host, one after the other. */
#include <config.h>

#include "commands.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/services.h>
#include <sockwatch/base/errno_words.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/collector/handshake.h>
#include <sockwatch/collector/netns.h>
#include <sockwatch/collector/privileges.h>
#include <sockwatch/model/path.h>

#include "host.h"
#include "output.h"

enum { TIMEOUT_MS = 10000 };

struct connecting {
	const struct options *options;
	struct host host;
	uint16_t port;
	struct address source;
	struct loop *loop;
	struct output output;
	size_t tried;
	bool is_connected; /* one of them */
	struct error error;
};

static const char *
icmp_words(const struct connecting *connecting, const struct handshake_result *result)
{
	const struct address *const target = &connecting->host.addresses[connecting->tried];
	const char *const words = path_icmp_words(
		address_is_v4(target) ? AF_INET : AF_INET6, result->icmp_type, result->icmp_code);

	return words != NULL ? words : "ICMP error";
}

/* Number, name and meaning; of an errno that is in no table, what the C library says. */
static void
append_error(struct buffer *out, const struct handshake_result *result)
{
	const struct errno_words *const words = errno_words_find(result->error);

	if (words == NULL)
		buffer_append_format(out, "errno %d: %s", result->error, strerror(result->error));
	else
		buffer_append_format(
			out, "%s (%d): %s", words->name, result->error, words->meaning);
}

static void
print_text(struct connecting *connecting, const struct handshake_result *result)
{
	const bool is_v6 = !address_is_v4(&connecting->host.addresses[connecting->tried]);
	struct buffer *const out = &connecting->output.buffer;
	char address[ADDRESS_TEXT_SIZE], from[ADDRESS_TEXT_SIZE];

	address_format(&connecting->host.addresses[connecting->tried], address, sizeof(address));
	buffer_append_format(out, is_v6 ? "[%s]:%u  " : "%s:%u  ", address, connecting->port);
	if (result->error == 0) {
		const uint64_t us = result->rtt_us != 0 ? result->rtt_us : result->took_us;
		buffer_append_format(out, "connected in %.3f ms", (double)us / 1000);
		address_format(&result->local, from, sizeof(from));
		buffer_append_format(
			out, is_v6 ? ", from [%s]:%u" : ", from %s:%u", from, result->local_port);
	} else {
		append_error(out, result);
	}
	if (result->has_icmp) {
		address_format(&result->icmp_from, from, sizeof(from));
		buffer_append_format(out, " (%s says: %s)", from, icmp_words(connecting, result));
	}
	if (result->error == ETIMEDOUT)
		buffer_append_format(out, " (no answer in %.1f s)", (double)result->took_us / 1e6);
	if (result->repeats != 0)
		buffer_append_format(out, "; SYN sent %u times", result->repeats + 1);
	buffer_append_char(out, '\n');
}

static void
append_key_text(struct buffer *out, const char *key, const char *text)
{
	buffer_append_format(out, ",\"%s\":", key);
	json_text(out, text_of(text));
}

static void
print_json(struct connecting *connecting, const struct handshake_result *result)
{
	const struct errno_words *const words = errno_words_find(result->error);
	struct buffer *const out = &connecting->output.buffer;
	char address[ADDRESS_TEXT_SIZE];

	address_format(&connecting->host.addresses[connecting->tried], address, sizeof(address));
	buffer_append_text(out, "{\"host\":");
	json_text(out, text_of(connecting->host.name));
	append_key_text(out, "address", address);
	buffer_append_format(out, ",\"port\":%u,\"connected\":%s,\"took_us\":%llu",
		connecting->port, result->error == 0 ? "true" : "false",
		(unsigned long long)result->took_us);
	if (result->error == 0) {
		buffer_append_format(out, ",\"handshake_us\":%llu",
			(unsigned long long)(result->rtt_us != 0 ? result->rtt_us
								 : result->took_us));
		address_format(&result->local, address, sizeof(address));
		append_key_text(out, "local_addr", address);
		buffer_append_format(out, ",\"local_port\":%u", result->local_port);
	} else {
		buffer_append_format(out, ",\"errno\":%d", result->error);
		if (words != NULL)
			append_key_text(out, "error", words->name);
		append_key_text(
			out, "meaning", words != NULL ? words->meaning : strerror(result->error));
	}
	if (result->has_icmp) {
		address_format(&result->icmp_from, address, sizeof(address));
		append_key_text(out, "icmp_from", address);
		append_key_text(out, "icmp", icmp_words(connecting, result));
	}
	buffer_append_format(out, ",\"syn_sent\":%u}\n", result->repeats + 1);
}

static void try_next(struct connecting *connecting);

static void
on_done(void *context, const struct handshake_result *result)
{
	struct connecting *const connecting = context;

	if (result->error == 0)
		connecting->is_connected = true;
	if (connecting->options->format == REPORT_JSON)
		print_json(connecting, result);
	else
		print_text(connecting, result);
	connecting->tried++;
	if (output_write(&connecting->output, true, &connecting->error) != 0 ||
		connecting->output.closed)
		loop_stop(connecting->loop, 0);
	else
		try_next(connecting);
}

static void
try_next(struct connecting *connecting)
{
	const uint32_t timeout_ms = connecting->options->probe.timeout_ms;
	struct handshake_options options = {.source = connecting->source,
		.port = connecting->port,
		.timeout_ms = timeout_ms != 0 ? timeout_ms : TIMEOUT_MS};

	if (connecting->tried == connecting->host.count) {
		loop_stop(connecting->loop, 0);
		return;
	}
	options.target = connecting->host.addresses[connecting->tried];
	if (handshake_start(connecting->loop, &options, on_done, connecting) == NULL) {
		error_set(&connecting->error, "cannot connect: %s", strerror(errno));
		loop_stop(connecting->loop, -errno);
	}
}

static int
take_port(struct connecting *connecting, const char *text, struct error *error)
{
	uint64_t port;

	if (number_parse(text, 1, UINT16_MAX, &port) == 0)
		connecting->port = (uint16_t)port;
	else
		connecting->port = services_port(text, strlen(text));
	if (connecting->port != 0)
		return 0;
	error_set(error,
		"\"%s\" is no port: a number from 1 to 65535, or a name of /etc/services, would be",
		text);
	return -EINVAL;
}

/* HOST PORT, or HOST:PORT as it is often copied. */
static int
take_words(struct connecting *connecting, struct error *error)
{
	char *const words = connecting->options->words;
	char *separator = strchr(words, ' ');

	if (separator == NULL && strchr(words, ':') == strrchr(words, ':'))
		separator = strchr(words, ':');
	if (separator == NULL || separator == words || strchr(separator + 1, ' ') != NULL) {
		error_set(error, "connect needs a host and a port: `sockwatch connect "
				 "example.org 443`");
		return -EINVAL;
	}
	*separator = '\0';
	if (take_port(connecting, separator + 1, error) != 0)
		return -EINVAL;
	return host_find(words, connecting->options->probe.family, &connecting->host, error);
}

static int
prepare(struct connecting *connecting)
{
	const struct options *const options = connecting->options;
	struct error *const error = &connecting->error;

	if (take_words(connecting, error) != 0)
		return -1;
	if (options->probe.source != NULL &&
		address_parse(options->probe.source, strlen(options->probe.source),
			&connecting->source, error) != 0)
		return -1;
	if (options->netns != NULL && netns_enter(options->netns, error) != 0)
		return -1;
	return privileges_drop_viewer(error);
}

int
connect_run(struct options *options)
{
	struct connecting connecting = {.options = options, .error = {.position = -1}};
	int status = COMMANDS_EXIT_USAGE;

	if (prepare(&connecting) == 0 && output_init(&connecting.output, &connecting.error) == 0) {
		connecting.loop = loop_new();
		if (connecting.loop != NULL) {
			try_next(&connecting);
			loop_run(connecting.loop);
		}
		status = connecting.is_connected ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	if (connecting.error.text[0] != '\0')
		complain(&connecting.error);
	output_fini(&connecting.output);
	loop_free(connecting.loop);
	return status;
}
