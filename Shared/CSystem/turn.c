#include "CSystem.h"

static _Thread_local void *turn;

void *apus_turn_of_thread(void) { return turn; }
void apus_set_turn_of_thread(void *its) { turn = its; }
