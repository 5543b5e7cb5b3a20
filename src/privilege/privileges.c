/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capabilities are given up in three steps and then verified: none is left that is not asked for,
 * and none can come back by being root (securebits) or by executing a program (bounding set,
 * no_new_privs). Bounding set and securebits need CAP_SETPCAP; a process without it is not root,
 * and no_new_privs is enough for it.
 */
#include <config.h>

#include <sockwatch/privilege/privileges.h>

#include <cap-ng.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <sockwatch/privilege/lock.h>
#include <sockwatch/privilege/process_rights.h>
#include <sockwatch/privilege/user.h>
#include <sockwatch/stream/rights.h>

static const struct {
	enum right right;
	unsigned capability;
	bool is_for_once; /* effective only between privileges_raise and privileges_forget */
} rights_known[] = {
	{RIGHT_NET_ADMIN, CAP_NET_ADMIN, false},
	{RIGHT_NET_RAW, CAP_NET_RAW, false},
	{RIGHT_SYS_PTRACE, CAP_SYS_PTRACE, false},
	{RIGHT_DAC_READ_SEARCH, CAP_DAC_READ_SEARCH, false},
	{RIGHT_SYS_ADMIN, CAP_SYS_ADMIN, false},
	{RIGHT_KILL, CAP_KILL, false},
	{RIGHT_BPF, CAP_BPF, true},
	{RIGHT_PERFMON, CAP_PERFMON, true},
};

enum { RIGHTS_KNOWN = sizeof rights_known / sizeof *rights_known };

static uint32_t
get(capng_type_t set)
{
	uint32_t rights = 0;

	if (capng_get_caps_process() != 0)
		return 0;
	for (size_t i = 0; i < RIGHTS_KNOWN; i++) {
		if (capng_have_capability(set, rights_known[i].capability))
			rights |= rights_known[i].right;
	}
	return rights;
}

uint32_t
privileges_get(void)
{
	return get(CAPNG_EFFECTIVE);
}

/* Before the capabilities go: CAP_SETPCAP is one of them. */
static void
lock_root_out(void)
{
	(void)prctl(PR_SET_SECUREBITS,
		SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
			SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
			SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
		0, 0, 0);
}

static int
drop_failed(struct error *error, const char *what, int cause)
{
	error_set(error, "cannot give up rights: %s: %s", what, strerror(cause));
	return -cause;
}

/* effective: the part of kept that is in force. */
static int
verify(uint64_t kept, uint64_t effective, bool bounding_too, struct error *error)
{
	struct process_rights found;
	const int result = process_rights_read(0, &found);

	if (result != 0)
		return drop_failed(error, "/proc/self/status", -result);
	if (found.permitted == kept && found.effective == effective && found.inheritable == 0 &&
		found.ambient == 0 && found.has_no_new_privs &&
		(!bounding_too || found.bounding == 0))
		return 0;
	error_set(error,
		"rights were not given up: effective %" PRIx64 ", permitted %" PRIx64
		", inheritable %" PRIx64 ", ambient %" PRIx64 ", bounding %" PRIx64,
		found.effective, found.permitted, found.inheritable, found.ambient, found.bounding);
	return -EPERM;
}

/*
 * Becomes another user, who may have fewer capabilities without being root: the kernel leaves them
 * to a process that changes its user only where it is told to.
 */
static int
change_user(int (*become)(struct error *error), bool is_locked, struct error *error)
{
	int result;

	if (!is_locked && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0)
		return drop_failed(error, "keepcaps", errno);
	result = become(error);
	if (!is_locked)
		(void)prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
	return result;
}

static int
verify_user(struct error *error)
{
	if (getuid() != 0 && (setuid(0) == 0 || seteuid(0) == 0))
		return drop_failed(error, "root could be had again", EPERM);
	return 0;
}

/* Becomes another user, and drops all capabilities but these, which the process has. */
static int
keep_only(uint32_t rights, int (*become)(struct error *error), struct error *error)
{
	const bool may_set_bounding = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	uint64_t kept = 0, effective = 0;
	int result;

	if (may_set_bounding)
		lock_root_out();
	result = change_user(become, may_set_bounding, error);
	if (result != 0)
		return result;
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	capng_clear(CAPNG_SELECT_BOTH);
	for (size_t i = 0; i < RIGHTS_KNOWN; i++) {
		if ((rights & rights_known[i].right) == 0)
			continue;
		kept |= UINT64_C(1) << rights_known[i].capability;
		if (!rights_known[i].is_for_once)
			effective |= UINT64_C(1) << rights_known[i].capability;
		capng_update(CAPNG_ADD,
			rights_known[i].is_for_once ? CAPNG_PERMITTED
						    : CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			rights_known[i].capability);
	}
	if (capng_apply(may_set_bounding ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS) != 0)
		return drop_failed(error, "capset", errno != 0 ? errno : EPERM);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return drop_failed(error, "no_new_privs", errno);
	result = verify(kept, effective, may_set_bounding, error);
	return result != 0 ? result : verify_user(error);
}

int
privileges_drop_collector(uint32_t rights, struct error *error)
{
	/* privileges_get also makes libcap-ng read the state of this process. */
	const uint32_t had = privileges_get();
	const int result = keep_only(had & rights, user_become_helper, error);

	if (result == 0)
		(void)lock_tracing();
	return result;
}

static int
change(capng_act_t act, capng_type_t sets, uint32_t rights)
{
	for (size_t i = 0; i < RIGHTS_KNOWN; i++) {
		if ((rights & rights_known[i].right) != 0)
			capng_update(act, sets, rights_known[i].capability);
	}
	return capng_apply(CAPNG_SELECT_CAPS) == 0 ? 0 : -EPERM;
}

int
privileges_raise(uint32_t rights)
{
	const uint32_t had = get(CAPNG_PERMITTED);

	if ((rights & ~had) != 0)
		return -EPERM;
	return change(CAPNG_ADD, CAPNG_EFFECTIVE, rights);
}

int
privileges_forget(uint32_t rights)
{
	const uint32_t had = get(CAPNG_PERMITTED);

	if ((rights & had) != 0)
		(void)change(CAPNG_DROP, CAPNG_EFFECTIVE | CAPNG_PERMITTED, rights & had);
	return (get(CAPNG_PERMITTED) & rights) == 0 ? 0 : -EPERM;
}

static int
stay(struct error *error)
{
	(void)error;
	return 0;
}

static int
drop_all(int (*become)(struct error *error), struct error *error)
{
	const bool is_privileged = geteuid() == 0 || privileges_get() != 0;
	int result;

	if (capng_get_caps_process() != 0)
		return drop_failed(error, "reading them", EPERM);
	result = keep_only(0, become, error);
	/* The viewer can command the keeper: no debugger of the same user may take it over. */
	if (result == 0 && is_privileged && (result = lock_tracing()) != 0)
		return drop_failed(error, "dumpable", -result);
	return result;
}

int
privileges_drop_viewer(struct error *error)
{
	return drop_all(user_become_viewer, error);
}

int
privileges_drop_opener(struct error *error)
{
	return drop_all(stay, error);
}
