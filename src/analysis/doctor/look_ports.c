/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The budget of local ports: counted once a look, when a rule asks for it, and shown to others. */
#include <config.h>

#include "doctor_private.h"

const struct port_budget *
look_ports(const struct look *look)
{
	struct doctor *const doctor = look->doctor;

	if (doctor->ports_looks == doctor->looks)
		return &doctor->ports;
	doctor->ports_looks = doctor->looks;
	port_budget_update(&doctor->ports, look->model);
	return &doctor->ports;
}

const struct port_budget *
doctor_ports(const struct doctor *doctor)
{
	return doctor->looks > 0 && doctor->ports_looks == doctor->looks ? &doctor->ports : NULL;
}
