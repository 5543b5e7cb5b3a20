/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of the screen of paths: mtr's, where they do not clash with those of the whole program.
 */
#include <config.h>

#include "paths.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/number.h>
#include <sockwatch/model/path.h>

#include "tui/key/handlers.h"
#include "tui/overlay/confirm.h"
#include "tui/overlay/prompt.h"
#include "tui/state.h"

enum {
	FLOWS_FACTOR = 4,
	FLOWS_MAX = 16,
	INTERVAL_MIN_MS = 100,
	INTERVAL_MAX_MS = 3600 * 1000,
	/* With the headers of IPv4 or IPv6 and of ICMP or UDP they fill 1,500 bytes. */
	PAYLOAD_V4 = 1472,
	PAYLOAD_V6 = 1452,
};

/* The selected path if it was started here; those of a recording are only shown. */
static struct paths_asked *
selected_of_ours(struct tui *tui)
{
	const struct path *const path = paths_selected(tui);
	struct paths_asked *const asked = path != NULL ? paths_find_asked(tui, path->id) : NULL;

	if (asked == NULL)
		tui_show_message(tui, SEVERITY_INFO,
			path == NULL ? "there is no path" : "that path was not started from here");
	return asked;
}

void
do_path_again(struct tui *tui)
{
	const struct paths_asked *const asked = selected_of_ours(tui);

	if (asked != NULL)
		paths_run(tui, asked->start.id, false);
}

void
do_path_pause(struct tui *tui)
{
	const struct paths_asked *const asked = selected_of_ours(tui);

	if (asked == NULL)
		return;
	if (paths_is_running(tui, asked)) {
		paths_stop(tui, asked->start.id);
		tui_show_message(tui, SEVERITY_INFO, "paused; p goes on, r starts again");
	} else {
		paths_run(tui, asked->start.id, true);
	}
}

void
do_path_stop(struct tui *tui)
{
	const struct path *const path = paths_selected(tui);
	const struct paths_asked *asked;

	if (tui->only_path) {
		do_path_pause(tui);
		return;
	}
	if (path == NULL) {
		tui_show_message(tui, SEVERITY_INFO, "there is no path");
		return;
	}
	asked = paths_find_asked(tui, path->id);
	if (!path->running || tui->replay)
		paths_remove(tui, path->id);
	else if (asked != NULL || (asked = selected_of_ours(tui)) != NULL)
		paths_stop(tui, asked->start.id);
}

static void
on_udp(struct tui *tui)
{
	paths_set_protocol(tui, tui->paths.udp_id, PROBE_PROTOCOL_UDP);
}

/* Datagrams to a service may be taken for requests. */
static void
ask_udp(struct tui *tui, const struct paths_asked *asked, uint16_t port)
{
	char text[CONFIRM_TEXT_SIZE], address[ADDRESS_TEXT_SIZE];

	tui->paths.udp_id = asked->start.id;
	explain_path_address(tui->model, &asked->start, address, sizeof address);
	snprintf(text, sizeof text,
		"Send UDP datagrams to port %u of %s? The service there gets those that arrive, and may take them for requests.",
		(unsigned)port, address);
	confirm_open(tui, "Probe by UDP", text, NULL, on_udp);
}

/* As with mtr's keys, the same one goes back to ICMP. */
static void
set_protocol(struct tui *tui, enum probe_protocol protocol)
{
	const struct paths_asked *const asked = selected_of_ours(tui);
	uint16_t port;

	if (asked == NULL)
		return;
	if (asked->start.protocol == protocol)
		protocol = PROBE_PROTOCOL_ICMP;
	port = paths_port(asked, protocol);
	/* Who named the port on the command line was asked already. */
	if (protocol == PROBE_PROTOCOL_UDP && port != 0 && !tui->only_path)
		ask_udp(tui, asked, port);
	else
		paths_set_protocol(tui, asked->start.id, protocol);
}

void
do_path_udp(struct tui *tui)
{
	set_protocol(tui, PROBE_PROTOCOL_UDP);
}

void
do_path_tcp(struct tui *tui)
{
	set_protocol(tui, PROBE_PROTOCOL_TCP);
}

void
do_path_names(struct tui *tui)
{
	tui->settings->numeric = !tui->settings->numeric;
	tui_show_message(tui, SEVERITY_INFO,
		tui->settings->numeric ? "addresses alone, no names"
				       : "names beside addresses, as they are found");
}

