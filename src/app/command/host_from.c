/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads --source and --interface, and tries whether they can be bound. */
#include <config.h>

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/number.h>

#include "host.h"

/* By name or by number. 0: there is none. */
static uint32_t
interface_of(const char *text)
{
	const unsigned index = if_nametoindex(text);
	char name[IF_NAMESIZE];
	uint64_t number;

	if (index != 0)
		return index;
	if (number_parse(text, 1, INT32_MAX, &number) != 0 ||
		if_indextoname((unsigned)number, name) == NULL)
		return 0;
	return (uint32_t)number;
}

int
host_take_zone(const char *text, struct address *address, uint32_t *interface, struct error *error)
{
	const char *const zone = strchr(text, '%');
	const size_t len = zone != NULL ? (size_t)(zone - text) : strlen(text);
	uint32_t index;

	if (address_parse(text, len, address, NULL) != 0)
		return 0;
	if (zone == NULL)
		return 1;
	index = interface_of(zone + 1);
	if (index == 0) {
		error_set(error, "there is no interface \"%s\" for %.*s", zone + 1, (int)len, text);
		return -ENODEV;
	}
	if (*interface != 0 && *interface != index) {
		error_set(error, "%s is on another interface than --interface names", text);
		return -EINVAL;
	}
	*interface = index;
	return 1;
}

static int
take_interface(const char *text, struct host_from *from, struct error *error)
{
	if (text == NULL)
		return 0;
	from->interface = interface_of(text);
	if (from->interface != 0)
		return 0;
	error_set(error, "--interface: there is no interface \"%s\"; `ip link` lists them", text);
	return -ENODEV;
}

/* 0, or the error of binding; a family that the kernel lacks is found out later. */
static int
try_to_bind(const struct host_from *from)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_scope_id = from->interface};
	const bool is_v4 = address_is_v4(&from->source);
	const int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = 0;

	if (fd < 0)
		return 0;
	memcpy(&v4.sin_addr, from->source.bytes + 12, sizeof v4.sin_addr);
	memcpy(&v6.sin6_addr, from->source.bytes, sizeof v6.sin6_addr);
	if (bind(fd, is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6,
		    is_v4 ? sizeof v4 : sizeof v6) != 0)
		result = -errno;
	close(fd);
	return result;
}

static int
refuse_source(const char *text, int result, struct error *error)
{
	if (result == -EADDRNOTAVAIL)
		error_set(error,
			"--source: no interface here has the address %s; `ip address` lists those that it can be",
			text);
	else if (result == -EINVAL)
		error_set(error, "--source: %s may exist on every link; name one, as in %s%%eth0",
			text, text);
	else
		error_set(error, "--source: nothing can be sent from %s: %s", text,
			strerror(-result));
	return result;
}

static int
take_source(const struct options_probe *options, struct host_from *from, struct error *error)
{
	const char *const text = options->source;
	int result, family;

	if (text == NULL)
		return 0;
	result = host_take_zone(text, &from->source, &from->interface, error);
	if (result < 0)
		return result;
	if (result == 0 || address_is_any(&from->source)) {
		error_set(error,
			"--source: \"%s\" is not an address of this box, as 192.0.2.1 would be",
			text);
		return -EINVAL;
	}
	family = address_is_v4(&from->source) ? 4 : 6;
	if (from->family != 0 && from->family != family) {
		error_set(error, "--source: %s is an IPv%d address, but -%d asks for IPv%d", text,
			family, from->family, from->family);
		return -EINVAL;
	}
	from->family = family;
	result = try_to_bind(from);
	return result == 0 ? 0 : refuse_source(text, result, error);
}

int
host_from_options(const struct options_probe *options, struct host_from *from, struct error *error)
{
	int result;

	*from = (struct host_from){.family = options->family};
	result = take_interface(options->interface, from, error);
	return result == 0 ? take_source(options, from, error) : result;
}
