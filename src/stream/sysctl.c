/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and scopes of sysctls, by the table of the header. */
#include <config.h>

#include <sockwatch/stream/sysctl.h>

static const struct {
	const char *name;
	enum sysctl_scope scope;
} definitions[SYSCTL_COUNT] = {
#define SYSCTL_PLACE(name, text, scope) [SYSCTL_##name] = {text, scope},
	SYSCTL_LIST(SYSCTL_PLACE)
#undef SYSCTL_PLACE
};

const char *
sysctl_name(enum sysctl sysctl)
{
	return definitions[sysctl].name;
}

enum sysctl_scope
sysctl_scope(enum sysctl sysctl)
{
	return definitions[sysctl].scope;
}
