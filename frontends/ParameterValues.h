//===- ParameterValues.h - weights that come with a model --------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_PARAMETERVALUES_H
#define CNNC_FRONTENDS_PARAMETERVALUES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include <functional>

namespace cnnc {

/// Writes the canonical elements `first`, `first + 1`, … of a parameter.
using ParameterReader = std::function<void(int64_t first, llvm::MutableArrayRef<float> out)>;

/// The values of parameters by name, where the model's file has them. They stay
/// in the file until a library is written, and never become attributes.
using ParameterValues = llvm::StringMap<ParameterReader>;

} // namespace cnnc

#endif // CNNC_FRONTENDS_PARAMETERVALUES_H
