/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the name of a Docker container from the JSON file that Docker keeps of it. */
#include <config.h>

#include "container_names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	CONTAINERS_MAX = 16384,
	FILE_MAX = 262144, /* bytes of a config.v2.json; a usual one has 3 to 10 KiB */
	ID_LENGTH = 64,
};

int
container_names_init(struct container_names *names, const char *directory)
{
	names->directory = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	names->texts = intern_new(2 * CONTAINERS_MAX);
	map_init(&names->name_of_id);
	return names->texts != NULL ? 0 : -ENOMEM;
}

void
container_names_fini(struct container_names *names)
{
	if (names->directory >= 0)
		close(names->directory);
	intern_free(names->texts);
	map_fini(&names->name_of_id);
}

/* The raw string after the quote at *at, which moves past its closing quote. */
static struct text
take_string(struct text json, size_t *at)
{
	const size_t begin = ++*at;

	while (*at < json.len && json.data[*at] != '"')
		*at += json.data[*at] == '\\' ? 2 : 1;
	if (*at >= json.len) {
		*at = json.len;
		return (struct text){"", 0};
	}
	return (struct text){json.data + begin, (*at)++ - begin};
}

struct text
container_names_parse(struct text json)
{
	struct text last = {"", 0};
	bool is_name = false; /* "Name" : was just read, in the outer object */
	int depth = 0;

	for (size_t at = 0; at < json.len;) {
		const char c = json.data[at];

		if (c == '"') {
			last = take_string(json, &at);
			if (!is_name)
				continue;
			if (last.len != 0 && memchr(last.data, '\\', last.len) != NULL)
				return (struct text){"", 0};
			if (last.len != 0 && last.data[0] == '/')
				last = (struct text){last.data + 1, last.len - 1};
			return last;
		}
		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		if (c == ':')
			is_name = depth == 1 && text_equal(last, text_of("Name"));
		else if (strchr(" \t\r\n", c) == NULL)
			is_name = false;
		at++;
	}
	return (struct text){"", 0};
}

/* Reads the container's file and interns its name; 0: none. */
static uint32_t
look_up(struct container_names *names, const char *path)
{
	const int fd = openat(names->directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct text json = {NULL, 0};
	uint32_t name = 0;
	char *data;

	if (fd < 0)
		return 0;
	data = malloc(FILE_MAX);
	if (data != NULL) {
		const ssize_t len = read(fd, data, FILE_MAX);

		json = (struct text){data, len > 0 ? (size_t)len : 0};
		name = intern_add(names->texts, container_names_parse(json));
	}
	free(data);
	close(fd);
	return name;
}

struct text
container_names_get(struct container_names *names, struct text id)
{
	static const char file[] = "/config.v2.json";
	char path[ID_LENGTH + sizeof file];
	uint32_t number, name;

	if (names->directory < 0 || id.len != ID_LENGTH || memchr(id.data, '/', id.len) != NULL ||
		memchr(id.data, '\0', id.len) != NULL ||
		intern_count(names->texts) >= 2 * CONTAINERS_MAX - 2)
		return (struct text){"", 0};
	number = intern_add(names->texts, id);
	if (!map_find(&names->name_of_id, number, &name)) {
		memcpy(path, id.data, id.len);
		memcpy(path + id.len, file, sizeof file);
		name = look_up(names, path);
		(void)map_set(&names->name_of_id, number, name);
	}
	return intern_get(names->texts, name);
}

void
container_names_forget(struct container_names *names)
{
	map_clear(&names->name_of_id);
}
