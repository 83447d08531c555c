//===- Batch.h - random images and vectors for kernel tests ------*- C++ -*-===//

#ifndef CNNC_TEST_KERNELS_BATCH_H
#define CNNC_TEST_KERNELS_BATCH_H

#include "test/kernels/Harness.h"

namespace cnnc::test {

/// A batch of images, or now and then of vectors, and one value for each channel.
struct Batch {
  int64_t channels;
  bool images;
  std::string type, vector;

  Batch(Random &random, int64_t channels) : channels(channels), images(random.integer(0, 3) != 0) {
    type = images ? batchType(channels, random.integer(1, 8), random.integer(1, 8)) : batchType(channels);
    vector = tensorType({channels});
  }
  std::string layout(Random &random) const { return random.batchLayout(channels, images); }
};

} // namespace cnnc::test

#endif // CNNC_TEST_KERNELS_BATCH_H
