//===- ElementwiseCases.h - elementwise kernels on random shapes -*- C++ -*-===//

#ifndef CNNC_TEST_KERNELS_ELEMENTWISECASES_H
#define CNNC_TEST_KERNELS_ELEMENTWISECASES_H

#include "test/kernels/Harness.h"

namespace cnnc::test {

/// `op` on random shapes: on batches %a0, %a1, … of type {T}, with values from `low` to `high`, then on channel vectors
/// {C} or scalars {S}. It computes %y.
inline void expectElementwise(const std::string &op, int batches, double low = -3, double high = 3, Fill fill = Fill::Uniform,
                              int64_t shapes = shapesToTry()) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapes; ++i) {
    bool images = random.integer(0, 3) != 0;
    int64_t channels = random.channels();
    std::string type = images ? batchType(channels, random.integer(1, 9), random.integer(1, 9)) : batchType(channels);
    Case c;
    c.n = random.integer(1, 3);
    for (int k = 0; k < batches; ++k)
      c.arguments.push_back({type, random.batchLayout(channels, images), low, high, fill});
    c.body = op;
    for (size_t at; (at = c.body.find("{T}")) != std::string::npos;)
      c.body.replace(at, 3, type);
    for (size_t at; (at = c.body.find("{C}")) != std::string::npos;)
      c.body.replace(at, 3, tensorType({channels}));
    for (int k = batches; c.body.find("%a" + std::to_string(k)) != std::string::npos; ++k) {
      bool isScalar = c.body.find("{S}") != std::string::npos;
      c.arguments.push_back({isScalar ? "tensor<f32>" : tensorType({channels}), isScalar ? "scalar" : "channels", 0.5, 1.5});
    }
    for (size_t at; (at = c.body.find("{S}")) != std::string::npos;)
      c.body.replace(at, 3, "tensor<f32>");
    c.results = {{"%y", type, random.batchLayout(channels, images)}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

/// The same on fewer shapes, for an op of which the tests of others show all but its function of the lanes.
inline void expectLanes(const std::string &op, int batches, double low = -3, double high = 3, Fill fill = Fill::Uniform) {
  expectElementwise(op, batches, low, high, fill, shapesToTry() / 4);
}

} // namespace cnnc::test

#endif // CNNC_TEST_KERNELS_ELEMENTWISECASES_H
