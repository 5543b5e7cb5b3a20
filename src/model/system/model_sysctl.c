/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes sysctls in and finds them. */
#include <config.h>

#include <sockwatch/model/sysctl.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/apply.h"
#include "model/netns_private.h"
#include "sysctl_values.h"

/* The number of a namespace that stands for the machine. */
enum { MACHINE = 0 };

static struct sysctl_values *
place_of(struct model *model, uint32_t id)
{
	struct netns_row *netns;

	if (id == MACHINE)
		return &model->own->sysctls;
	netns = netns_get(model, id);
	if (netns == NULL)
		return NULL;
	if (netns->own->sysctls == NULL)
		netns->own->sysctls = calloc(1, sizeof *netns->own->sysctls);
	return netns->own->sysctls;
}

void
apply_sysctls(struct model *model, const union message_body *body)
{
	struct sysctl_values *const values = place_of(model, body->sysctls.netns);

	if (values == NULL)
		return;
	sysctl_values_take(values, body->sysctls.text);
	model->changes++;
}

/* NULL: none was read there. */
static const struct sysctl_values *
find(const struct model *model, uint16_t netns, enum sysctl sysctl)
{
	const struct netns_row *const row = model_netns(model, netns);

	if (sysctl_scope(sysctl) == SYSCTL_OF_MACHINE)
		return &model->own->sysctls;
	return row != NULL ? row->own->sysctls : NULL;
}

enum sysctl_state
model_sysctl_state(const struct model *model, uint16_t netns, enum sysctl sysctl)
{
	const struct sysctl_values *const values = find(model, netns, sysctl);

	return values != NULL ? (enum sysctl_state)values->states[sysctl] : SYSCTL_NOT_READ;
}

const char *
model_sysctl_text(const struct model *model, uint16_t netns, enum sysctl sysctl)
{
	const struct sysctl_values *const values = find(model, netns, sysctl);

	return values != NULL ? values->texts[sysctl] : NULL;
}

size_t
model_sysctl_numbers(const struct model *model, uint16_t netns, enum sysctl sysctl,
	uint64_t *numbers, size_t max)
{
	const char *text = model_sysctl_text(model, netns, sysctl);
	size_t count = 0;

	while (text != NULL && count < max) {
		char *end;

		text += strspn(text, " \t");
		if (*text < '0' || *text > '9')
			break;
		errno = 0;
		numbers[count] = strtoull(text, &end, 10);
		if (errno != 0 || (*end != '\0' && *end != ' ' && *end != '\t'))
			break;
		count++;
		text = end;
	}
	return count;
}

bool
model_sysctl(const struct model *model, uint16_t netns, enum sysctl sysctl, uint64_t *value)
{
	return model_sysctl_numbers(model, netns, sysctl, value, 1) == 1;
}
