/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /etc/hosts into an index of names by address. */
#include <config.h>

#include "hosts.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/text.h>

void
hosts_init(struct hosts *hosts)
{
	*hosts = (struct hosts){.count = 0};
	map_init(&hosts->index);
}

void
hosts_fini(struct hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++)
		free(hosts->names[i].name);
	free(hosts->names);
	map_fini(&hosts->index);
	hosts->names = NULL;
	hosts->count = hosts->capacity = 0;
}

static uint64_t
key_of(const struct address *address)
{
	return map_hash_bytes(address, sizeof *address, 0);
}

static bool
grow(struct hosts *hosts)
{
	const size_t capacity = hosts->capacity != 0 ? hosts->capacity * 2 : 64;
	struct hosts_name *names;

	if (hosts->count < hosts->capacity)
		return true;
	if (capacity > HOSTS_NAMES_MAX)
		return false;
	names = reallocarray(hosts->names, capacity, sizeof names[0]);
	if (names == NULL)
		return false;
	hosts->names = names;
	hosts->capacity = capacity;
	return true;
}

static void
add(struct hosts *hosts, const struct address *address, const char *name, size_t len)
{
	const uint64_t key = key_of(address);
	uint32_t at;
	char *copy;

	if (map_find(&hosts->index, key, &at) || len >= HOSTS_NAME_SIZE || !grow(hosts))
		return;
	copy = strndup(name, len);
	if (copy == NULL)
		return;
	if (map_set(&hosts->index, key, (uint32_t)hosts->count) != 0) {
		free(copy);
		return;
	}
	hosts->names[hosts->count++] = (struct hosts_name){.address = *address, .name = copy};
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Length of the next word from *at on, which moves past it; *begin: where it begins. 0: none. */
static size_t
next_word(const char *text, size_t end, size_t *at, size_t *begin)
{
	while (*at < end && is_blank(text[*at]))
		(*at)++;
	*begin = *at;
	while (*at < end && !is_blank(text[*at]))
		(*at)++;
	return *at - *begin;
}

static void
parse_line(struct hosts *hosts, const char *line, size_t len)
{
	const char *const comment = memchr(line, '#', len);
	const size_t end = comment != NULL ? (size_t)(comment - line) : len;
	size_t at = 0, begin;
	const size_t address_len = next_word(line, end, &at, &begin);
	const char *const text = line + begin;
	const size_t name_len = next_word(line, end, &at, &begin);
	struct address address;

	if (name_len == 0 || memchr(line + begin, '\0', name_len) != NULL ||
		address_parse(text, address_len, &address, NULL) != 0)
		return;
	add(hosts, &address, line + begin, name_len);
}

void
hosts_parse(struct hosts *hosts, const char *text, size_t len)
{
	struct text rest = {text, len}, line;

	while (text_next_line(&rest, &line))
		parse_line(hosts, line.data, line.len);
}

static void
read_file(struct hosts *hosts, int fd, size_t size)
{
	char *const text = malloc(size);
	size_t len = 0;
	ssize_t got = 1;

	if (text == NULL)
		return;
	while (len < size && (got = read(fd, text + len, size - len)) > 0)
		len += (size_t)got;
	hosts_parse(hosts, text, len);
	free(text);
}

void
hosts_refresh(struct hosts *hosts, const char *path, uint64_t now_ns)
{
	struct stat status;
	int fd;

	if (!file_mark_changed(&hosts->mark, path, now_ns))
		return;
	hosts_fini(hosts);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
		read_file(hosts, fd,
			status.st_size < HOSTS_BYTES_MAX ? (size_t)status.st_size
							 : (size_t)HOSTS_BYTES_MAX);
	close(fd);
}

const char *
hosts_find(const struct hosts *hosts, const struct address *address)
{
	uint32_t at;

	if (!map_find(&hosts->index, key_of(address), &at) ||
		address_compare(&hosts->names[at].address, address) != 0)
		return NULL;
	return hosts->names[at].name;
}
