/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The finding that a socket belongs to, for its field; in a file of its own, as fields need it. */
#include <config.h>

#include "doctor_private.h"

const struct finding *
doctor_of_socket(const struct doctor *doctor, uint32_t id)
{
	const uint8_t at = id < doctor->of_row_count ? doctor->of_row[id] : 0;

	return at != 0 ? doctor->listed[at - 1] : NULL;
}
