/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about the budget of local ports. */
#include <config.h>

#include <sockwatch/report/ports_report.h>

#include <sockwatch/model/netns.h>

static const char *const reuse_words[] = {
	[PORT_REUSE_UNKNOWN] = "tcp_tw_reuse was not read, so that no TIME-WAIT counts as free",
	[PORT_REUSE_NONE] = "ports in TIME-WAIT are not used again for 60 s",
	[PORT_REUSE_LOOPBACK] =
		"ports in TIME-WAIT are used again after tcp_tw_reuse_delay only by connections of 127.0.0.0/8 and ::1 (tcp_tw_reuse 2)",
	[PORT_REUSE_ALL] =
		"ports in TIME-WAIT are used again after tcp_tw_reuse_delay, if the peer uses timestamps (tcp_tw_reuse 1)",
};

static void
append_name(const struct model *model, uint32_t number, struct buffer *out)
{
	const struct netns_row *const netns = model_netns(model, (uint16_t)number);
	char composed[NETNS_LABEL_SIZE], clean[256];

	if (netns == NULL)
		return;
	text_clean(netns_label(model, netns, composed), clean, sizeof clean);
	buffer_append_format(out, "%s: ", clean);
}

void
ports_report_spaces(const struct port_budget *budget, const struct model *model, struct buffer *out)
{
	for (uint32_t i = 0; i < budget->spaces.count; i++) {
		const struct port_space *const space = keyed_at(&budget->spaces, i);

		append_name(model, (uint32_t)space->netns, out);
		if (space->is_known)
			buffer_append_format(out,
				"at most %u local ports to each destination: %u to %u without %u%s reserved and %u bound; %s\n",
				(unsigned)space->usable, (unsigned)space->low,
				(unsigned)space->high, (unsigned)space->reserved,
				space->is_cut ? " or more" : "", (unsigned)space->bound,
				reuse_words[space->reuse]);
		else
			buffer_append_text(out,
				"ip_local_port_range was not read, so that the usable ports are not known\n");
	}
}

static void
append_full(const struct destination *destination, uint32_t usable, struct buffer *out)
{
	char local[ADDRESS_TEXT_SIZE], remote[ADDRESS_PORT_SIZE];

	address_format(&destination->key.local, local, sizeof local);
	address_format_port(
		&destination->key.remote, (uint16_t)destination->key.port, remote, sizeof remote);
	buffer_append_format(out,
		"%s to %s: all %u local ports are in use, %u of them in TIME-WAIT: connect() fails with EADDRNOTAVAIL (99)",
		local, remote, (unsigned)usable,
		(unsigned)destination->by_state[TCP_STATE_TIME_WAIT]);
	if (destination->seconds > 0)
		buffer_append_format(out, "; %.3g a second come free", destination->freed_a_second);
	buffer_append_char(out, '\n');
}

void
ports_report_full(const struct port_budget *budget, const struct model *model, struct buffer *out)
{
	for (uint32_t i = 0; i < port_budget_count(budget); i++) {
		const struct destination *const destination = port_budget_at(budget, i);
		uint32_t ports;

		if (!destination_free(budget, destination, &ports) || ports != 0)
			continue;
		if (model->netns_count > 1)
			append_name(model, destination->key.netns, out);
		append_full(destination, port_budget_space(budget, destination->key.netns)->usable,
			out);
	}
}
