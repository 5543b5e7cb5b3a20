/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Feeds every file of the given directories to the fuzz target it is linked with, so that corpora
 * run in `make check` with any compiler. Without arguments: $srcdir/tests/fuzz/corpus/NAME, where
 * the program is called fuzz_NAME. An empty corpus is a failure.
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { INPUT_MAX = 4 * 1024 * 1024, PATH_SIZE = 4096 };

/* The input is in a block of its own size, so that a sanitizer sees the first byte too many. */
static int
run_file(const char *path)
{
	uint8_t *const whole = malloc(INPUT_MAX);
	FILE *const file = fopen(path, "rbe");
	uint8_t *input = NULL;
	size_t len = 0;
	int status = -1;

	if (whole == NULL || file == NULL)
		goto out;
	len = fread(whole, 1, INPUT_MAX, file);
	input = malloc(len != 0 ? len : 1);
	if (ferror(file) != 0 || input == NULL)
		goto out;
	memcpy(input, whole, len);
	LLVMFuzzerTestOneInput(input, len);
	status = 0;
out:
	if (status != 0)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	if (file != NULL)
		fclose(file);
	free(input);
	free(whole);
	return status;
}

/* How many files ran, or -1. */
static int
run_directory(const char *name)
{
	DIR *const directory = opendir(name);
	const struct dirent *entry;
	int count = 0;

	if (directory == NULL) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		return -1;
	}
	while (count >= 0 && (entry = readdir(directory)) != NULL) {
		char path[PATH_SIZE];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", name, entry->d_name);
		count = run_file(path) == 0 ? count + 1 : -1;
	}
	closedir(directory);
	printf("%s: %d inputs\n", name, count);
	if (count == 0)
		fprintf(stderr, "%s: empty\n", name);
	return count;
}

int
main(int argc, char **argv)
{
	const char *const srcdir = getenv("srcdir");
	const char *const base = strrchr(argv[0], '/');
	const char *const program = base != NULL ? base + 1 : argv[0];
	const char *const name = strstr(program, "fuzz_");
	int status = EXIT_SUCCESS;
	char path[PATH_SIZE];

	for (int i = 1; i < argc; i++)
		if (run_directory(argv[i]) <= 0)
			status = EXIT_FAILURE;
	if (argc > 1)
		return status;
	if (name == NULL) {
		fprintf(stderr, "%s: which corpus? give directories\n", program);
		return EXIT_FAILURE;
	}
	snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s", srcdir != NULL ? srcdir : ".",
		name + strlen("fuzz_"));
	return run_directory(path) > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
