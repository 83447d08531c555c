/* pool.h - the pools built in. */
#ifndef CNNC_CORE_POOL_H
#define CNNC_CORE_POOL_H

#include "runtime/core/core.h"

/* Runs every task on the calling thread. */
cnnc_pool cnnc_serial_pool(void);

#endif
