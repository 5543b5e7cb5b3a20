/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the baseline, and appends what is open to it. */
#include <config.h>

#include "baseline_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/number.h>

#include "user_file.h"

static const char heading[] =
	"# What is known on this box: sockwatch's doctor reports what is not in here.\n"
	"# listener ADDRESS PORT [PROGRAM], client PROGRAM, destination ADDRESS[/BITS] PORT [PROGRAM];\n"
	"# * is any address, port or namespace. Lines may be changed, widened and removed.\n";

/* The directory of the config, for a name in it. */
static int
set_beside(char out[PATH_MAX], const char *config_path, const char *name)
{
	const char *const slash = strrchr(config_path, '/');
	const int directory = slash != NULL ? (int)(slash + 1 - config_path) : 0;
	const int len = snprintf(out, PATH_MAX, "%.*s%s", directory, config_path, name);

	return len < 0 || len >= PATH_MAX ? -ENAMETOOLONG : 0;
}

static int
set_path(struct baseline_file *file, const struct options *options, const char *config_path,
	struct error *error)
{
	const char *const name = options->settings.baseline;
	const char *const home = getenv("HOME");
	int result;

	if (strncmp(name, "~/", 2) == 0 && home != NULL)
		result = snprintf(file->path, sizeof file->path, "%s%s", home, name + 1) >= PATH_MAX
				 ? -ENAMETOOLONG
				 : 0;
	else if (name[0] == '/' || option_is_given(options, &options->settings.baseline))
		result = set_beside(file->path, "", name);
	else
		result = set_beside(file->path, config_path, name);
	if (result != 0)
		error_set(error, "baseline: the path is too long");
	return result;
}

static void
note_mistake(void *context, const struct error *sentence)
{
	struct baseline_file *const file = context;

	if (file->mistake_count < BASELINE_MISTAKES_MAX)
		file->mistakes[file->mistake_count] = *sentence;
	file->mistake_count++;
}

static void
give(struct baseline_file *file, struct doctor_settings *doctor)
{
	doctor->baseline = file->baseline;
	doctor->baseline_name = file->path;
}

int
baseline_file_load(struct baseline_file *file, struct options *options, const char *config_path,
	struct error *error)
{
	const struct baseline_mistakes mistakes = {file, note_mistake};
	struct buffer text;
	int result;

	*file = (struct baseline_file){.path = ""};
	if (strcmp(options->settings.baseline, "none") == 0)
		return 0;
	result = set_path(file, options, config_path, error);
	if (result != 0)
		return result;
	file->baseline = baseline_new();
	if (file->baseline == NULL) {
		error_set(error, "there is not enough memory for the baseline");
		return -ENOMEM;
	}
	buffer_init(&text, 2 * STORE_MAX);
	result = user_file_read(file->path, &text, error);
	file->is_absent = result == -ENOENT;
	if (result == 0) {
		(void)baseline_parse(file->baseline, file->path,
			(struct text){(const char *)text.data, text.len}, &mistakes);
		give(file, &options->settings.doctor);
	}
	buffer_fini(&text);
	return file->is_absent ? 0 : result;
}

void
baseline_file_fini(struct baseline_file *file)
{
	baseline_free(file->baseline);
}

bool
baseline_file_more(const struct baseline_file *file, struct error *sentence)
{
	if (file->mistake_count <= BASELINE_MISTAKES_MAX)
		return false;
	error_set(sentence, "%s: %zu more lines are not understood", file->path,
		file->mistake_count - BASELINE_MISTAKES_MAX);
	return true;
}

/* The file as it is, for somebody may have changed it since; a heading where there is none. */
static int
read_again(const struct baseline_file *file, struct buffer *text, struct error *error)
{
	const int result = user_file_read(file->path, text, error);

	if (result == -ENOENT) {
		buffer_append_text(text, heading);
		return 0;
	}
	if (result == 0 && text->len > 0 && text->data[text->len - 1] != '\n')
		buffer_append_char(text, '\n');
	return result;
}

static void
append_time(const struct model *model, struct buffer *text)
{
	char time[CLOCK_TEXT_SIZE];

	clock_format_rfc3339(model_wall_ns(model, model->now_ns), time, sizeof time);
	buffer_append_format(text, "# added %s on %s\n", time, model->host.host);
}

static int
write_lines(const struct baseline_file *file, const struct model *model, const struct buffer *lines,
	struct error *error)
{
	struct buffer text;
	int result;

	buffer_init(&text, 2 * STORE_MAX);
	result = read_again(file, &text, error);
	if (result == 0) {
		if (lines->len > 0)
			append_time(model, &text);
		buffer_append(&text, lines->data, lines->len);
		if (text.failed || text.len > STORE_MAX) {
			error_set(error, "%s is not written: it would be larger than 1 MiB",
				file->path);
			result = -EFBIG;
		} else {
			result = user_file_write(file->path, text.data, text.len, error);
		}
	}
	buffer_fini(&text);
	return result;
}

static void
say_added(const struct baseline_file *file, const size_t added[BASELINE_KINDS], uint64_t refused,
	struct error *done)
{
	char left_out[48] = "";

	if (refused > 0)
		snprintf(left_out, sizeof left_out, "; %" PRIu64 " had no room", refused);
	error_set(done, "%s: %zu listener%s, %zu program%s and %zu destination%s added%s",
		file->path, added[BASELINE_LISTENER], number_plural(added[BASELINE_LISTENER]),
		added[BASELINE_CLIENT], number_plural(added[BASELINE_CLIENT]),
		added[BASELINE_DESTINATION], number_plural(added[BASELINE_DESTINATION]), left_out);
}

int
baseline_file_check(const struct baseline_file *file, struct error *error)
{
	if (file->baseline != NULL)
		return 0;
	error_set(error,
		"there is no file for the baseline; name one with --baseline FILE, or with baseline = FILE in the config");
	return -ENOENT;
}

int
baseline_file_save(struct baseline_file *file, struct doctor_settings *doctor,
	const struct model *model, struct error *done, struct error *error)
{
	size_t added[BASELINE_KINDS];
	struct buffer lines;
	uint64_t refused;
	int result = baseline_file_check(file, error);

	if (result != 0)
		return result;
	buffer_init(&lines, 2 * STORE_MAX);
	refused = baseline_refused(file->baseline);
	result = baseline_take(file->baseline, model, &lines, added);
	if (result == -ENOMEM)
		error_set(error, "there is not enough memory for the baseline");
	else
		result = write_lines(file, model, &lines, error);
	buffer_fini(&lines);
	if (result != 0)
		return result;
	file->is_absent = false;
	give(file, doctor);
	say_added(file, added, baseline_refused(file->baseline) - refused, done);
	return 0;
}
