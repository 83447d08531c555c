//===- Npy.h - a tensor from a file of NumPy's -------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_NPY_H
#define CNNC_FRONTENDS_ONNX_NPY_H

#include "frontends/onnx/Files.h"
#include "frontends/onnx/Tensor.h"
#include <optional>

namespace cnnc::onnx {

/// Reads a .npy file in C order, version 1 to 3 of the format
/// (numpy.org/doc/stable/reference/generated/numpy.lib.format.html). Nothing,
/// and `why`, after an error.
std::optional<Tensor> readNpy(File file, std::string &why);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_NPY_H
