/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says why the process of a socket is not seen, from what the collector could and could not look
 * at. */
#include <config.h>

#include "hidden.h"

#include <stdio.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>
#include <sockwatch/stream/rights.h>

#include "model_private.h"

static size_t
add_limits(char *out, size_t size, size_t len, uint32_t limits)
{
	if ((limits & PROC_LIMIT_MISSING) != 0)
		len = text_add(out, size, len, " There is no /proc to look into.");
	if ((limits & PROC_LIMIT_NAMESPACE) != 0)
		len = text_add(out, size, len,
			" /proc shows one PID namespace only: the process may be in another one, which the host sees.");
	if ((limits & PROC_LIMIT_HIDEPID) != 0)
		len = text_add(out, size, len,
			" /proc is mounted with hidepid and leaves out processes that sockwatch may not look into: that needs CAP_SYS_PTRACE, as with sudo.");
	return len;
}

static size_t
add_unreadable(char *out, size_t size, size_t len, const struct model *model)
{
	const uint32_t enough = RIGHT_SYS_PTRACE | RIGHT_DAC_READ_SEARCH;
	const uint32_t count = model->owners_hidden;

	if (count == 0)
		return len;
	if ((model->host.rights & enough) != enough)
		return text_add(out, size, len,
			" The descriptors of %u process%s cannot be read: that needs CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, as with sudo.",
			count, count == 1 ? "" : "es");
	return text_add(out, size, len,
		" %u process%s more capabilities than sockwatch, so the kernel does not show %s descriptors.",
		count, count == 1 ? " has" : "es have", count == 1 ? "its" : "their");
}

/* The reasons, each a sentence; the last one is what no look at /proc can show. */
static void
compose(struct model *model, uint32_t limits)
{
	char *const out = model->own->hidden_words;
	const size_t size = sizeof model->own->hidden_words;
	size_t len = text_add(out, size, 0, "No process that can be seen holds it.");
	const size_t before = len;

	len = add_limits(out, size, len, limits);
	len = add_unreadable(out, size, len, model);
	if (model->processes.refused != 0)
		len = text_add(out, size, len, " Not all owners had room in the table.");
	text_add(out, size, len,
		"%s in transit over a Unix socket or kept by io_uring, or the kernel opened the socket for itself: for a network file system, or for a tunnel, whose port \"ip -d link\" or \"wg show\" lists%s.",
		len == before ? " All processes were read: its descriptor is"
			      : " Or its descriptor is",
		len == before ? ". The kernel does not report which" : "");
}

void
hidden_settle(struct model *model, const struct message_snapshot_end *end)
{
	struct model_private *const own = model->own;
	const uint64_t ago_ns = end->monotonic_ns - end->owners_settled_ns;

	own->has_settled =
		end->owners_settled_ns != 0 && end->owners_settled_ns <= end->monotonic_ns;
	own->settled_ms = model_now_ms(model) - (uint32_t)(ago_ns / CLOCK_NS_PER_MS);
	model->proc_limits = end->proc_limits;
	compose(model, end->proc_limits);
}

void
hidden_forget(struct model *model)
{
	model->own->has_settled = false;
	model->proc_limits = 0;
}

bool
hidden_is_searched(const struct model *model, const struct socket_row *row)
{
	const struct model_private *const own = model->own;

	/* Without any process, owners were not asked for yet. */
	if (model->processes.count == 0)
		return false;
	if (model->owners_pending == 0)
		return model->complete_sequence != 0;
	/* One that was reported since may have got its descriptor then: accept gives it one. */
	return own->has_settled && (int32_t)(row->first_ms - own->settled_ms) < 0 &&
	       (int32_t)(row->seen_ms - own->settled_ms) < 0;
}
