#pragma once
#include "CSQLite.h"
#include <stdatomic.h>
#include <stdbool.h>

// How some connections use the file. A SQLite file leads to its methods, and they to this.
struct apus_use {
    sqlite3_io_methods methods;
    // What stands behind ours.
    const sqlite3_io_methods *others;
    apus_database_file *file;
};

struct apus_database_file {
    struct apus_use reading, moving;
    int descriptor;
    // NULL where nothing is mapped.
    char *base;
    int64_t length;
    // Of the file, when last asked for: pages within it can be read.
    _Atomic int64_t size;
    _Atomic uint64_t faults;
    // A bit for each page that was wanted since memory was last given back.
    _Atomic uint64_t *asked;
};

/// Has faults in the file's map counted rather than end the process. False where there are too many such files.
bool apus_catch_faults(apus_database_file *file);
void apus_forget_faults(apus_database_file *file);
