/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A token bucket: what is ordered by somebody who is not trusted is bounded by one. */
#include <config.h>

#include <sockwatch/privilege/budget.h>

static const uint64_t second_ns = UINT64_C(1000000000);

void
budget_init(struct budget *budget, uint64_t per_s, uint64_t most, uint64_t now_ns)
{
	*budget = (struct budget){.per_s = per_s, .most = most, .left = most, .filled_ns = now_ns};
}

uint64_t
budget_left(struct budget *budget, uint64_t now_ns)
{
	const uint64_t missing = budget->most - budget->left;
	const uint64_t passed_ns = now_ns - budget->filled_ns;
	uint64_t more;

	if (passed_ns / second_ns > missing / budget->per_s) {
		budget->left = budget->most;
		budget->filled_ns = now_ns;
		return budget->left;
	}
	more = passed_ns * budget->per_s / second_ns;
	if (more >= missing) {
		budget->left = budget->most;
		budget->filled_ns = now_ns;
		return budget->left;
	}
	/* The rest of the time counts for the next unit. */
	budget->left += more;
	budget->filled_ns += more * second_ns / budget->per_s;
	return budget->left;
}

bool
budget_take(struct budget *budget, uint64_t amount, uint64_t now_ns)
{
	if (budget_left(budget, now_ns) < amount)
		return false;
	budget->left -= amount;
	return true;
}

uint64_t
budget_ready_ns(struct budget *budget, uint64_t amount, uint64_t now_ns)
{
	const uint64_t wanted = amount < budget->most ? amount : budget->most;
	const uint64_t left = budget_left(budget, now_ns);

	if (left >= wanted)
		return now_ns;
	return budget->filled_ns +
	       ((wanted - left) * second_ns + budget->per_s - 1) / budget->per_s;
}