void
do_path_columns(struct tui *tui)
{
	static const char *const words[PATHS_SET_COUNT] = {
		[PATHS_SET_TIMES] = "columns: times, as mtr has them",
		[PATHS_SET_SPREAD] = "columns: how the times are spread",
		[PATHS_SET_PACKETS] =
			"columns: packets, loss by link, MTU, hops of the return path",
	};

	tui->paths.set = (enum paths_set)((tui->paths.set + 1) % PATHS_SET_COUNT);
	tui_show_message(tui, SEVERITY_INFO, words[tui->paths.set]);
}

void
do_path_flows(struct tui *tui)
{
	struct paths_asked *const asked = selected_of_ours(tui);

	if (asked == NULL)
		return;
	asked->start.flows =
		(uint8_t)(asked->start.flows < FLOWS_MAX ? asked->start.flows * FLOWS_FACTOR : 1);
	if (asked->start.flows == 1)
		tui_show_message(
			tui, SEVERITY_INFO, "one flow: it finds one of the parallel paths");
	else
		tui_show_format(tui, SEVERITY_INFO,
			"%u flows: parallel paths show where routers share the load",
			(unsigned)asked->start.flows);
	paths_run(tui, asked->start.id, false);
}

static const char *const fragment_words[] = {
	[PROBE_FRAGMENT_ALLOWED] = "small probes again",
	[PROBE_FRAGMENT_NEVER] =
		"probes of 1500 bytes, not to be fragmented: narrow links report their MTU",
	[PROBE_FRAGMENT_SEARCH] = "the largest packet that passes is searched by echo requests",
};

/* Only echo requests can be of any size and are answered all the same. */
static uint8_t
next_fragment(const struct message_probe_start *start)
{
	if (start->dont_fragment != PROBE_FRAGMENT_ALLOWED)
		return PROBE_FRAGMENT_ALLOWED;
	return start->protocol == PROBE_PROTOCOL_ICMP ? PROBE_FRAGMENT_SEARCH
						      : PROBE_FRAGMENT_NEVER;
}

void
do_path_mtu(struct tui *tui)
{
	struct paths_asked *const asked = selected_of_ours(tui);

	if (asked == NULL)
		return;
	asked->start.size = asked->first_size;
	asked->start.dont_fragment = next_fragment(&asked->start);
	if (asked->start.dont_fragment == PROBE_FRAGMENT_NEVER)
		asked->start.size = address_is_v4(&asked->start.target) ? PAYLOAD_V4 : PAYLOAD_V6;
	tui_show_message(tui, SEVERITY_INFO, fragment_words[asked->start.dont_fragment]);
	paths_run(tui, asked->start.id, false);
}

static bool
accept_interval(struct tui *tui, const char *text, struct error *error)
{
	struct paths_asked *const asked = selected_of_ours(tui);
	double seconds;

	if (number_parse_unit(text, strlen(text), UNIT_S, &seconds) != 0 ||
		seconds * 1000 < INTERVAL_MIN_MS || seconds * 1000 > INTERVAL_MAX_MS) {
		error_set(error, "the interval is 0.1 to 3600 seconds: 0.5, 2, 1m");
		return false;
	}
	if (asked == NULL)
		return true;
	asked->start.interval_ms = (uint32_t)(seconds * 1000 + 0.5);
	paths_run(tui, asked->start.id, true);
	return true;
}

static bool
accept_max_ttl(struct tui *tui, const char *text, struct error *error)
{
	struct paths_asked *const asked = selected_of_ours(tui);
	uint64_t ttl;

	if (number_parse(text, 1, PATH_TTL_MAX, &ttl) != 0) {
		error_set(error, "the farthest hop is 1 to %d", PATH_TTL_MAX);
		return false;
	}
	if (asked == NULL)
		return true;
	asked->start.max_ttl = (uint8_t)ttl;
	paths_run(tui, asked->start.id, false);
	return true;
}

void
do_path_interval(struct tui *tui)
{
	static const struct prompt_ops prompt = {.label = "Seconds between two rounds of probes",
		.accept = accept_interval,
		.replaced = true};
	const struct paths_asked *const asked = selected_of_ours(tui);
	char text[32];

	if (asked == NULL)
		return;
	snprintf(text, sizeof text, "%g", asked->start.interval_ms / 1000.0);
	prompt_open(tui, &prompt, text);
}

void
do_path_max_ttl(struct tui *tui)
{
	static const struct prompt_ops prompt = {
		.label = "Farthest hop", .accept = accept_max_ttl, .replaced = true};
	const struct paths_asked *const asked = selected_of_ours(tui);
	char text[32];

	if (asked == NULL)
		return;
	snprintf(text, sizeof text, "%u", (unsigned)asked->start.max_ttl);
	prompt_open(tui, &prompt, text);
}
