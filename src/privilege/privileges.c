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
#include <grp.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <sockwatch/base/number.h>
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

/* The lines of /proc/self/status that are verified. */
struct status {
	uint64_t inheritable, permitted, effective, bounding, ambient;
	uint64_t no_new_privs;
	unsigned found;
};

static int
read_status(struct status *status)
{
	const struct {
		const char *prefix;
		int base;
		uint64_t *number;
	} lines[] = {
		{"CapInh:", 16, &status->inheritable},
		{"CapPrm:", 16, &status->permitted},
		{"CapEff:", 16, &status->effective},
		{"CapBnd:", 16, &status->bounding},
		{"CapAmb:", 16, &status->ambient},
		{"NoNewPrivs:", 10, &status->no_new_privs},
	};
	FILE *const file = fopen("/proc/self/status", "re");
	char line[256];

	*status = (struct status){0};
	if (file == NULL)
		return -errno;
	while (fgets(line, sizeof line, file) != NULL) {
		for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
			const size_t len = strlen(lines[i].prefix);

			if (strncmp(line, lines[i].prefix, len) != 0)
				continue;
			*lines[i].number = strtoull(line + len, NULL, lines[i].base);
			status->found++;
		}
	}
	fclose(file);
	return status->found == sizeof lines / sizeof *lines ? 0 : -EPROTO;
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
	struct status status;
	const int result = read_status(&status);

	if (result != 0)
		return drop_failed(error, "/proc/self/status", -result);
	if (status.permitted == kept && status.effective == effective && status.inheritable == 0 &&
		status.ambient == 0 && status.no_new_privs == 1 &&
		(!bounding_too || status.bounding == 0))
		return 0;
	error_set(error,
		"rights were not given up: effective %" PRIx64 ", permitted %" PRIx64
		", inheritable %" PRIx64 ", ambient %" PRIx64 ", bounding %" PRIx64,
		status.effective, status.permitted, status.inheritable, status.ambient,
		status.bounding);
	return -EPERM;
}

/* Drops all capabilities but these, which the process has. */
static int
keep_only(uint32_t rights, struct error *error)
{
	const bool may_set_bounding = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	uint64_t kept = 0, effective = 0;

	if (may_set_bounding)
		lock_root_out();
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
	return verify(kept, effective, may_set_bounding, error);
}

int
privileges_drop_collector(uint32_t rights, struct error *error)
{
	/* privileges_get also makes libcap-ng read the state of this process. */
	const uint32_t had = privileges_get();

	return keep_only(had & rights, error);
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

void
privileges_forget(uint32_t rights)
{
	const uint32_t had = get(CAPNG_PERMITTED);

	if ((rights & had) != 0)
		(void)change(CAPNG_DROP, CAPNG_EFFECTIVE | CAPNG_PERMITTED, rights & had);
}

/* The user who called sudo, if it was one. */
static bool
find_sudo_user(uid_t *uid, gid_t *gid)
{
	const char *const uid_text = getenv("SUDO_UID");
	const char *const gid_text = getenv("SUDO_GID");
	uint64_t uid_number, gid_number;

	if (geteuid() != 0 || uid_text == NULL || gid_text == NULL)
		return false;
	if (number_parse(uid_text, 1, UINT32_MAX - 1, &uid_number) != 0 ||
		number_parse(gid_text, 0, UINT32_MAX - 1, &gid_number) != 0)
		return false;
	*uid = (uid_t)uid_number;
	*gid = (gid_t)gid_number;
	return true;
}

static int
become(uid_t uid, gid_t gid, struct error *error)
{
	const struct passwd *const user = getpwuid(uid);
	uid_t real, effective, saved;

	/* A user without an entry has no other groups. */
	if ((user != NULL ? initgroups(user->pw_name, gid) : setgroups(1, &gid)) != 0)
		return drop_failed(error, "groups of the user who called sudo", errno);
	if (setresgid(gid, gid, gid) != 0)
		return drop_failed(error, "setresgid", errno);
	if (setresuid(uid, uid, uid) != 0)
		return drop_failed(error, "setresuid", errno);
	if (getresuid(&real, &effective, &saved) != 0 || real != uid || effective != uid ||
		saved != uid || setuid(0) == 0)
		return drop_failed(error, "root could be had again", EPERM);
	return 0;
}

/* The viewer can command the keeper: no debugger of the same user may take it over. */
static int
forbid_tracing(void)
{
#ifdef SANITIZERS /* their leak detector traces its own process */
	return 0;
#else
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ? errno : 0;
#endif
}

int
privileges_drop_viewer(struct error *error)
{
	const bool is_privileged = geteuid() == 0 || privileges_get() != 0;
	const bool may_set_bounding = capng_get_caps_process() == 0 &&
				      capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	uid_t uid;
	gid_t gid;
	int result;

	/* The bounding set goes first: the right to clear it is lost with root. */
	if (may_set_bounding) {
		capng_clear(CAPNG_SELECT_BOUNDS);
		if (capng_apply(CAPNG_SELECT_BOUNDS) != 0)
			return drop_failed(error, "bounding set", EPERM);
	}
	if (find_sudo_user(&uid, &gid)) {
		result = become(uid, gid, error);
		if (result != 0)
			return result;
	}
	if (is_privileged && (result = forbid_tracing()) != 0)
		return drop_failed(error, "dumpable", result);
	if (capng_get_caps_process() != 0)
		return drop_failed(error, "reading them", EPERM);
	result = keep_only(0, error);
	if (result == 0 && may_set_bounding)
		result = verify(0, 0, true, error);
	return result;
}
