/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What follows from counters: differences, shares, bytes. */
#include <config.h>

#include <sockwatch/analysis/counter/counter_derived.h>

#include <math.h>
#include <string.h>

#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/sysctl.h>

enum { MEM_NUMBERS = 3, NUMBER_SIZE = 32 };

const struct counter_difference counter_differences[COUNTER_DIFFERENCES] = {
	{"RetransSegs-TCPSynRetrans", COUNTER_RETRANS_SEGS, COUNTER_SYN_RETRANS},
};

static const struct {
	const char *name;
	enum counter_whole whole;
} wholes[] = {
	{"Tcp.RetransSegs", COUNTER_WHOLE_SENT},
	{"RetransSegs-TCPSynRetrans", COUNTER_WHOLE_SENT},
	{"TCP.mem", COUNTER_WHOLE_MEM},
	{"TCP.orphan", COUNTER_WHOLE_ORPHANS},
};

bool
counter_difference_total(const struct counters *counters,
	const struct counter_difference *difference, uint64_t *total)
{
	const struct counter_reading *const whole = &counters->rows[difference->whole];
	const struct counter_reading *const part = &counters->rows[difference->part];

	if (!whole->known || !part->known)
		return false;
	*total = whole->value > part->value ? whole->value - part->value : 0;
	return true;
}

enum counter_whole
counter_whole_of(const char *name)
{
	for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++) {
		if (strcmp(wholes[i].name, name) == 0)
			return wholes[i].whole;
	}
	return COUNTER_WHOLE_NONE;
}

const char *
counter_whole_name(enum counter_whole whole)
{
	switch (whole) {
	case COUNTER_WHOLE_NONE: break;
	case COUNTER_WHOLE_SENT: return "segments sent";
	case COUNTER_WHOLE_MEM: return "tcp_mem";
	case COUNTER_WHOLE_ORPHANS: return "tcp_max_orphans";
	}
	return "";
}

static bool
read_mem(const struct model *model, uint64_t mem[MEM_NUMBERS])
{
	return model_sysctl_numbers(model, 0, SYSCTL_TCP_MEM, mem, MEM_NUMBERS) == MEM_NUMBERS;
}

bool
counter_whole_limit(const struct model *model, enum counter_whole whole, uint64_t *limit)
{
	uint64_t mem[MEM_NUMBERS];

	if (whole == COUNTER_WHOLE_ORPHANS)
		return model_sysctl(model, 0, SYSCTL_MAX_ORPHANS, limit);
	if (whole != COUNTER_WHOLE_MEM || !read_mem(model, mem))
		return false;
	*limit = mem[MEM_NUMBERS - 1];
	return true;
}

double
counter_share(double part, double rest)
{
	return part + rest > 0 ? 100 * part / (part + rest) : (double)NAN;
}

bool
counter_pages_bytes(const struct model *model, uint64_t pages, uint64_t *bytes)
{
	const uint32_t size = model->host.page_size;

	if (size == 0 || pages > UINT64_MAX / size)
		return false;
	*bytes = pages * size;
	return true;
}

const char *
counter_pages_words(const struct model *model, uint64_t pages, char out[COUNTER_PAGES_SIZE])
{
	uint64_t mem[MEM_NUMBERS], bytes;
	char number[NUMBER_SIZE];
	size_t len = 0;

	out[0] = '\0';
	if (!counter_pages_bytes(model, pages, &bytes))
		return out;
	number_format_short(bytes, UNIT_BYTES, number, sizeof number);
	len = text_add(out, COUNTER_PAGES_SIZE, len, "%s", number);
	if (!read_mem(model, mem))
		return out;
	len = text_add(out, COUNTER_PAGES_SIZE, len, "; tcp_mem");
	for (size_t i = 0; i < MEM_NUMBERS && counter_pages_bytes(model, mem[i], &bytes); i++) {
		number_format_short(bytes, UNIT_BYTES, number, sizeof number);
		len = text_add(out, COUNTER_PAGES_SIZE, len, " %s", number);
	}
	return out;
}
