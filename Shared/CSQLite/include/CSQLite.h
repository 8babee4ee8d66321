#pragma once
// SQLite's interface, and what Swift cannot reach of it or cannot do as safely.
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/// Swift imports no function of variable arguments.
static inline int apus_sqlite_without_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

/// A database file as our connections use it: read through memory, and synced in slices.
///
/// SQLite's own mapping ends at 2 GiB in Debian's build, is made for each connection anew, and a sector that cannot be
/// read kills the process. This one is as long as it is asked to be, one for all connections, and a bad sector makes it
/// count a fault and stand aside: pages are then read by calls, which answer errors.
typedef struct apus_database_file apus_database_file;

/// Opens, or creates with mode 0600, the file at `path`, and maps up to `mapped` bytes of it, also of what it will grow
/// by. Where the system refuses so much address space, nothing is mapped. NULL with `errno`.
///
/// To be called before SQLite opens the file, as closing any descriptor of it drops SQLite's locks.
apus_database_file *apus_database_file_open(const char *path, int64_t mapped);

/// To be called when the last connection that used it is closed.
void apus_database_file_close(apus_database_file *file);

/// Has the connection that moves the log in the background sync the file in slices. To be called once, and before there
/// are readers, which are served by what is learnt here.
int apus_database_file_move_by(apus_database_file *file, sqlite3 *connection);

/// Has a connection's reads find their pages in memory. All connections of a file must be of the same VFS.
int apus_database_file_read_by(apus_database_file *file, sqlite3 *connection);

/// Has what a connection wrote to the file reach the disk.
int apus_database_file_sync(sqlite3 *connection);

/// Gives what was written to a file to the disk, a part at a time, so that others' syncs have their turn in between. A
/// sync must follow. False when the disk refused some of it.
bool apus_write_out_in_slices(int descriptor, int64_t size);

/// Pages that could not be read so far. What was read while this number changed may hold zeros instead of data.
uint64_t apus_database_file_faults(const apus_database_file *file);

/// Takes the mapped pages out of this process's memory; they stay in the system's page cache.
void apus_database_file_release(apus_database_file *file);
