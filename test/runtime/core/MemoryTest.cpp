#include "runtime/core/memory.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>

namespace {

TEST(Memory, BlocksAreAlignedAndWholeWhateverTheirSize) {
  for (size_t bytes :
       {size_t(1), size_t(64), size_t(100), size_t(1) << 20, (size_t(4) << 20) - 1, size_t(4) << 20, (size_t(5) << 20) + 1}) {
    void *block = cnnc_allocate(bytes);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % 64, 0u);
    memset(block, 1, bytes);
    free(block);
  }
}

TEST(Memory, ASizeThatCannotBeRoundedUpIsRefused) {
  EXPECT_EQ(cnnc_allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(cnnc_allocate(SIZE_MAX - 64), nullptr);
}

} // namespace
