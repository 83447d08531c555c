//===- OldSets.h - operator sets before 7 ------------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_OLDSETS_H
#define CNNC_FRONTENDS_ONNX_OLDSETS_H

#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

/// Set 7 broadcasts as NumPy does; before it, attributes said how.
constexpr int64_t firstModernSet = 7;

/// Says a node of an older set in the words of set 7; its operands are known by
/// now. False after an error.
bool modernize(Node &node, Conversion &conversion);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_OLDSETS_H
