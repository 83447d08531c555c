#include "runtime/core/cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>

/* The compiler's own detection (__builtin_cpu_init) comes with a constructor. */
static uint64_t enabled_state(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

#define HAS(word, bits) (((word) & (bits)) == (bits))

uint64_t cnnc_cpu_features(void) {
  const uint32_t fma = 1u << 12, movbe = 1u << 22, osxsave = 1u << 27, avx = 1u << 28, f16c = 1u << 29; /* 1: ecx */
  const uint32_t bmi1 = 1u << 3, avx2 = 1u << 5, bmi2 = 1u << 8;                                        /* 7: ebx */
  const uint32_t f = 1u << 16, dq = 1u << 17, cd = 1u << 28, bw = 1u << 30, vl = 1u << 31;              /* 7: ebx */
  const uint32_t lzcnt = 1u << 5;                                                                       /* 80000001: ecx */
  const uint64_t ymm = 0x6, zmm = 0xe6; /* XCR0: the system saves these registers */
  uint32_t eax, ebx, ecx, edx, base_ecx, extended_ecx;
  if (!__get_cpuid(1, &eax, &ebx, &base_ecx, &edx) || !HAS(base_ecx, fma | movbe | osxsave | avx | f16c))
    return 0;
  if (!__get_cpuid(0x80000001, &eax, &ebx, &extended_ecx, &edx) || !HAS(extended_ecx, lzcnt))
    return 0;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) || !HAS(ebx, bmi1 | avx2 | bmi2))
    return 0;
  uint64_t state = enabled_state();
  if (!HAS(state, ymm))
    return 0;
  uint64_t features = CNNC_CPU_AVX2;
  if (HAS(ebx, f | dq | cd | bw | vl) && HAS(state, zmm))
    features |= CNNC_CPU_AVX512;
  return features;
}
#else
uint64_t cnnc_cpu_features(void) { return 0; }
#endif

const cnnc_code *cnnc_cpu_choose(const cnnc_model *model, uint64_t features) {
  for (uint32_t i = 0; i < model->code_count; ++i)
    if (!(model->codes[i].features & ~features))
      return &model->codes[i];
  return NULL;
}

/* Constant texts, since no context exists to hold one: the library's easiest
 * code decides what it needs, the processor's level what to ask for. */
const char *cnnc_cpu_text(const cnnc_model *model, uint64_t features) {
  uint64_t all = CNNC_CPU_AVX2 | CNNC_CPU_AVX512;
  int needs_v4 = 1, known = 0;
  for (uint32_t i = 0; i < model->code_count; ++i) {
    needs_v4 &= (model->codes[i].features & CNNC_CPU_AVX512) != 0;
    known |= !(model->codes[i].features & ~all);
  }
  if (!known)
    return "the library needs a processor that it was compiled on or for and this is another: compile it here with "
           "cnnc --cpu=native";
  if (!needs_v4)
    return "the library needs an x86-64-v3 processor (AVX2, FMA) and this one has neither: compile it with cnnc "
           "--cpu=x86-64";
  return features & CNNC_CPU_AVX2 ? "the library needs an x86-64-v4 processor (AVX-512) and this one is x86-64-v3: "
                                    "compile it with cnnc --cpu=x86-64-v3"
                                  : "the library needs an x86-64-v4 processor (AVX-512) and this one has not even "
                                    "AVX2: compile it with cnnc --cpu=x86-64";
}
