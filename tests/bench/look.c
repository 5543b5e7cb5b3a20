/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cost of doctor's looks at a recorded box (sockwatch record):
 *
 *	look FILE [LOOKS]
 *
 * Prints "SOCKETS MICROSECONDS FINDINGS RULE RULE-MICROSECONDS": CPU time of one look with all
 *rules on, the least of LOOKS (default 20), and the same of the rule that costs most when it is the
 *only one.
 */
#include <config.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/model/model.h>
#include <sockwatch/stream/stream.h>

enum { LOOKS_DEFAULT = 20, LOOKS_MAX = 10000, FEW_LOOKS = 5 };

static uint64_t
cpu_ns(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0)
		abort();
	return (uint64_t)now.tv_sec * CLOCK_NS_PER_S + (uint64_t)now.tv_nsec;
}

static struct model *
read_model(const char *path, struct error *error)
{
	struct model *const model = model_new(0);
	struct stream_reader *const reader =
		stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, error);
	struct record record;
	int result = 1;

	if (model == NULL || reader == NULL)
		return NULL;
	while ((result = stream_reader_next(reader, &record, error)) == 1)
		model_apply(model, &record);
	stream_reader_free(reader);
	return result < 0 ? NULL : model;
}

/* Each a second after the one before; returns the CPU time of the cheapest. */
static uint64_t
look(struct model *model, const struct doctor_settings *settings, unsigned looks, size_t *findings)
{
	struct doctor *const doctor = doctor_new(settings);
	uint64_t least_ns = UINT64_MAX;

	if (doctor == NULL)
		abort();
	for (unsigned i = 0; i < looks; i++) {
		uint64_t begun_ns, took_ns;

		model->now_ns += CLOCK_NS_PER_S;
		model->snapshot_monotonic_ns += CLOCK_NS_PER_S;
		model->complete_sequence++;
		begun_ns = cpu_ns();
		doctor_look(doctor, model, false);
		took_ns = cpu_ns() - begun_ns;
		if (took_ns < least_ns)
			least_ns = took_ns;
	}
	(void)doctor_findings(doctor, findings);
	doctor_free(doctor);
	return least_ns;
}

/* The rule that costs most alone; what every look costs is in each. */
static const char *
find_dearest(struct model *model, uint64_t *most_ns)
{
	const char *name = "-";

	*most_ns = 0;
	for (size_t i = 0; i < doctor_rule_count(); i++) {
		static struct doctor_settings settings;
		size_t findings;
		uint64_t took_ns;

		doctor_settings_init(&settings);
		if (doctor_settings_choose(&settings, doctor_rule(i).name, NULL) != 0)
			abort();
		took_ns = look(model, &settings, FEW_LOOKS, &findings);
		if (took_ns <= *most_ns)
			continue;
		*most_ns = took_ns;
		name = doctor_rule(i).name;
	}
	return name;
}

int
main(int argc, char **argv)
{
	static struct doctor_settings settings;
	const unsigned long looks = argc > 2 ? strtoul(argv[2], NULL, 10) : LOOKS_DEFAULT;
	struct error error = {.text = ""};
	uint64_t all_ns, most_ns;
	const char *dearest;
	struct model *model;
	size_t findings;

	if (argc < 2 || argc > 3 || looks == 0 || looks > LOOKS_MAX) {
		fprintf(stderr, "usage: look FILE [LOOKS]\n");
		return 2;
	}
	model = read_model(argv[1], &error);
	if (model == NULL) {
		fprintf(stderr, "look: %s: %s\n", argv[1], error.text);
		return 1;
	}
	doctor_settings_init(&settings);
	all_ns = look(model, &settings, (unsigned)looks, &findings);
	dearest = find_dearest(model, &most_ns);
	printf("%u %.1f %zu %s %.1f\n", (unsigned)model->sockets.count, (double)all_ns / 1000,
		findings, dearest, (double)most_ns / 1000);
	model_free(model);
	return 0;
}
