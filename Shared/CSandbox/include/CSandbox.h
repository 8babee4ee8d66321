#pragma once
// Linux isolation for code that is not trusted: namespaces, a read-only root, no privileges, a system-call filter.
//
// Everything here runs in single-threaded "zygote" processes, never in the supervisor: a zygote builds the root its
// environments share (apus_zygote_enter), then forks one blank environment after another:
//
//   zygote ── courier ── init (pid 1 of a new pid namespace; reaps; reports; its end ends all) ── runtime (the function)
//
// The courier makes the namespaces and listeners, hands them to the supervisor and exits. The runtime waits, blank, for
// its start order; only then does it learn which function it is.
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// The most descriptors one message carries.
#define APUS_MAX_DESCRIPTORS 16
/// The longest message, start orders with their environment variables included.
#define APUS_MAX_MESSAGE 65536
/// Where a zygote finds its control socket.
#define APUS_CONTROL_DESCRIPTOR 3

// Messages: one SOCK_SEQPACKET datagram; the first byte is its kind, the rest NUL-terminated strings.
#define APUS_MESSAGE_READY 'R'   // zygote → supervisor: the root is built
#define APUS_MESSAGE_SPAWN 'N'   // supervisor → zygote: see apus_zygote_next
#define APUS_MESSAGE_BLANK 'B'   // environment → supervisor: [pidfd of init, Runtime API listener, AWS listener]
#define APUS_MESSAGE_START 'S'   // supervisor → environment: become a function
#define APUS_MESSAGE_FAILED 'F'  // either → supervisor: what failed, in words
#define APUS_MESSAGE_EXITED 'X'  // environment → supervisor: the runtime's wait status in decimal

/// Sends one message. Returns 0, or -1 with errno.
int apus_message_send(int socket, const void *bytes, size_t count, const int *descriptors, int descriptor_count);

/// Receives one message without blocking longer than the socket does; the descriptors are close-on-exec.
///
/// Returns its length, 0 at the end, or -1 with errno (EMSGSIZE when it was cut).
ssize_t apus_message_receive(int socket, void *bytes, size_t capacity, int *descriptors, int *descriptor_count);

/// A SOCK_SEQPACKET pair, close-on-exec. Returns 0, or -1 with errno.
int apus_message_pair(int pair[2]);

/// A pipe, close-on-exec, whose reading end does not block. Returns 0, or -1 with errno.
int apus_pipe(int ends[2]);

/// Starts `program` with the given arguments and environment, `control` as descriptor 3 and no other descriptor.
///
/// Returns its process id, or -1 with errno.
pid_t apus_zygote_spawn(const char *program, char *const arguments[], char *const environment[], int control);

/// Signals every process of an environment through the pidfd of its init. Returns 0, or -1 with errno.
int apus_environment_kill(int pidfd);

// MARK: in the zygote

/// Receives the description of the root, leaves the host's namespaces and makes that root the only thing visible.
///
/// Returns 0, or -1: apus_failure() says why.
int apus_zygote_enter(int control);
/// Tells the supervisor that environments can be asked for.
int apus_zygote_ready(int control);
/// Waits for the next request for an environment. Returns 1, or 0 when the supervisor is gone.
///
/// A request's text is what thaws the environment when written to its freezer, empty without a freezer. Its descriptors:
/// the environment's control socket, output, telemetry; with a freezer its member list and its state; then the member
/// lists of all other control groups.
int apus_zygote_next(int control);
/// Lets go of what the request brought, in the process that does not need it.
void apus_zygote_forget(void);

/// In the courier: new namespaces, the cgroup, the listeners. Returns 0, or -1: apus_failure() says why.
int apus_environment_isolate(void);
/// In the courier: hands the environment to the supervisor.
int apus_environment_hand_over(pid_t init);
/// In init: waits for the runtime, reports how it ended. Never returns.
_Noreturn void apus_environment_init(pid_t runtime);
/// In the runtime: waits for the start order, takes the function's place and gives up every privilege.
///
/// Writes the environment variables ("A=1\0B=2\0\0") to `variables` and the command ("x\0y\0\0") to `command`.
/// Returns 0, or -1: apus_failure() says why.
int apus_environment_start(char *variables, size_t variables_capacity, char *command, size_t command_capacity);
/// Reports apus_failure() to the supervisor and exits.
_Noreturn void apus_environment_abort(void);

// MARK: in a process that only computes

/// From here on this process, with all its threads, reads and writes what is open, takes memory and makes threads; every
/// other system call fails with EPERM. For decoders of what strangers send, once their libraries are loaded.
///
/// Returns 0, or -1 with errno: apus_failure() says why.
int apus_seccomp_compute(void);

/// What the last failing step was, in words.
const char *apus_failure(void);
