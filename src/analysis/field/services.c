/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of ports, from /etc/services itself: getservbyport would go through the name service
 * switch, which loads modules and may ask the network.
 */
#include <config.h>

#include <sockwatch/analysis/services.h>

#include "services.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 };

/* One table for the process: like the clock it is a fact of the box. */
static struct services box;
static bool box_loaded;

/* The next word of a line; it ends at a blank, a comment or the end of the line. */
static struct text
next_word(struct text *line)
{
	struct text word;
	size_t len = 0;

	while (line->len && (*line->data == ' ' || *line->data == '\t' || *line->data == '\r')) {
		line->data++;
		line->len--;
	}
	while (len < line->len && memchr(" \t\r#", line->data[len], 4) == NULL)
		len++;
	word = (struct text){line->data, len};
	line->data += len;
	line->len -= len;
	return word;
}

/* "80/tcp". */
static bool
parse_port(struct text word, uint16_t *port, uint8_t *protocol)
{
	struct text name;
	unsigned number = 0;
	size_t i = 0;

	for (; i < word.len && word.data[i] >= '0' && word.data[i] <= '9' && number <= 65535; i++)
		number = number * 10 + (unsigned)(word.data[i] - '0');
	if (!i || !number || number > 65535 || i == word.len || word.data[i] != '/')
		return false;
	name = (struct text){word.data + i + 1, word.len - i - 1};
	if (text_equal_nocase(name, "tcp"))
		*protocol = IPPROTO_TCP;
	else if (text_equal_nocase(name, "udp"))
		*protocol = IPPROTO_UDP;
	else
		return false;
	*port = (uint16_t)number;
	return true;
}

static void
add(struct services *services, struct text name, uint16_t port, uint8_t protocol, bool alias)
{
	struct service *entry;

	/* A name with a NUL could not be asked for. */
	if (!name.len || name.len > SERVICES_NAME_MAX || services->count == SERVICES_MAX ||
		memchr(name.data, '\0', name.len) != NULL)
		return;
	if ((services->count & (services->count - 1)) == 0) {
		const size_t capacity = services->count ? services->count * 2 : 1;
		struct service *const grown =
			realloc(services->entries, capacity * sizeof *services->entries);

		if (grown == NULL)
			return;
		services->entries = grown;
	}
	entry = &services->entries[services->count++];
	*entry = (struct service){
		.port = port,
		.protocol = protocol,
		.alias = alias,
		.len = (uint8_t)name.len,
	};
	memcpy(entry->name, name.data, name.len);
}

static void
parse_line(struct services *services, struct text line)
{
	struct text name = next_word(&line);
	const struct text where = next_word(&line);
	uint16_t port;
	uint8_t protocol;

	if (!name.len || !parse_port(where, &port, &protocol))
		return;
	add(services, name, port, protocol, false);
	for (name = next_word(&line); name.len; name = next_word(&line))
		add(services, name, port, protocol, true);
}

static int
compare_services(const void *a, const void *b)
{
	const struct service *const left = a;
	const struct service *const right = b;

	if (left->port != right->port)
		return left->port < right->port ? -1 : 1;
	if (left->protocol != right->protocol)
		return left->protocol < right->protocol ? -1 : 1;
	return left->alias - right->alias;
}

void
services_parse(struct services *services, const char *text, size_t len)
{
	struct text rest = {text, len}, line;

	*services = (struct services){0};
	while (text_next_line(&rest, &line))
		parse_line(services, line);
	if (services->count)
		qsort(services->entries, services->count, sizeof *services->entries,
			compare_services);
}

void
services_fini(struct services *services)
{
	free(services->entries);
	*services = (struct services){0};
}

struct text
services_find_name(const struct services *services, uint16_t port, uint8_t protocol)
{
	size_t low = 0, high = services->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct service *const entry = &services->entries[middle];

		if (entry->port < port || (entry->port == port && entry->protocol < protocol))
			low = middle + 1;
		else
			high = middle;
	}
	if (low < services->count && services->entries[low].port == port &&
		services->entries[low].protocol == protocol)
		return (struct text){services->entries[low].name, services->entries[low].len};
	return (struct text){"", 0};
}

/* A proper name wins over an alias. */
uint16_t
services_find_port(const struct services *services, struct text name)
{
	uint16_t port = 0;

	for (size_t i = 0; i < services->count; i++) {
		const struct service *const entry = &services->entries[i];
		char known[SERVICES_NAME_MAX + 1] = "";

		if (entry->len != name.len || (port && entry->alias))
			continue;
		memcpy(known, entry->name, entry->len);
		if (!text_equal_nocase(name, known))
			continue;
		port = entry->port;
		if (!entry->alias)
			break;
	}
	return port;
}

static void
load(void)
{
	char *text;
	size_t len = 0;
	int fd;

	if (box_loaded)
		return;
	box_loaded = true;
	fd = open("/etc/services", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	text = malloc(FILE_MAX);
	while (text != NULL && len < FILE_MAX) {
		const ssize_t got = read(fd, text + len, FILE_MAX - len);

		if (got <= 0)
			break;
		len += (size_t)got;
	}
	close(fd);
	if (text != NULL)
		services_parse(&box, text, len);
	free(text);
}

struct text
services_name(uint16_t port, uint8_t protocol)
{
	load();
	return services_find_name(&box, port, protocol);
}

uint16_t
services_port(const char *name, size_t len)
{
	load();
	return services_find_port(&box, (struct text){name, len});
}
