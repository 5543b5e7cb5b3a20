/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sandboxes, from inside: a child enters one and tries what somebody would who has taken over
 * that process. Each try is refused, or ends the child; what the process needs still works.
 */
#include <config.h>

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sockwatch/privilege/sandbox.h>

#include "privilege/sandbox/landlock.h"

enum {
	NOBODY = 65534,
	DONE = 0,
	KILLED = 1000, /* above every errno */
	REFUSED = 1001 /* with whatever errno */
};

static char exports[] = "/tmp/sockwatch-sandbox-XXXXXX";

static int
try_open(const char *path, int flags)
{
	const int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int
try_socket(int family, int type, int protocol)
{
	const int fd = socket(family, type | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int
code_of(long result)
{
	return result < 0 ? errno : 0;
}

/* Files */
static int
read_shadow(void)
{
	return try_open("/etc/shadow", O_RDONLY);
}
static int
read_services(void)
{
	return try_open("/etc/resolv.conf", O_RDONLY);
}
static int
read_proc(void)
{
	return try_open("/proc/self/status", O_RDONLY);
}
static int
write_sysctl(void)
{
	return try_open("/proc/sys/kernel/hostname", O_WRONLY);
}
static int
write_elsewhere(void)
{
	return try_open("/tmp/sockwatch-sandbox-elsewhere", O_WRONLY | O_CREAT);
}
static int
write_export(void)
{
	char path[64];

	snprintf(path, sizeof path, "%s/export%d", exports, (int)geteuid());
	return try_open(path, O_WRONLY | O_CREAT);
}
static int
write_outside_of_exports(void)
{
	char path[64];

	snprintf(path, sizeof path, "%s/../sockwatch-sandbox-elsewhere", exports);
	return try_open(path, O_WRONLY | O_CREAT);
}

/* Processes */
static int
execute(void)
{
	char *const words[] = {(char[]){"true"}, NULL};

	return code_of(execve("/bin/true", words, words + 1));
}
static int
trace(void)
{
	return code_of(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}
static int
write_memory(void)
{
	return code_of(syscall(SYS_process_vm_writev, getpid(), NULL, 0L, NULL, 0L, 0L));
}
static int
signal_parent(void)
{
	return code_of(kill(getppid(), SIGCONT));
}
static int
signal_with_handler(void)
{
	return code_of(kill(getppid(), SIGWINCH));
}
static int
make_child(void)
{
	const pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return code_of(pid);
}
static int
make_namespace(void)
{
	return code_of(unshare(CLONE_NEWUSER));
}
static int
enter_pids(void)
{
	return code_of(setns(0, CLONE_NEWPID));
}
static int
mount_something(void)
{
	return code_of(mount("none", "/tmp", "tmpfs", 0, NULL));
}
static int
load_program(void)
{
	return code_of(syscall(SYS_bpf, 5, NULL, 0));
}
static int
load_module(void)
{
	return code_of(syscall(SYS_init_module, NULL, 0UL, ""));
}
static int
make_ring(void)
{
	return code_of(syscall(SYS_io_uring_setup, 1, NULL));
}
static int
make_code(void)
{
	void *const page =
		mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? errno : 0;
}
static int
type_into_terminal(void)
{
	return code_of(ioctl(0, TIOCSTI, "x"));
}
static int
be_dumped(void)
{
	return code_of(prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0));
}

/* Sockets */
static int
dns_socket(void)
{
	return try_socket(AF_INET, SOCK_DGRAM, 0);
}
static int
raw_socket(void)
{
	return try_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}
static int
ping_socket(void)
{
	return try_socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6);
}
static int
packet_socket(void)
{
	return try_socket(AF_PACKET, SOCK_RAW, 0);
}
static int
daemon_socket(void)
{
	return try_socket(AF_UNIX, SOCK_STREAM, 0);
}
static int
netlink_socket(void)
{
	return try_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}
static int
vm_socket(void)
{
	return try_socket(AF_VSOCK, SOCK_STREAM, 0);
}
static int
connect_tcp(int port)
{
	const struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	return code_of(connect(fd, (const struct sockaddr *)&address, sizeof address));
}
static int
connect_web(void)
{
	return connect_tcp(1);
}
static int
connect_dns(void)
{
	return connect_tcp(53) == EACCES ? EACCES : 0;
}

enum by { FILTER, LANDLOCK, RIGHTS };

#define V SANDBOX_VIEWER
#define K SANDBOX_KEEPER
#define C SANDBOX_COLLECTOR
#define O SANDBOX_OPENER

static const struct
try {
	const char *name;
	enum sandbox_role role;
	int (*attempt)(void);
	int outcome;
	enum by by; /* what refuses it */
	int abi;    /* of Landlock */
}
tries[] = {
	{"viewer reads its resolver's file", V, read_services, DONE, FILTER, 0},
	{"viewer writes an export", V, write_export, DONE, FILTER, 0},
	{"viewer asks a DNS server", V, dns_socket, DONE, FILTER, 0},
	{"viewer connects to a DNS server", V, connect_dns, DONE, FILTER, 0},
	{"viewer connects to a web server", V, connect_web, EACCES, LANDLOCK, 4},
	{"viewer reads passwords", V, read_shadow, EACCES, RIGHTS, 0},
	{"viewer reads a process", V, read_proc, EACCES, LANDLOCK, 1},
	{"viewer writes a sysctl", V, write_sysctl, EACCES, RIGHTS, 0},
	{"viewer writes elsewhere", V, write_elsewhere, EACCES, LANDLOCK, 1},
	{"viewer leaves its folder", V, write_outside_of_exports, EACCES, LANDLOCK, 1},
	{"viewer executes", V, execute, KILLED, FILTER, 0},
	{"viewer traces", V, trace, KILLED, FILTER, 0},
	{"viewer writes memory", V, write_memory, KILLED, FILTER, 0},
	{"viewer signals", V, signal_parent, KILLED, FILTER, 0},
	{"viewer forks", V, make_child, KILLED, FILTER, 0},
	{"viewer makes a namespace", V, make_namespace, KILLED, FILTER, 0},
	{"viewer mounts", V, mount_something, KILLED, FILTER, 0},
	{"viewer loads a program", V, load_program, KILLED, FILTER, 0},
	{"viewer uses a ring", V, make_ring, ENOSYS, FILTER, 0},
	{"viewer makes code", V, make_code, EACCES, FILTER, 0},
	{"viewer types for the user", V, type_into_terminal, KILLED, FILTER, 0},
	{"viewer lets itself be traced", V, be_dumped, KILLED, FILTER, 0},
	{"viewer sends raw packets", V, raw_socket, KILLED, FILTER, 0},
	{"viewer pings", V, ping_socket, KILLED, FILTER, 0},
	{"viewer captures", V, packet_socket, KILLED, FILTER, 0},
	{"viewer asks a daemon", V, daemon_socket, EACCES, FILTER, 0},
	{"viewer asks the kernel", V, netlink_socket, EAFNOSUPPORT, FILTER, 0},
	{"viewer asks its hypervisor", V, vm_socket, KILLED, FILTER, 0},
	{"collector reads a process", C, read_proc, DONE, FILTER, 0},
	{"collector asks the kernel", C, netlink_socket, DONE, FILTER, 0},
	{"collector writes a sysctl", C, write_sysctl, KILLED, FILTER, 0},
	{"collector writes a file", C, write_elsewhere, KILLED, FILTER, 0},
	{"collector executes", C, execute, KILLED, FILTER, 0},
	{"collector traces", C, trace, KILLED, FILTER, 0},
	{"collector writes memory", C, write_memory, KILLED, FILTER, 0},
	{"collector sends what nobody may order", C, signal_with_handler, KILLED, FILTER, 0},
	{"collector forks", C, make_child, KILLED, FILTER, 0},
	{"collector makes a namespace", C, make_namespace, KILLED, FILTER, 0},
	{"collector enters another kind of namespace", C, enter_pids, KILLED, FILTER, 0},
	{"collector mounts", C, mount_something, KILLED, FILTER, 0},
	{"collector loads a module", C, load_module, KILLED, FILTER, 0},
	{"collector makes code", C, make_code, EACCES, FILTER, 0},
	{"collector asks a daemon", C, daemon_socket, KILLED, FILTER, 0},
	{"collector types for the user", C, type_into_terminal, KILLED, FILTER, 0},
	{"keeper forks", K, make_child, DONE, FILTER, 0},
	{"keeper writes a sysctl", K, write_sysctl, KILLED, FILTER, 0},
	{"keeper executes", K, execute, KILLED, FILTER, 0},
	{"keeper traces", K, trace, KILLED, FILTER, 0},
	{"keeper mounts", K, mount_something, KILLED, FILTER, 0},
	{"keeper loads a module", K, load_module, KILLED, FILTER, 0},
	{"opener writes into its folder", O, write_export, DONE, FILTER, 0},
	{"opener writes elsewhere", O, write_elsewhere, EACCES, LANDLOCK, 1},
	{"opener leaves its folder", O, write_outside_of_exports, EACCES, LANDLOCK, 1},
	{"opener reads passwords", O, read_shadow, EACCES, LANDLOCK, 1},
	{"opener reads a process", O, read_proc, EACCES, LANDLOCK, 1},
	{"opener executes", O, execute, KILLED, FILTER, 0},
	{"opener traces", O, trace, KILLED, FILTER, 0},
	{"opener forks", O, make_child, KILLED, FILTER, 0},
	{"opener asks a DNS server", O, dns_socket, KILLED, FILTER, 0},
	{"opener makes code", O, make_code, EACCES, FILTER, 0},
	{"lookup asks a daemon", SANDBOX_LOOKUP, daemon_socket, DONE, FILTER, 0},
	{"lookup executes", SANDBOX_LOOKUP, execute, EPERM, FILTER, 0},
	{"lookup traces", SANDBOX_LOOKUP, trace, EPERM, FILTER, 0},
	{"lookup mounts", SANDBOX_LOOKUP, mount_something, EPERM, FILTER, 0},
};

static bool
has_filter(void)
{
#if defined HAVE_LIBSECCOMP && !defined SECCOMP_LOG
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
#else
	return false;
#endif
}

static int
run(const struct try *try)
{
	const struct sandbox_writes writes = {.folders = {exports}};
	const bool is_viewer = try->role == SANDBOX_VIEWER || try->role == SANDBOX_LOOKUP;
	int status;
	const pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGSYS, SIG_DFL); /* cmocka has a handler */
		/* A viewer is never root. */
		if (is_viewer && geteuid() == 0 &&
			(setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
				setresuid(NOBODY, NOBODY, NOBODY) != 0))
			_exit(255);
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
			_exit(255);
		sandbox_enter(try->role, is_viewer || try->role == SANDBOX_OPENER ? &writes : NULL);
		_exit(try->attempt());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? KILLED : REFUSED;
	return WEXITSTATUS(status);
}

static void
what_is_tried_from_inside_fails(void **state)
{
	char path[64];

	(void)state;
	assert_non_null(mkdtemp(exports));
	if (geteuid() == 0)
		assert_int_equal(chown(exports, NOBODY, NOBODY), 0);
	for (size_t i = 0; i < UNIT_COUNT_OF(tries); i++) {
		const struct try *const try = &tries[i];
		int outcome;

		if (try->by == FILTER && try->outcome != DONE && !has_filter())
			continue;
		if (try->by == LANDLOCK && landlock_abi() < try->abi)
			continue;
		outcome = run(try);
		if (outcome != try->outcome)
			fail_msg("%s: %d, not %d", try->name, outcome, try->outcome);
	}
	snprintf(path, sizeof path, "rm -f %s/export*", exports);
	assert_int_equal(system(path), 0);
	assert_int_equal(rmdir(exports), 0);
	strcpy(exports + strlen(exports) - 6, "XXXXXX");
}

/*
 * Why keeper and collector have no Landlock: in any domain, even one that lets everything be read,
 * the descriptors of a process outside cannot be seen. A kernel where this fails could give them
 * one.
 */
static void
a_domain_hides_descriptors(void **state)
{
	struct landlock landlock;
	char path[64], target[256];
	int status;
	pid_t pid;

	(void)state;
	if (landlock_abi() == 0)
		unit_skip("this kernel has no Landlock");
	snprintf(path, sizeof path, "/proc/%d/fd/0", (int)getpid());
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (readlink(path, target, sizeof target) < 0)
			_exit(2); /* without a domain it can be seen */
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
			landlock_begin(&landlock, false) != 0)
			_exit(3);
		landlock_allow_reading(&landlock, "/");
		if (landlock_enforce(&landlock) != 0)
			_exit(4);
		_exit(readlink(path, target, sizeof target) < 0 && errno == EACCES ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
the_kernel_has_it(void **state)
{
	(void)state;
	if (!has_filter())
		unit_skip("this build or kernel does not filter system calls");
	if (landlock_abi() == 0)
		unit_skip("this kernel has no Landlock");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_tried_from_inside_fails),
		cmocka_unit_test(a_domain_hides_descriptors),
		cmocka_unit_test(the_kernel_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
