/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the recording of --from, or starts a collector. */
#include <config.h>

#include "open_source.h"

#include <errno.h>

#include <sockwatch/privilege/netns_enter.h>

struct source *
open_source_live(const struct open_source_wish *wish, struct error *error)
{
	const struct source_live_options live = {.start_keeper = collector_keeper_start,
		.collector = &wish->rights,
		.retries = wish->retries,
		.netns = wish->netns};

	return source_open_live(&live, error);
}

int
open_source_check(const struct options *options, struct error *error)
{
	if (options->at != NULL && options->from == NULL) {
		error_set(error, "--at is a time of a recording; name it with --from FILE");
		return -EINVAL;
	}
	if ((options->begin != NULL || options->end != NULL) && options->from == NULL)
		return error_refuse(error,
			"--begin and --end are times of a recording; name it with --from FILE");
	if ((options->begin != NULL || options->end != NULL) && options->at != NULL)
		return error_refuse(
			error, "--at is one time, --begin and --end are two; use one or the other");
	if (options->from != NULL && options->netns != NULL) {
		error_set(error,
			"--netns chooses what is collected, and a recording was collected already; use the filter `netns NAME`");
		return -EINVAL;
	}
	return options->netns != NULL ? netns_check(options->netns, error) : 0;
}

struct source *
open_source(const struct options *options, uint32_t without, struct error *error)
{
	const struct open_source_wish wish = {.rights = {.read_only = options->settings.read_only,
						      .without = without,
						      .netns = options->netns},
		.netns = options->netns};
	struct source *source;

	if (options->from == NULL)
		return open_source_live(&wish, error);
	source = source_open_file(options->from, error);
	if (source != NULL)
		source_set_span(source, options->begin, options->end);
	return source;
}
