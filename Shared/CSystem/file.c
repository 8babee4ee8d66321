#define _GNU_SOURCE
#include "CSystem.h"
#include <fcntl.h>

void apus_start_writeback(int file, int64_t offset, int64_t count) {
    sync_file_range(file, offset, count, SYNC_FILE_RANGE_WRITE);
}
