#define _GNU_SOURCE
#include "CSystem.h"
#include <string.h>
#include <unistd.h>

// Descriptors that travel over Unix sockets, see unix(7): one with a message, and so one with each call.

ssize_t apus_send_with_file(int socket, const void *bytes, size_t count, int file) {
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof file)] = {0};
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof file);
    memcpy(CMSG_DATA(header), &file, sizeof file);
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/// The one descriptor of a message. The room for one has room for a second by its alignment: several are closed.
static int take_file(struct msghdr *message) {
    int file = message->msg_flags & MSG_CTRUNC ? APUS_LOST_FILE : APUS_NO_FILE;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof file;
        for (size_t i = 0; i < count; i++) {
            int one;
            memcpy(&one, CMSG_DATA(header) + i * sizeof one, sizeof one);
            if (count == 1 && file == APUS_NO_FILE) {
                file = one;
            } else {
                close(one);
                if (file == APUS_NO_FILE) file = APUS_LOST_FILE;
            }
        }
    }
    return file;
}

ssize_t apus_receive_with_file(int socket, void *bytes, size_t room, int *file) {
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof *file)];
    struct iovec part = {.iov_base = bytes, .iov_len = room};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t count = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    *file = count < 0 ? APUS_NO_FILE : take_file(&message);
    return count;
}
