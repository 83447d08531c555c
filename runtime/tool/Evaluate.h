/// \file Running a model in inference over examples, and judging it.
#ifndef RUNTIME_TOOL_EVALUATE_H
#define RUNTIME_TOOL_EVALUATE_H

#include "runtime/tool/Feed.h"
#include "runtime/tool/Library.h"
#include "runtime/tool/Metric.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cnnc {

/// Metrics by name.
using Scores = std::vector<std::pair<std::string, double>>;

/// Memory for the outputs of `n` examples.
struct OutputBuffers {
  OutputBuffers(const Library &library, unsigned n);
  std::vector<std::vector<float>> values; ///< one per output
  std::vector<void *> pointers;
};

/// Judges the first output against the first target over `examples` of `part`.
Scores evaluate(const Library &library, Context &context, const Feed &feed, const Part &part, std::span<const uint32_t> examples,
                std::span<const std::unique_ptr<Metric>> metrics);

/// 0 … n-1.
std::vector<uint32_t> allExamples(const Part &part);

} // namespace cnnc

#endif
