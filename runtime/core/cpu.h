/* cpu.h - which of a library's codes this processor can run. */
#ifndef CNNC_CORE_CPU_H
#define CNNC_CORE_CPU_H

#include "cnnc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CNNC_CPU_* bits that processor and operating system support. */
uint64_t cnnc_cpu_features(void);

/* The first code that needs nothing else, or NULL. */
const cnnc_code *cnnc_cpu_choose(const cnnc_model *model, uint64_t features);

/* Why cnnc_cpu_choose found nothing, and what to ask for. */
const char *cnnc_cpu_text(const cnnc_model *model, uint64_t features);

#ifdef __cplusplus
}
#endif

#endif
