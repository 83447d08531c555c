#include "runtime/tool/Evaluate.h"

#include "runtime/tool/Error.h"

#include <algorithm>
#include <numeric>

namespace cnnc {

OutputBuffers::OutputBuffers(const Library &library, unsigned n) {
  for (const cnnc_tensor_info &output : library.outputs())
    values.emplace_back(output.elements * (output.whole ? 1 : n));
  for (std::vector<float> &value : values)
    pointers.push_back(value.data());
}

Scores evaluate(const Library &library, Context &context, const Feed &feed, const Part &part, std::span<const uint32_t> examples,
                std::span<const std::unique_ptr<Metric>> metrics) {
  const cnnc_tensor_info &output = library.outputs()[0], &target = library.targets()[0];
  for (const auto &metric : metrics)
    metric->reset();
  OutputBuffers outputs(library, context.batch());
  Batch batch;
  for (size_t at = 0; at < examples.size(); at += context.batch()) {
    auto chosen = examples.subspan(at, std::min<size_t>(context.batch(), examples.size() - at));
    feed.fill(batch, part, chosen, std::nullopt);
    context.forward(batch.n, {batch.pointers.data(), feed.inputCount()}, outputs.pointers);
    size_t index = feed.inputCount();
    bool labels = target.dtype == cnnc_i32;
    Judged judged = {batch.n,
                     outputs.values[0].data(),
                     output.elements,
                     output.rank == 0 ? 1 : output.dims[0],
                     labels ? batch.integers[index].data() : nullptr,
                     labels ? nullptr : batch.floats[index].data(),
                     target.ignored};
    if (judged.labels ? target.elements * judged.classes != output.elements : target.elements != output.elements)
      fail("output '{}' has {} values and target '{}' {}: only losses of the first output can be measured", output.name,
           output.elements, target.name, target.elements);
    for (const auto &metric : metrics)
      metric->add(judged);
  }
  Scores scores;
  for (const auto &metric : metrics)
    scores.emplace_back(metric->name, metric->value());
  return scores;
}

std::vector<uint32_t> allExamples(const Part &part) {
  std::vector<uint32_t> examples(part.rows());
  std::iota(examples.begin(), examples.end(), 0u);
  return examples;
}

} // namespace cnnc
