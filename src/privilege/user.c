/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two places have no other user for a process of root, which then stays uid 0: a user namespace
 * that maps no more than its root (that one is an unprivileged user outside), and a container whose
 * root may not change its user (CAP_SETUID). Without a capability it stays there all the same.
 */
#include <config.h>

#include <sockwatch/privilege/user.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/number.h>

enum { GROUPS_MAX = 128, OVERFLOW_ID = 65534 };

struct ids {
	uid_t uid;
	gid_t gid;
	gid_t groups[GROUPS_MAX];
	size_t group_count;
};

static struct {
	bool is_known; /* user_init was called */
	bool is_root;  /* root started it */
	struct ids owner, helper;
} users;

/* The first entry of /etc/passwd for which it is true, until the next call; NULL: none. */
static const struct passwd *
find_entry(bool (*is_it)(const struct passwd *entry, const void *wanted), const void *wanted)
{
	FILE *const file = fopen("/etc/passwd", "re");
	const struct passwd *entry = NULL;

	if (file == NULL)
		return NULL;
	while ((entry = fgetpwent(file)) != NULL && !is_it(entry, wanted))
		;
	fclose(file);
	return entry;
}

static bool
has_name(const struct passwd *entry, const void *wanted)
{
	return strcmp(entry->pw_name, wanted) == 0;
}

static bool
has_uid(const struct passwd *entry, const void *wanted)
{
	return entry->pw_uid == *(const uid_t *)wanted;
}

static bool
is_member(const struct group *group, const char *name)
{
	for (char *const *member = group->gr_mem; *member != NULL; member++) {
		if (strcmp(*member, name) == 0)
			return true;
	}
	return false;
}

/* The groups of the user beside the first. */
static void
add_groups(struct ids *ids, const char *name)
{
	FILE *const file = fopen("/etc/group", "re");
	const struct group *group;

	if (file == NULL)
		return;
	while ((group = fgetgrent(file)) != NULL && ids->group_count < GROUPS_MAX) {
		if (group->gr_gid != ids->gid && is_member(group, name))
			ids->groups[ids->group_count++] = group->gr_gid;
	}
	fclose(file);
}

/*
 * The user who called sudo, if it was one. Anybody can set these variables; sudo alone also makes
 * the real user root.
 */
static bool
find_sudo_user(struct ids *ids)
{
	const char *const uid_text = getenv("SUDO_UID");
	const char *const gid_text = getenv("SUDO_GID");
	uint64_t uid, gid;
	const struct passwd *entry;

	if (uid_text == NULL || gid_text == NULL ||
		number_parse(uid_text, 1, UINT32_MAX - 1, &uid) != 0 ||
		number_parse(gid_text, 0, UINT32_MAX - 1, &gid) != 0)
		return false;
	*ids = (struct ids){
		.uid = (uid_t)uid, .gid = (gid_t)gid, .groups = {(gid_t)gid}, .group_count = 1};
	entry = find_entry(has_uid, &ids->uid);
	if (entry != NULL)
		add_groups(ids, entry->pw_name);
	return true;
}

void
user_init(void)
{
	users.is_known = true;
	users.owner = (struct ids){.uid = getuid(), .gid = getgid()};
	users.is_root = getuid() == 0 && geteuid() == 0;
	if (users.is_root)
		(void)find_sudo_user(&users.owner);
}

int
user_choose(const char *name, struct error *error)
{
	struct ids *const ids = &users.helper;
	const struct passwd *entry;

	if (!users.is_root)
		return 0;
	entry = find_entry(has_name, name != NULL ? name : UNPRIVILEGED_USER);
	*ids = (struct ids){.uid = entry != NULL ? entry->pw_uid : (uid_t)OVERFLOW_ID,
		.gid = entry != NULL ? entry->pw_gid : (gid_t)OVERFLOW_ID};
	if (entry == NULL && name != NULL) {
		error_set(error, "user: \"%s\" is not in /etc/passwd", name);
		return -ENOENT;
	}
	if (ids->uid == 0) {
		error_set(error, "user: \"%s\" is root; name a user without rights",
			name != NULL ? name : UNPRIVILEGED_USER);
		return -EINVAL;
	}
	ids->groups[0] = ids->gid;
	ids->group_count = 1;
	return 0;
}

bool
user_is_root_login(void)
{
	return users.is_root && users.owner.uid == 0;
}

bool
user_home(char *out, size_t size)
{
	const uid_t uid = user_owner();
	const struct passwd *const entry = find_entry(has_uid, &uid);
	const int len = entry != NULL ? snprintf(out, size, "%s", entry->pw_dir) : -1;

	return len > 0 && (size_t)len < size;
}

uid_t
user_owner(void)
{
	return users.is_known ? users.owner.uid : geteuid();
}

static int
fail(struct error *error, const char *what, int cause)
{
	error_set(error, "cannot become another user than root: %s: %s", what, strerror(cause));
	return -cause;
}

/* Whether it is the place that lacks another user, see above. */
static bool
has_no_other(int cause)
{
	FILE *file;
	unsigned long inside = 0, outside = 0, count = 0;
	int read = 0;

	if (cause == EPERM)
		return true;
	file = cause == EINVAL ? fopen("/proc/self/uid_map", "re") : NULL;
	if (file == NULL)
		return false;
	read = fscanf(file, "%lu %lu %lu", &inside, &outside, &count);
	fclose(file);
	return read == 3 && (outside != 0 || count < UINT32_MAX);
}

static int
become(const struct ids *ids, struct error *error)
{
	uid_t uid, effective_uid, saved_uid;
	gid_t gid, effective_gid, saved_gid;

	if (setgroups(ids->group_count, ids->groups) != 0)
		return has_no_other(errno) ? 0 : fail(error, "setgroups", errno);
	if (setresgid(ids->gid, ids->gid, ids->gid) != 0)
		return has_no_other(errno) ? 0 : fail(error, "setresgid", errno);
	if (setresuid(ids->uid, ids->uid, ids->uid) != 0)
		return has_no_other(errno) ? 0 : fail(error, "setresuid", errno);
	if (getresuid(&uid, &effective_uid, &saved_uid) != 0 ||
		getresgid(&gid, &effective_gid, &saved_gid) != 0 || uid != ids->uid ||
		effective_uid != uid || saved_uid != uid || gid != ids->gid ||
		effective_gid != gid || saved_gid != gid)
		return fail(error, "it did not happen", EPERM);
	return 0;
}

int
user_become_viewer(struct error *error)
{
	if (!users.is_root)
		return 0;
	return become(user_is_root_login() ? &users.helper : &users.owner, error);
}

int
user_become_helper(struct error *error)
{
	return users.is_root ? become(&users.helper, error) : 0;
}
