/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of the baseline, as `baseline` in the config or --baseline names it. */
#ifndef SOCKWATCH_APP_CONFIG_BASELINE_FILE_H
#define SOCKWATCH_APP_CONFIG_BASELINE_FILE_H

#include <limits.h>
#include <stddef.h>

#include <sockwatch/analysis/baseline/baseline.h>
#include <sockwatch/base/error.h>
#include <sockwatch/model/model.h>

#include "app/option/options.h"

enum { BASELINE_MISTAKES_MAX = 16 }; /* sentences that are kept; more are counted */

struct baseline_file {
	char path[PATH_MAX]; /* "": none is asked for */
	struct baseline *baseline;
	bool is_absent; /* there is no such file yet: saving makes it */
	struct error mistakes[BASELINE_MISTAKES_MAX];
	size_t mistake_count;
};

/*
 * Reads the file that the options name, and gives it to doctor; an absent one is no error, and then
 * doctor has none. A relative path from the config is that of a file beside the config (its path).
 * Lines that are not understood are in mistakes; the others are in force. 0, or negative errno with
 * a sentence. Keep the file where it is.
 */
int baseline_file_load(struct baseline_file *file, struct options *options, const char *config_path,
	struct error *error);
void baseline_file_fini(struct baseline_file *file);
/* "3 lines more of FILE are not understood" for what had no room in mistakes; false: all had. */
bool baseline_file_more(const struct baseline_file *file, struct error *sentence);

/* Whether there is a file to save to. 0, or -ENOENT with a sentence. */
int baseline_file_check(const struct baseline_file *file, struct error *error);
/*
 * Appends what is open and not in the baseline to the file, which keeps the lines that it has, and
 * gives the baseline to doctor. done: a sentence about what was added. 0, or negative errno with a
 * sentence.
 */
int baseline_file_save(struct baseline_file *file, struct doctor_settings *doctor,
	const struct model *model, struct error *done, struct error *error);

#endif
