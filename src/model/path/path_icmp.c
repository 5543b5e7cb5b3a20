/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ICMP errors mean, in words. IPv4: RFC 792, 1122, 1812. IPv6: RFC 4443. */
#include <config.h>

#include <limits.h>
#include <sys/socket.h>

#include <sockwatch/base/text.h>

#include "path_private.h"

static const struct icmp_words {
	int family;
	uint8_t type, code;
	const char *words;
} icmp_words[] = {
	{AF_INET, 3, 0, "network unreachable"},
	{AF_INET, 3, 1, "host unreachable"},
	{AF_INET, 3, 2, "protocol unreachable"},
	{AF_INET, 3, 3, "port unreachable"},
	{AF_INET, 3, 4, "fragmentation needed"},
	{AF_INET, 3, 5, "source route failed"},
	{AF_INET, 3, 6, "network unknown"},
	{AF_INET, 3, 7, "host unknown"},
	{AF_INET, 3, 9, "network administratively prohibited"},
	{AF_INET, 3, 10, "host administratively prohibited"},
	{AF_INET, 3, 13, "administratively prohibited"},
	{AF_INET, 11, 1, "reassembly timed out"},
	{AF_INET, 12, 0, "parameter problem"},
	{AF_INET6, 1, 0, "no route"},
	{AF_INET6, 1, 1, "administratively prohibited"},
	{AF_INET6, 1, 2, "beyond scope of source address"},
	{AF_INET6, 1, 3, "address unreachable"},
	{AF_INET6, 1, 4, "port unreachable"},
	{AF_INET6, 1, 5, "source address failed policy"},
	{AF_INET6, 1, 6, "reject route"},
	{AF_INET6, 2, 0, "packet too big"},
	{AF_INET6, 3, 1, "reassembly timed out"},
	{AF_INET6, 4, 0, "parameter problem"},
};

/* As traceroute has them. */
static const struct icmp_mark {
	int family;
	uint8_t type, code;
	const char *mark;
} icmp_marks[] = {
	{AF_INET, 3, 0, "!N"},
	{AF_INET, 3, 1, "!H"},
	{AF_INET, 3, 2, "!P"},
	{AF_INET, 3, 3, ""},
	{AF_INET, 3, 4, "!F"},
	{AF_INET, 3, 5, "!S"},
	{AF_INET, 3, 13, "!X"},
	{AF_INET, 3, 14, "!V"},
	{AF_INET, 3, 15, "!C"},
	{AF_INET6, 1, 0, "!N"},
	{AF_INET6, 1, 1, "!X"},
	{AF_INET6, 1, 2, "!H"},
	{AF_INET6, 1, 3, "!H"},
	{AF_INET6, 1, 4, ""},
};

static const char *const answer_names[PATH_ANSWER_COUNT] = {
	[PATH_ANSWER_ECHO] = "echo",
	[PATH_ANSWER_CONNECTED] = "connected",
	[PATH_ANSWER_REFUSED] = "refused",
	[PATH_ANSWER_UDP] = "udp",
	[PATH_ANSWER_PORT] = "port-unreachable",
	[PATH_ANSWER_EXCEEDED] = "time-exceeded",
	[PATH_ANSWER_UNREACHABLE] = "unreachable",
	[PATH_ANSWER_OTHER] = "icmp-error",
};

enum {
	ICMP4_UNREACHABLE = 3,
	ICMP4_HOST_UNREACHABLE = 1,
	ICMP4_PORT_UNREACHABLE = 3,
	ICMP4_TIME_EXCEEDED = 11,
	ICMP6_TIME_EXCEEDED = 3,
	ICMP6_ADDRESS_UNREACHABLE = 3,
	ICMP6_PORT_UNREACHABLE = 4,
	ICMP4_FRAGMENTATION_NEEDED = 4,
	ICMP6_UNREACHABLE = 1,
	ICMP6_TOO_BIG = 2,
	EXTENSION_VERSION = 2,
	EXTENSION_MPLS_CLASS = 1, /* RFC 4950 */
	EXTENSION_MPLS_STACK = 1,
};

const char *
path_icmp_words(int family, uint8_t type, uint8_t code)
{
	for (size_t i = 0; i < sizeof icmp_words / sizeof icmp_words[0]; i++)
		if (icmp_words[i].family == family && icmp_words[i].type == type &&
			icmp_words[i].code == code)
			return icmp_words[i].words;
	return NULL;
}

const char *
path_answer_name(enum path_answer answer)
{
	return answer_names[answer];
}

void
path_icmp_mark(int family, uint8_t type, uint8_t code, char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < sizeof icmp_marks / sizeof icmp_marks[0]; i++)
		if (icmp_marks[i].family == family && icmp_marks[i].type == type &&
			icmp_marks[i].code == code) {
			text_add(out, size, 0, "%s", icmp_marks[i].mark);
			return;
		}
	if (type == (family == AF_INET ? ICMP4_UNREACHABLE : ICMP6_UNREACHABLE))
		text_add(out, size, 0, "!<%u>", (unsigned)code);
}

static bool
is_unreachable_for(
	const struct path *path, const struct message_probe_answer *answer, uint8_t v4, uint8_t v6)
{
	return path_is_unreachable(path, answer) &&
	       answer->icmp_code == (address_is_v4(&path->start.target) ? v4 : v6);
}

bool
path_is_neighbour_timeout(const struct path *path, const struct message_probe_answer *answer)
{
	return is_unreachable_for(path, answer, ICMP4_HOST_UNREACHABLE, ICMP6_ADDRESS_UNREACHABLE);
}

