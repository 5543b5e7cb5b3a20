/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /etc/hosts into an index of names by address. */
#include <config.h>

#include "hosts.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/text.h>

void
hosts_init(struct hosts *hosts)
{
	*hosts = (struct hosts){.count = 0};
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

/* The address of a line and its first name; *at moves past that. False: it has none. */
static bool
read_line(const char *line, size_t len, size_t *end, size_t *at, struct address *address,
	struct text *name)
{
	const char *const comment = memchr(line, '#', len);
	size_t begin, address_len;
	const char *text;

	*end = comment != NULL ? (size_t)(comment - line) : len;
	*at = 0;
	address_len = next_word(line, *end, at, &begin);
	text = line + begin;
	name->len = next_word(line, *end, at, &begin);
	name->data = line + begin;
	return name->len != 0 && memchr(name->data, '\0', name->len) == NULL &&
	       address_parse(text, address_len, address, NULL) == 0;
}

static void
parse_line(struct hosts *hosts, const char *line, size_t len)
{
	struct address address;
	struct text name;
	size_t end, at;

	if (read_line(line, len, &end, &at, &address, &name))
		add(hosts, &address, name.data, name.len);
}

void
hosts_parse(struct hosts *hosts, const char *text, size_t len)
{
	struct text rest = {text, len}, line;

	while (text_next_line(&rest, &line))
		parse_line(hosts, line.data, line.len);
}

/* The file's text; NULL: it cannot be read, or is none. Free it. */
static char *
read_file(const char *path, size_t *len)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	char *text = NULL;
	ssize_t got = 1;
	size_t size = 0;

	*len = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
		size = status.st_size < HOSTS_BYTES_MAX ? (size_t)status.st_size
							: (size_t)HOSTS_BYTES_MAX;
		text = malloc(size);
	}
	while (text != NULL && *len < size && (got = read(fd, text + *len, size - *len)) > 0)
		*len += (size_t)got;
	close(fd);
	return text;
}

void
hosts_refresh(struct hosts *hosts, const char *path, uint64_t now_ns)
{
	size_t len;
	char *text;

	if (!file_mark_changed(&hosts->mark, path, now_ns))
		return;
	hosts_fini(hosts);
	text = read_file(path, &len);
	if (text != NULL)
		hosts_parse(hosts, text, len);
	free(text);
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

static bool
is_name(struct text word, const char *name, size_t len)
{
	return word.len == len && strncasecmp(word.data, name, len) == 0;
}

/* Whether the line has this name; from `at` on are its aliases. */
static bool
has_name(const char *line, size_t end, size_t at, struct text first, const char *name, size_t len)
{
	struct text word = first;
	size_t begin;

	while (word.len != 0 && !is_name(word, name, len)) {
		word.len = next_word(line, end, &at, &begin);
		word.data = line + begin;
	}
	return word.len != 0;
}

void
hosts_lookup(const char *path, const char *name,
	void (*found)(void *context, const struct address *address, const char *canonical),
	void *context)
{
	const size_t name_len = strlen(name);
	struct text rest, line;
	char *const text = read_file(path, &rest.len);

	rest.data = text;
	while (text != NULL && text_next_line(&rest, &line)) {
		char canonical[HOSTS_NAME_SIZE];
		struct address address;
		struct text first;
		size_t end, at;

		if (!read_line(line.data, line.len, &end, &at, &address, &first) ||
			!has_name(line.data, end, at, first, name, name_len))
			continue;
		snprintf(canonical, sizeof canonical, "%.*s", (int)first.len, first.data);
		found(context, &address, canonical);
	}
	free(text);
}
