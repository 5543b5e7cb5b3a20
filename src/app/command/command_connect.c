/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch connect`: tries a TCP connection to each address of the host, one after the other. */
#include <config.h>

#include "command.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/services.h>
#include <sockwatch/base/errno_words.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/collector/handshake.h>
#include <sockwatch/model/path.h>
#include <sockwatch/privilege/netns_enter.h>
#include <sockwatch/source/source.h>

#include "app/error_print.h"
#include "app/output.h"
#include "confine.h"
#include "host.h"

enum { TIMEOUT_MS = 10000 };

struct connecting {
	const struct options *options;
	struct host host;
	uint16_t port;
	struct host_from from;
	struct loop *loop;
	struct output output;
	size_t tried;
	size_t connected; /* of them */
	size_t width;     /* of the longest address with its port */
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

/* Name, number and meaning of an errno; the text of the C library where our table lacks it. */
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

/* Shows which addresses a name has, before the first is tried. */
static void
print_heading(struct connecting *connecting)
{
	const struct host *const host = &connecting->host;
	struct buffer *const out = &connecting->output.buffer;
	const struct text service = connecting->options->settings.numeric
					    ? text_of("")
					    : services_name(connecting->port, IPPROTO_TCP);
	char name[HOST_NAME_SIZE], took[32];

	for (size_t i = 0; i < host->count; i++) {
		char target[ADDRESS_PORT_SIZE];
		const size_t len = address_format_port(
			&host->addresses[i], connecting->port, target, sizeof target);
		connecting->width = len > connecting->width ? len : connecting->width;
	}
	if (!host->is_name)
		return;
	text_clean(text_of(host->name), name, sizeof name);
	number_format_short(host->took_us, UNIT_US, took, sizeof took);
	buffer_append_format(out, "%s port %u", name, connecting->port);
	if (service.len != 0)
		buffer_append_format(out, " (%.*s)", (int)service.len, service.data);
	buffer_append_format(out, ": %zu address%s, looked up in %s\n", host->count,
		host->count == 1 ? "" : "es", took);
}

static void
print_end(struct connecting *connecting)
{
	struct buffer *const out = &connecting->output.buffer;
	const size_t count = connecting->host.count;

	if (count < 2)
		return;
	if (connecting->connected == 0)
		buffer_append_format(out, "none of the %zu addresses takes connections\n", count);
	else if (connecting->connected == count)
		buffer_append_format(out, "all %zu addresses take connections\n", count);
	else
		buffer_append_format(out, "%zu of %zu addresses take%s connections\n",
			connecting->connected, count, connecting->connected == 1 ? "s" : "");
}

static void
append_icmp(const struct connecting *connecting, struct buffer *out,
	const struct handshake_result *result)
{
	char from[ADDRESS_TEXT_SIZE];

	address_format(&result->icmp_from, from, sizeof from);
	if (address_compare(&result->icmp_from, &result->local) == 0)
		buffer_append_format(
			out, " (this box says, as %s: %s)", from, icmp_words(connecting, result));
	else
		buffer_append_format(out, " (%s says: %s)", from, icmp_words(connecting, result));
}

static void
print_text(struct connecting *connecting, const struct handshake_result *result)
{
	struct buffer *const out = &connecting->output.buffer;
	char end[ADDRESS_PORT_SIZE];

	address_format_port(
		&connecting->host.addresses[connecting->tried], connecting->port, end, sizeof end);
	buffer_append_format(out, "%-*s  ", (int)connecting->width, end);
	if (result->error == 0) {
		const uint64_t us = result->rtt_us != 0 ? result->rtt_us : result->took_us;
		address_format_port(&result->local, result->local_port, end, sizeof end);
		buffer_append_format(out, "connected in %.3f ms, from %s", (double)us / 1000, end);
	} else {
		append_error(out, result);
	}
	if (result->has_icmp)
		append_icmp(connecting, out, result);
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

	address_format(&connecting->host.addresses[connecting->tried], address, sizeof address);
	buffer_append_text(out, "{\"host\":");
	json_text(out, text_of(connecting->host.name));
	append_key_text(out, "address", address);
	if (connecting->host.is_name)
		buffer_append_format(
			out, ",\"lookup_us\":%llu", (unsigned long long)connecting->host.took_us);
	buffer_append_format(out, ",\"port\":%u,\"connected\":%s,\"took_us\":%llu",
		connecting->port, result->error == 0 ? "true" : "false",
		(unsigned long long)result->took_us);
	if (result->error == 0) {
		buffer_append_format(out, ",\"handshake_us\":%llu",
			(unsigned long long)(result->rtt_us != 0 ? result->rtt_us
								 : result->took_us));
		address_format(&result->local, address, sizeof address);
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
		address_format(&result->icmp_from, address, sizeof address);
		append_key_text(out, "icmp_from", address);
		append_key_text(out, "icmp", icmp_words(connecting, result));
	}
	buffer_append_format(out, ",\"syn_sent\":%u}\n", result->repeats + 1);
}

static void try_next(struct connecting *connecting);

/* False when nobody reads the output any more. */
static bool
write_out(struct connecting *connecting)
{
	if (output_write(&connecting->output, true, &connecting->error) == 0 &&
		!connecting->output.closed)
		return true;
	loop_stop(connecting->loop, 0);
	return false;
}

static void
on_done(void *context, const struct handshake_result *result)
{
	struct connecting *const connecting = context;

	connecting->connected += result->error == 0;
	if (connecting->options->format == REPORT_JSON)
		print_json(connecting, result);
	else
		print_text(connecting, result);
	connecting->tried++;
	if (connecting->tried == connecting->host.count &&
		connecting->options->format != REPORT_JSON)
		print_end(connecting);
	if (write_out(connecting))
		try_next(connecting);
}

static void
try_next(struct connecting *connecting)
{
	const uint32_t timeout_ms = connecting->options->probe.timeout_ms;
	struct handshake_options options = {.source = connecting->from.source,
		.port = connecting->port,
		.timeout_ms = timeout_ms != 0 ? timeout_ms : TIMEOUT_MS};

	if (connecting->tried == connecting->host.count) {
		loop_stop(connecting->loop, 0);
		return;
	}
	options.target = connecting->host.addresses[connecting->tried];
	options.interface = connecting->host.interface;
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
		"\"%s\" is not a port; use a number from 1 to 65535 or a name of /etc/services",
		text);
	return -EINVAL;
}

/* The colon of HOST:PORT, as it is often copied; with several colons HOST must be in brackets. */
static char *
find_colon(char *word)
{
	char *const bracket = word[0] == '[' ? strchr(word, ']') : NULL;

	if (bracket != NULL)
		return bracket[1] == ':' ? bracket + 1 : NULL;
	return strchr(word, ':') == strrchr(word, ':') ? strchr(word, ':') : NULL;
}

static int
take_words(struct connecting *connecting, struct error *error)
{
	char *const words = connecting->options->words;
	char *separator = strchr(words, ' ');

	if (separator == NULL)
		separator = find_colon(words);
	if (separator == NULL || separator == words || strchr(separator + 1, ' ') != NULL) {
		error_set(error,
			"connect needs a host and a port: `sockwatch connect example.org 443`");
		return -EINVAL;
	}
	*separator = '\0';
	if (take_port(connecting, separator + 1, error) != 0)
		return -EINVAL;
	return host_find(words, &connecting->from, &connecting->host, error);
}

static int
prepare(struct connecting *connecting)
{
	const struct options *const options = connecting->options;
	struct error *const error = &connecting->error;

	/* Names, zones and addresses are those of the namespace, and looking them up needs no
	 * right. */
	if (options->netns != NULL && netns_enter(options->netns, error) != 0)
		return -1;
	if (source_drop_rights(error) != 0)
		return -1;
	confine_lookup();
	if (host_from_options(&options->probe, &connecting->from, error) != 0 ||
		take_words(connecting, error) != 0)
		return -1;
	confine(SANDBOX_CONNECT);
	return 0;
}

int
command_connect(struct options *options)
{
	struct connecting connecting = {.options = options, .error = {.position = -1}};
	int status = COMMAND_EXIT_USAGE;

	if (prepare(&connecting) == 0 && output_init(&connecting.output, &connecting.error) == 0) {
		connecting.loop = loop_new();
		if (connecting.loop == NULL) {
			error_set(&connecting.error, "the event loop cannot be used: %s",
				file_words(errno));
		} else {
			if (options->format != REPORT_JSON)
				print_heading(&connecting);
			try_next(&connecting);
			loop_run(connecting.loop);
		}
		status = connecting.connected != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	if (connecting.error.text[0] != '\0')
		error_print(&connecting.error);
	output_fini(&connecting.output);
	loop_free(connecting.loop);
	return status;
}
