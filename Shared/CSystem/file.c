#define _GNU_SOURCE
#include "CSystem.h"
#include <fcntl.h>
#include <sys/uio.h>

bool apus_set_direct(int file, bool direct) {
    int flags = fcntl(file, F_GETFL);
    if (flags < 0) return false;
    return fcntl(file, F_SETFL, direct ? flags | O_DIRECT : flags & ~O_DIRECT) == 0;
}

void apus_start_writeback(int file, int64_t offset, int64_t count) {
    sync_file_range(file, offset, count, SYNC_FILE_RANGE_WRITE);
}

ssize_t apus_read_at_hand(int file, void *bytes, size_t count, int64_t offset) {
    struct iovec room = {.iov_base = bytes, .iov_len = count};
    return preadv2(file, &room, 1, offset, RWF_NOWAIT);
}
