//===- Slice.cpp - the operands of Slice ----------------------------------===//

#include "frontends/onnx/convert/Slice.h"

using namespace cnnc;
using namespace cnnc::onnx;

SliceAttributes onnx::readSlice(Call &call) {
  if (call.node.version >= 10)
    return {};
  return {call.integers("starts"), call.integers("ends"), call.integers("axes")};
}

std::optional<SliceRange> onnx::sliceRange(Call &call, const SliceAttributes &attributes, llvm::ArrayRef<int64_t> shape) {
  std::optional<Shape> starts = attributes.starts, ends = attributes.ends, axes = attributes.axes, steps;
  if (call.has(1))
    starts = call.constantIntegers(1, "starts");
  if (call.has(2))
    ends = call.constantIntegers(2, "ends");
  if (call.has(3))
    axes = call.constantIntegers(3, "axes");
  if (call.has(4))
    steps = call.constantIntegers(4, "steps");
  if (call.failed())
    return std::nullopt;
  size_t count = starts ? starts->size() : 0;
  if (!axes) {
    axes.emplace();
    for (size_t i = 0; i < count; ++i)
      axes->push_back(i);
  }
  if (!steps)
    steps = Shape(count, 1);
  if (!starts || !ends || ends->size() != count || axes->size() != count || steps->size() != count) {
    call.refuse("has " + llvm::Twine(count) + " starts, and not as many ends, axes or steps", "export the model again");
    return std::nullopt;
  }
  SliceRange range{Shape(shape.size(), 0), Shape(shape.size(), 1), Shape(shape)};
  for (size_t i = 0; i < count; ++i) {
    std::optional<size_t> axis = call.axis((*axes)[i], shape.size());
    if (!axis)
      return std::nullopt;
    int64_t size = shape[*axis], start = (*starts)[i], end = (*ends)[i], step = (*steps)[i];
    constexpr int64_t far = int64_t(1) << 31;
    if (size == dynamic) {
      if (start == 0 && end >= far - 1 && step == 1)
        continue;
      call.refuse("takes a part of the batch", "the batch stays whole");
      return std::nullopt;
    }
    if (step == 0 || step < -far || step > far) {
      call.refuse("has a step of " + llvm::Twine(step), "export the model again");
      return std::nullopt;
    }
    auto clamp = [&](int64_t place, int64_t low, int64_t high) { return std::clamp(place < 0 ? std::max(place, -far) + size : std::min(place, far), low, high); };
    bool forward = step > 0;
    start = forward ? clamp(start, 0, size) : clamp(start, 0, size - 1);
    end = forward ? clamp(end, 0, size) : clamp(end, -1, size - 1);
    range.start[*axis] = start;
    range.step[*axis] = step;
    range.count[*axis] = std::max<int64_t>(forward ? (end - start + step - 1) / step : (start - end - step - 1) / -step, 0);
  }
  return range;
}
