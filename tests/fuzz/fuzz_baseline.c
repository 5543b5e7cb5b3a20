/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A baseline: any text is read; a line is understood or has one sentence, and look-ups end. */
#include <config.h>

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/baseline/baseline.h>

static void
on_mistake(void *context, const struct error *error)
{
	size_t *const sentences = context;

	if (strncmp(error->text, "base:", 5) != 0)
		abort();
	++*sentences;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t sentences = 0;
	const struct baseline_mistakes mistakes = {&sentences, on_mistake};
	struct baseline *const baseline = baseline_new();
	struct baseline_item item = {.netns = "own", .program = "app", .address = {.length = 128}};

	if (baseline == NULL)
		return 0;
	if (baseline_parse(baseline, "base", (struct text){(const char *)data, size}, &mistakes) !=
		sentences)
		abort();
	for (item.kind = BASELINE_LISTENER; item.kind < BASELINE_KINDS; item.kind++)
		for (item.port = 0; item.port < 512; item.port += 80)
			(void)baseline_has(baseline, &item);
	baseline_free(baseline);
	return 0;
}