enum path_answer
path_answer_of(const struct path *path, const struct message_probe_answer *answer)
{
	const uint8_t exceeded =
		address_is_v4(&path->start.target) ? ICMP4_TIME_EXCEEDED : ICMP6_TIME_EXCEEDED;

	switch ((enum probe_answer)answer->kind) {
	case PROBE_ANSWER_ECHO: return PATH_ANSWER_ECHO;
	case PROBE_ANSWER_CONNECTED: return PATH_ANSWER_CONNECTED;
	case PROBE_ANSWER_REFUSED: return PATH_ANSWER_REFUSED;
	case PROBE_ANSWER_UDP: return PATH_ANSWER_UDP;
	case PROBE_ANSWER_ICMP: break;
	}
	if (is_unreachable_for(path, answer, ICMP4_PORT_UNREACHABLE, ICMP6_PORT_UNREACHABLE))
		return PATH_ANSWER_PORT;
	if (path_is_unreachable(path, answer))
		return PATH_ANSWER_UNREACHABLE;
	return answer->icmp_type == exceeded ? PATH_ANSWER_EXCEEDED : PATH_ANSWER_OTHER;
}

unsigned
path_hops_back(uint8_t ttl, unsigned expected, unsigned *first)
{
	static const unsigned firsts[] = {255, 128, 64, 32};
	unsigned best = 0, least = UINT_MAX;

	for (size_t i = 0; ttl != 0 && i < sizeof firsts / sizeof firsts[0] && firsts[i] >= ttl;
		i++) {
		const unsigned back = firsts[i] - ttl + 1;
		const unsigned apart = back > expected ? back - expected : expected - back;

		if (apart >= least)
			continue;
		least = apart;
		best = back;
		if (first != NULL)
			*first = firsts[i];
	}
	return best;
}

static unsigned
get16(const uint8_t *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

/* One label stack object of RFC 4950 section 3. */
static void
read_labels(struct hop *hop, const uint8_t *object, size_t len)
{
	hop->label_count = 0;
	for (size_t i = 0; i + 4 <= len && hop->label_count < PATH_LABELS_MAX; i += 4) {
		const uint8_t *entry = object + i;
		hop->labels[hop->label_count++] = (struct hop_label){
			.label = (uint32_t)entry[0] << 12 | (uint32_t)entry[1] << 4 | entry[2] >> 4,
			.traffic_class = entry[2] >> 1 & 7,
			.bottom = entry[2] & 1,
			.ttl = entry[3]};
	}
}

/* RFC 4884 section 7: a header of 4 bytes, then objects of length, class, type. */
static void
read_extensions(struct hop *hop, const uint8_t *data, size_t len)
{
	if (len < 4 || data[0] >> 4 != EXTENSION_VERSION)
		return;
	for (size_t at = 4; at + 4 <= len;) {
		const size_t object = get16(data + at);
		if (object < 4 || object > len - at)
			return;
		if (data[at + 2] == EXTENSION_MPLS_CLASS && data[at + 3] == EXTENSION_MPLS_STACK)
			read_labels(hop, data + at + 4, object - 4);
		at += object;
	}
}

bool
path_is_too_big(const struct path *path, const struct message_probe_answer *answer)
{
	if (answer->kind != PROBE_ANSWER_ICMP)
		return false;
	return address_is_v4(&path->start.target)
		       ? answer->icmp_type == ICMP4_UNREACHABLE &&
				 answer->icmp_code == ICMP4_FRAGMENTATION_NEEDED
		       : answer->icmp_type == ICMP6_TOO_BIG;
}

bool
path_is_unreachable(const struct path *path, const struct message_probe_answer *answer)
{
	const bool v4 = address_is_v4(&path->start.target);

	return answer->kind == PROBE_ANSWER_ICMP && !path_is_too_big(path, answer) &&
	       answer->icmp_type == (v4 ? ICMP4_UNREACHABLE : ICMP6_UNREACHABLE);
}

void
path_limit_mtu(struct path *path, uint16_t mtu)
{
	if (mtu == 0 || (path->mtu != 0 && mtu >= path->mtu))
		return;
	path->mtu = mtu;
	/* What passed before this became known does not pass any more. */
	if (path->passed_size > mtu)
		path->passed_size = 0;
}

void
path_note_mtu(struct path *path, const struct hop *hop, const struct message_probe_answer *answer)
{
	if (answer->info == 0 || answer->info > UINT16_MAX)
		return;
	const uint16_t mtu = (uint16_t)answer->info;
	path_limit_mtu(path, mtu);
	for (unsigned i = 0; i < hop->ttl; i++)
		for (unsigned k = 0; k < path->hops[i].address_count; k++)
			if (address_compare(&path->hops[i].addresses[k].address, &answer->from) ==
				0)
				path->hops[i].mtu = mtu;
}

void
path_note_icmp(const struct path *path, struct hop *hop, const struct message_probe_answer *answer)
{
	if (answer->extension != 0 && answer->extension < answer->data.len)
		read_extensions(hop, (const uint8_t *)answer->data.data + answer->extension,
			answer->data.len - answer->extension);
	else
		hop->label_count = 0;
	hop->error_type = hop->error_code = 0;
	if (path_is_unreachable(path, answer)) {
		hop->error_type = answer->icmp_type;
		hop->error_code = answer->icmp_code;
		hop->error_from = answer->from;
	}
}
