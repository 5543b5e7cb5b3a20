/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts the blocks of memory that are in use: malloc and its kin stand here in place of glibc's,
 * and call them. With sanitizers LeakSanitizer does this better.
 */
#include <config.h>

#include "unit_leaks.h"

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

static long blocks;
static unsigned long failing; /* allocations until one fails; 0: none does */
static bool has_failed;

#if defined(__GLIBC__) && !defined(SANITIZERS)
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

/* It is the turn of this one to fail. */
static bool
fails(void)
{
	if (failing == 0 || --failing != 0)
		return false;
	has_failed = true;
	errno = ENOMEM;
	return true;
}

static void *
counted(void *block)
{
	blocks += block != NULL;
	return block;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : counted(__libc_malloc(size));
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : counted(__libc_calloc(count, size));
}

/* Size 0 frees. */
void *
realloc(void *block, size_t size)
{
	void *moved;

	if (size != 0 && fails())
		return NULL;
	moved = __libc_realloc(block, size);
	if (block == NULL)
		return counted(moved);
	blocks -= size == 0;
	return moved;
}

void
free(void *block)
{
	blocks -= block != NULL;
	__libc_free(block);
}

bool
unit_memory_can_fail(void)
{
	return true;
}
#else
bool
unit_memory_can_fail(void)
{
	return false;
}
#endif

void
unit_memory_fails_at(unsigned long count)
{
	failing = count;
	has_failed = false;
}

bool
unit_memory_has_failed(void)
{
	return has_failed;
}

static long
count_descriptors(void)
{
	DIR *const folder = opendir("/proc/self/fd");
	long count = 0;

	if (folder == NULL)
		return 0;
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

struct unit_held
unit_held(void)
{
	const long descriptors = count_descriptors();

	return (struct unit_held){.blocks = blocks, .descriptors = descriptors};
}
