#include "runtime/core/cpu.h"

#include "test/runtime/core/Model.h"

#include <gtest/gtest.h>

namespace {

struct Codes {
  cnnc_code codes[2];
  cnnc_model model = fixture_model;

  Codes(uint64_t best, uint64_t second) {
    codes[0] = codes[1] = fixture_model.codes[0];
    codes[0].features = best;
    codes[1].features = second;
    model.codes = codes;
    model.code_count = 2;
  }
};

TEST(Cpu, TheFirstCodeThatRunsIsChosen) {
  Codes c(CNNC_CPU_AVX512, CNNC_CPU_AVX2);
  EXPECT_EQ(cnnc_cpu_choose(&c.model, CNNC_CPU_AVX2 | CNNC_CPU_AVX512), &c.codes[0]);
  EXPECT_EQ(cnnc_cpu_choose(&c.model, CNNC_CPU_AVX2), &c.codes[1]);
  EXPECT_EQ(cnnc_cpu_choose(&c.model, 0), nullptr);
}

TEST(Cpu, TheTextNamesWhatToAskFor) {
  Codes both(CNNC_CPU_AVX512, CNNC_CPU_AVX2), v4(CNNC_CPU_AVX512, CNNC_CPU_AVX512), other(1ull << 63, 1ull << 63);
  auto text = [](Codes &c, uint64_t features) { return std::string(cnnc_cpu_text(&c.model, features)); };
  EXPECT_NE(text(v4, CNNC_CPU_AVX2).find("--cpu=x86-64-v3"), std::string::npos);
  EXPECT_NE(text(v4, 0).find("--cpu=x86-64"), std::string::npos);
  EXPECT_EQ(text(v4, 0).find("--cpu=x86-64-v3"), std::string::npos);
  EXPECT_NE(text(both, 0).find("needs an x86-64-v3"), std::string::npos);
  EXPECT_NE(text(other, ~0ull >> 1).find("--cpu=native"), std::string::npos);
}

TEST(Cpu, CreateReportsAProcessorThatCannotRunTheLibrary) {
  Codes c(1ull << 63, 1ull << 62);
  cnnc_status status = cnnc_ok;
  EXPECT_EQ(cnnc_core_weights_create(&c.model, 1, &status), nullptr);
  EXPECT_EQ(status, cnnc_unsupported_cpu);
  EXPECT_NE(std::string(cnnc_core_status_text(&c.model, status)).find("--cpu="), std::string::npos);
}

#if defined(__x86_64__)
TEST(Cpu, AgreesWithTheCompilersDetection) {
  __builtin_cpu_init();
  uint64_t expected = 0;
  if (__builtin_cpu_supports("x86-64-v3"))
    expected |= CNNC_CPU_AVX2;
  if (__builtin_cpu_supports("x86-64-v4"))
    expected |= CNNC_CPU_AVX512;
  EXPECT_EQ(cnnc_cpu_features(), expected);
}
#endif

TEST(Status, EveryStatusHasWords) {
  for (int s = cnnc_ok; s <= cnnc_device_error; ++s)
    EXPECT_GT(std::strlen(cnnc_core_status_text(&fixture_model, static_cast<cnnc_status>(s))), 5u);
  EXPECT_STREQ(cnnc_core_status_text(&fixture_model, static_cast<cnnc_status>(99)), "not a status");
}

} // namespace
