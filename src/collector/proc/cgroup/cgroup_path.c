/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads systemd units and containers from the path of a cgroup, by the habits of each engine. */
#include <config.h>

#include "cgroup_path.h"

#include <stdint.h>
#include <string.h>

static bool
is_root(struct text path)
{
	return path.len == 0 || (path.len == 1 && path.data[0] == '/');
}

static bool
starts_with(struct text text, const char *prefix)
{
	const size_t len = strlen(prefix);

	return text.len >= len && memcmp(text.data, prefix, len) == 0;
}

static bool
ends_with(struct text text, const char *suffix)
{
	const size_t len = strlen(suffix);

	return text.len >= len && memcmp(text.data + text.len - len, suffix, len) == 0;
}

/* The text without `head` bytes at its begin and `tail` bytes at its end. */
static struct text
inner(struct text text, size_t head, size_t tail)
{
	return (struct text){text.data + head, text.len - head - tail};
}

struct text
cgroup_path_choose(struct text text, struct text *unified)
{
	struct text named = {"", 0}, other = {"", 0};

	*unified = (struct text){"", 0};
	while (text.len != 0) {
		struct text path = text_cut(&text, '\n');
		const struct text hierarchy = text_cut(&path, ':');
		const struct text controllers = text_cut(&path, ':');

		if (text_equal(hierarchy, text_of("0")) && controllers.len == 0)
			*unified = path;
		else if (text_equal(controllers, text_of("name=systemd")))
			named = path;
		else if (is_root(other))
			other = path;
	}
	if (!is_root(*unified))
		return *unified;
	if (!is_root(named))
		return named;
	if (!is_root(other))
		return other;
	return unified->len != 0 ? *unified : named;
}

static bool
is_hex(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr("0123456789abcdef", text.data[i]) == NULL || text.data[i] == '\0')
			return false;
	return true;
}

/*
 * The id in a component of container engines, or "": <id>, ENGINE-<id>, ENGINE-<id>.scope,
 * SLICE:ENGINE:<id>, with 64 hexadecimal digits. The cgroup of conmon does not count: it watches
 * the container from outside.
 */
static struct text
engine_id(struct text component)
{
	const size_t tail = ends_with(component, ".scope") ? strlen(".scope") : 0;
	struct text engine, id;
	size_t head;

	if (component.len < 64 + tail)
		return (struct text){"", 0};
	head = component.len - tail - 64;
	engine = (struct text){component.data, head};
	id = inner(component, head, tail);
	if (!is_hex(id) || (head != 0 && !ends_with(engine, "-") && !ends_with(engine, ":")) ||
		ends_with(engine, "conmon-"))
		return (struct text){"", 0};
	return id;
}

/* ECS on Fargate: 32 hexadecimal digits, '-', decimal digits. */
static bool
is_ecs_id(struct text component)
{
	if (component.len < 34 || component.data[32] != '-' ||
		!is_hex((struct text){component.data, 32}))
		return false;
	for (size_t i = 33; i < component.len; i++)
		if (component.data[i] < '0' || component.data[i] > '9')
			return false;
	return true;
}

/* The part of a component that is a machine's name (systemd-nspawn, libvirt's LXC), escaped. */
static struct text
machine_name(struct text component)
{
	if (starts_with(component, "machine-") && ends_with(component, ".scope") &&
		!starts_with(component, "machine-qemu\\x2d"))
		return inner(component, strlen("machine-"), strlen(".scope"));
	if (starts_with(component, "systemd-nspawn@") && ends_with(component, ".service"))
		return inner(component, strlen("systemd-nspawn@"), strlen(".service"));
	return (struct text){"", 0};
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes systemd's \xNN. The result is in out when there was one, otherwise it is the text. */
static struct text
unescape(struct text text, char *out, size_t size)
{
	size_t len = 0;

	if (text.len == 0 || memchr(text.data, '\\', text.len) == NULL)
		return text;
	for (size_t i = 0; i < text.len && len < size; len++) {
		const bool escaped = text.len - i >= 4 && text.data[i] == '\\' &&
				     text.data[i + 1] == 'x' && hex_digit(text.data[i + 2]) >= 0 &&
				     hex_digit(text.data[i + 3]) >= 0;

		if (escaped) {
			out[len] = (char)(hex_digit(text.data[i + 2]) << 4 |
					  hex_digit(text.data[i + 3]));
			i += 4;
		} else {
			out[len] = text.data[i++];
		}
	}
	return (struct text){out, len};
}

/*
 * The name in a component where LXC or Garden keep theirs, or "". parent is the component before:
 * lxc.payload.NAME (4.0 on), lxc.payload/NAME, lxc/NAME; garden/ID, garden/good/ID.
 */
static struct text
named_container(struct text component, struct text parent)
{
	static const char payload[] = "lxc.payload.";

	if (starts_with(component, payload))
		return inner(component, sizeof payload - 1, 0);
	if (text_equal(parent, text_of("lxc")) || text_equal(parent, text_of("lxc.payload")))
		return component;
	return (struct text){"", 0};
}

static bool
is_garden(struct text component, struct text parent, struct text grandparent)
{
	const struct text garden = text_of("garden");

	if (text_equal(component, text_of("good")) || text_equal(component, text_of("bad")))
		return false;
	return text_equal(parent, garden) ||
	       (text_equal(grandparent, garden) &&
		       (text_equal(parent, text_of("good")) || text_equal(parent, text_of("bad"))));
}

static bool
is_unit(struct text component)
{
	static const char *const suffixes[] = {".service", ".scope", ".socket", ".mount", ".swap"};

	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
		if (ends_with(component, suffixes[i]) && component.len > strlen(suffixes[i]))
			return true;
	return false;
}

struct cgroup_path
cgroup_path_explain(struct text path, char *out, size_t size)
{
	struct cgroup_path found = {{"", 0}, {"", 0}, {"", 0}};
	struct text parent = {"", 0}, grandparent = {"", 0};

	while (path.len != 0) {
		const struct text component = text_cut(&path, '/');
		const struct text id = engine_id(component);
		struct text name = machine_name(component);

		if (component.len == 0)
			continue;
		if (name.len == 0)
			name = named_container(component, parent);
		if (is_unit(component))
			found.unit = component;
		if (id.len != 0) {
			found.container = id;
			found.name = (struct text){"", 0};
		} else if (name.len != 0) {
			found.container = found.name = unescape(name, out, size);
		} else if (is_garden(component, parent, grandparent) || is_ecs_id(component)) {
			found.container = component;
			found.name = (struct text){"", 0};
		}
		grandparent = parent;
		parent = component;
	}
	return found;
}
