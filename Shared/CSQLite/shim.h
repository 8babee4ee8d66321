#pragma once
#include <sqlite3.h>

/* Swift imports no function of variable arguments. */
static inline int sqlite3_without_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
