#pragma once
// What Glibc's Swift module lacks: Linux headers as they are, and checksums that need CPU instructions.
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

// Never define _GNU_SOURCE here or in a shim: types such as fd_set would differ from those of Swift's Glibc module,
// and programs that import both would not compile. What it would declare is declared by hand.
int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);

/// Cores this process may run on, as its affinity mask says; at least 1.
int apus_available_cores(void);

/// Keeps some of the memory that is freed, for the next burst of requests needs it again: to give it back and get it anew,
/// page by page, costs more than all other work on it.
void apus_keep_freed_memory(void);
/// Gives memory that was freed back to the system, of all threads. Takes milliseconds where there is much.
void apus_return_memory(void);
/// The same, and lets go of the program's code pages, most of which only its start needed. The others come back from the
/// page cache as they are used.
void apus_forget_startup(void);

/// Whether reads and writes of a file go past the page cache from here on; false where its file system cannot do that.
bool apus_set_direct(int file, bool direct);

/// Has the kernel begin to write this stretch of a file to the disk. A hint: nothing is waited for or reported.
void apus_start_writeback(int file, int64_t offset, int64_t count);

/// Reads at `offset` what is in memory of a file, without waiting for the disk. Returns how many bytes those are, 0 at the
/// file's end, or -1 where there are none.
ssize_t apus_read_at_hand(int file, void *bytes, size_t count, int64_t offset);

/// Sends over a Unix socket without waiting, as `send`; `file` goes along with the first byte.
ssize_t apus_send_with_file(int socket, const void *bytes, size_t count, int file);
/// Receives from a Unix socket without waiting, as `recv`. `*file` is the descriptor that came along, APUS_NO_FILE, or
/// APUS_LOST_FILE for one that could not be taken.
ssize_t apus_receive_with_file(int socket, void *bytes, size_t room, int *file);
enum { APUS_NO_FILE = -1, APUS_LOST_FILE = -2 };

/// CRC-32 (ISO-HDLC). Start with 0.
uint32_t apus_crc32(uint32_t crc, const void *bytes, size_t count);
/// CRC-32C (Castagnoli). Start with 0.
uint32_t apus_crc32c(uint32_t crc, const void *bytes, size_t count);
/// CRC-64/NVME. Start with 0.
uint64_t apus_crc64nvme(uint64_t crc, const void *bytes, size_t count);

/// xxHash of bytes that arrive in pieces: XXH64, or XXH3 of 64 or 128 bits.
struct apus_xxhash;
enum { APUS_XXH64, APUS_XXH3, APUS_XXH128 };
struct apus_xxhash *apus_xxhash_new(int kind);
struct apus_xxhash *apus_xxhash_copy(const struct apus_xxhash *other);
void apus_xxhash_update(struct apus_xxhash *state, const void *bytes, size_t count);
/// Writes the value so far, most significant byte first, to 16 bytes at hand. Returns how many it has, 8 or 16.
size_t apus_xxhash_value(const struct apus_xxhash *state, uint8_t *value);
void apus_xxhash_free(struct apus_xxhash *state);

/// Writes everything of the file system that `descriptor` lies on to disk. Returns 0, or -1 with errno.
int apus_sync_file_system(int descriptor);
/// Lets this process open as many files as it may at all; the usual limit is 1,024.
void apus_raise_descriptor_limit(void);
/// Asks the kernel for SIGKILL when the thread that started this process ends.
void apus_die_with_parent(void);
/// Has this thread and the main one, and those they start, wait for a free processor when they wake rather than push another aside
/// (SCHED_BATCH): requests that arrive together are then answered together, with half the changes of threads.
void apus_wake_without_preempting(void);
/// The process at the other end of a Unix socket; 0 if it cannot be seen from here.
pid_t apus_peer_process(int socket);
/// A pointer of the calling thread's own; NULL until it is set.
void *apus_turn_of_thread(void);
void apus_set_turn_of_thread(void *its);
/// What debuggers and `top -H` call the calling thread; at most 15 characters.
void apus_name_thread(const char *name);
