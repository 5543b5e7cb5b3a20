/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the targets of `sockwatch probe` of its words and options. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "probe_run.h"

enum { REPORT_CYCLES = 10, SIZE_MAX_BYTES = 9000, WORDS_SHOWN = 60 };

/* Options that contradict one another, or that this protocol has nothing for. */
static int
check_options(const struct options *options, struct error *error)
{
	const struct options_probe *const probe = &options->probe;

	if (probe->first_ttl > probe->max_ttl) {
		error_set(error, "--first-ttl %u is above --max-ttl %u", probe->first_ttl,
			probe->max_ttl);
		return -EINVAL;
	}
	if (probe->protocol == PROBE_PROTOCOL_TCP && option_is_given(options, &probe->size)) {
		error_set(error,
			"--size is of no use with --tcp: a SYN carries no payload; use --icmp or --udp");
		return -EINVAL;
	}
	if (probe->protocol == PROBE_PROTOCOL_TCP && probe->dont_fragment) {
		error_set(error,
			"--mtu is of no use with --tcp: a SYN fits every path; use --icmp or --udp");
		return -EINVAL;
	}
	return 0;
}

/* Echo requests of any size are answered, so they search beside the probes. */
static enum probe_fragment
fragment_of(const struct options *options)
{
	const struct options_probe *const probe = &options->probe;

	if (!probe->dont_fragment)
		return PROBE_FRAGMENT_ALLOWED;
	return probe->protocol == PROBE_PROTOCOL_ICMP && !option_is_given(options, &probe->size)
		       ? PROBE_FRAGMENT_SEARCH
		       : PROBE_FRAGMENT_NEVER;
}

/* What the start of each target has in common. */
static struct message_probe_start
start_of(const struct probe_run *run, const struct host_from *from)
{
	const struct options_probe *const options = &run->options->probe;

	const enum probe_fragment fragment = fragment_of(run->options);
	/* The collector lowers the size to what the interface and then the routers take. */
	const bool is_largest =
		fragment == PROBE_FRAGMENT_NEVER && !option_is_given(run->options, &options->size);

	return (struct message_probe_start){.protocol = (uint8_t)options->protocol,
		.flows = (uint8_t)options->flows,
		.first_ttl = (uint8_t)options->first_ttl,
		.max_ttl = (uint8_t)options->max_ttl,
		.source = from->source,
		.port = options->port,
		.interval_ms = options->interval_ms,
		.cycles = options->cycles,
		.timeout_ms = options->timeout_ms != 0 ? options->timeout_ms : PROBE_TIMEOUT_MS,
		.size = is_largest ? SIZE_MAX_BYTES : (uint16_t)options->size,
		.tos = (uint8_t)options->tos,
		.mark = options->mark,
		.dont_fragment = (uint8_t)fragment,
		.router_rate = (uint16_t)options->router_rate};
}

static int
add_host(struct probe_run *run, const struct host *host, const struct message_probe_start *start,
	struct error *error)
{
	const size_t wanted = run->options->probe.all ? host->count : 1;

	for (size_t i = 0; i < wanted; i++) {
		struct probe_target *const target = &run->targets[run->count];

		if (run->count == PROBE_RUN_TARGETS_MAX) {
			error_set(error, "more than %d addresses at once are too many to probe",
				PROBE_RUN_TARGETS_MAX);
			return -EINVAL;
		}
		*target = (struct probe_target){.start = *start};
		memcpy(target->name, host->name, sizeof target->name);
		target->start.target = host->addresses[i];
		target->start.interface = host->interface;
		target->start.id = (uint32_t)++run->count;
	}
	return 0;
}

int
probe_targets_take(struct probe_run *run, struct error *error)
{
	struct host_from from;
	struct message_probe_start start;
	char *rest = run->options->words;
	int result = check_options(run->options, error);

	if (result == 0)
		result = host_from_options(&run->options->probe, &from, error);
	if (result != 0)
		return result;
	start = start_of(run, &from);
	for (const char *word; result == 0 && (word = strsep(&rest, " ")) != NULL;) {
		struct host host;

		if (word[0] == '\0')
			continue;
		result = host_find(word, &from, &host, error);
		if (result == 0)
			result = add_host(run, &host, &start, error);
	}
	if (result != 0)
		return result;
	/* The screen is one path's. */
	run->is_live = run->is_live && run->count == 1;
	for (size_t i = 0; !run->is_live && i < run->count; i++)
		if (run->targets[i].start.cycles == 0)
			run->targets[i].start.cycles = REPORT_CYCLES;
	if (run->count != 0)
		return 0;
	error_set(error, "probe needs a host: `sockwatch probe example.org`");
	return -EINVAL;
}
