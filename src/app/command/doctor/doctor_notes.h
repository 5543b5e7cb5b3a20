/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What doctor could not look at, on standard error. */
#ifndef SOCKWATCH_APP_COMMAND_DOCTOR_DOCTOR_NOTES_H
#define SOCKWATCH_APP_COMMAND_DOCTOR_DOCTOR_NOTES_H

#include <sockwatch/analysis/doctor.h>

/* A line for each source that was missing, with the rules that need it. */
void doctor_notes_print(const struct doctor *doctor, const struct doctor_settings *settings,
	const struct model *model);

#endif
