#define _GNU_SOURCE
#include "CSystem.h"
#include <unistd.h>

int apus_sync_file_system(int descriptor) { return syncfs(descriptor); }
