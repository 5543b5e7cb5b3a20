/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reports on a made-up box: text of many widths, CSV, JSON, and the rules of doctor, as text.
 */
#include <config.h>

#include <stdlib.h>
#include <time.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/report/doctor_report.h>
#include <sockwatch/report/report.h>

#include "made_box.h"
#include "page_text.h"
#include "unit.h"

enum { FIELDS_MAX = 128 };

static struct feed feed;

static int
open_box(void **state)
{
	(void)state;
	feed = made_box();
	return 0;
}

static int
close_box(void **state)
{
	(void)state;
	feed_free(&feed);
	return 0;
}

/* Every step-th row. */
static void
print_report(const struct report_options *options, uint32_t step, struct buffer *out)
{
	const struct field_context context = {.model = feed.model};
	struct report *const report = report_new(options, &context, out);

	assert_non_null(report);
	for (uint32_t id = 0; id < feed.model->sockets.used; id += step) {
		const struct socket_row *const row = socket_table_row(&feed.model->sockets, id);

		if ((row->flags & SOCKET_FREE) == 0)
			report_row(report, row);
	}
	report_end(report);
	report_free(report);
}

static void
test_text(void **state)
{
	static const size_t widths[] = {0, 1, 30, 60, 79, 80, 81, 100, 120, 133, 200};
	const struct field *fields[FIELDS_MAX];
	struct buffer out = {0};

	(void)state;
	for (size_t set = 0; set < socket_field_set_count; set++) {
		const int count = field_parse_list(
			&socket_fields, socket_field_sets[set].fields, fields, FIELDS_MAX, NULL);

		assert_true(count > 0);
		unit_each (i, widths) {
			const struct report_options options = {.format = REPORT_TEXT,
				.fields = fields,
				.field_count = (size_t)count,
				.columns = widths[i],
				.keep_all = i % 3 == 2,
				.color = i % 4 == 3};

			buffer_append_format(&out, "== %s, %zu columns\n",
				socket_field_sets[set].name, widths[i]);
			print_report(&options, 9, &out);
		}
	}
	compare("made-report-text", &out);
	buffer_fini(&out);
}

static void
test_rows(void **state)
{
	static const enum report_format formats[] = {REPORT_CSV, REPORT_JSON};
	const struct field *fields[FIELDS_MAX];
	struct buffer out = {0};
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < socket_fields.count; i++)
		if ((socket_fields.fields[i].flags & FIELD_REPORT) != 0)
			fields[count++] = &socket_fields.fields[i];
	unit_each (i, formats) {
		struct report_options options = {
			.format = formats[i], .fields = fields, .field_count = count};

		print_report(&options, 3, &out);
		options.no_heading = true;
		options.field_count = 1;
		print_report(&options, 20, &out);
	}
	compare("made-report-rows", &out);
	buffer_fini(&out);
}

static void
test_rules(void **state)
{
	static const size_t widths[] = {0, 40, 100}, narrow[] = {1, 36, 37, 38};
	static struct doctor_settings settings;
	struct buffer out = {0};

	(void)state;
	doctor_settings_init(&settings);
	unit_each (i, widths) {
		doctor_report_rules(&settings, widths[i], &out);
		settings.is_off[i * 2] = true;
	}
	/* No line is shorter than can be read. */
	assert_int_equal(doctor_settings_choose(&settings, "accept-queue", NULL), 0);
	unit_each (i, narrow)
		doctor_report_rules(&settings, narrow[i], &out);
	compare("made-report-rules", &out);
	buffer_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_rules),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests_name("made reports", tests, open_box, close_box);
}
