#pragma once
// As in CSystem: C modules that meet in one program must see the same system headers.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <jwt.h>
