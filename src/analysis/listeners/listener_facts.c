/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters and settings of a namespace that its listeners depend on. */
#include <config.h>

#include <sockwatch/analysis/listeners/listener_facts.h>

#include <sockwatch/model/counters.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/sysctl.h>

/* Topic, a counter or a sysctl, name, brief name. */
#define COUNTED(topic_, counter_, name_, brief_)                                                   \
	{                                                                                          \
		LISTENER_FACT_##topic_, COUNTER_##counter_, SYSCTL_COUNT, name_, brief_            \
	}
#define SETTING(sysctl_, name_, brief_)                                                            \
	{                                                                                          \
		LISTENER_FACT_SETTINGS, COUNTER_COUNT, SYSCTL_##sysctl_, name_, brief_             \
	}

static const struct {
	enum listener_fact_topic topic;
	enum counter counter;
	enum sysctl sysctl;
	const char *name, *brief;
} rows[LISTENER_FACTS] = {
	COUNTED(DROPS, LISTEN_OVERFLOWS, "ListenOverflows", "overflows"),
	COUNTED(DROPS, LISTEN_DROPS, "ListenDrops", "drops"),
	COUNTED(DROPS, REQ_Q_FULL_DROP, "TCPReqQFullDrop", "SYN queue full"),
	COUNTED(COOKIES, SYNCOOKIES_SENT, "SyncookiesSent", "cookies sent"),
	COUNTED(COOKIES, SYNCOOKIES_RECV, "SyncookiesRecv", "received"),
	COUNTED(COOKIES, SYNCOOKIES_FAILED, "SyncookiesFailed", "failed"),
	COUNTED(COOKIES, REQ_Q_FULL_DO_COOKIES, "TCPReqQFullDoCookies", "SYN queue full"),
	SETTING(SYNCOOKIES, "tcp_syncookies", "syncookies"),
	SETTING(SOMAXCONN, "somaxconn", "somaxconn"),
	SETTING(MAX_SYN_BACKLOG, "tcp_max_syn_backlog", "max_syn_backlog"),
	SETTING(ABORT_ON_OVERFLOW, "tcp_abort_on_overflow", "abort_on_overflow"),
};

void
listener_facts(
	const struct model *model, uint16_t netns, struct listener_fact facts[LISTENER_FACTS])
{
	const struct netns_row *const row = model_netns(model, netns);

	for (size_t i = 0; i < LISTENER_FACTS; i++) {
		struct listener_fact *const fact = &facts[i];

		*fact = (struct listener_fact){
			.topic = rows[i].topic, .name = rows[i].name, .brief = rows[i].brief};
		if (rows[i].sysctl != SYSCTL_COUNT) {
			fact->is_known = model_sysctl(model, netns, rows[i].sysctl, &fact->value);
			continue;
		}
		if (row == NULL || !row->counters.rows[rows[i].counter].known)
			continue;
		fact->is_known = true;
		fact->value = row->counters.rows[rows[i].counter].value;
		fact->has_rate = counters_rate(&row->counters, rows[i].counter, &fact->a_second);
	}
}
