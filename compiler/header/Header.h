//===- Header.h - the C header of a compiled model ---------------*- C++ -*-===//

#ifndef CNNC_COMPILER_HEADER_HEADER_H
#define CNNC_COMPILER_HEADER_HEADER_H

#include "compiler/Model.h"

namespace cnnc {

/// The header, C99 and C++, that declares what a library for `model` exports.
std::string writeHeader(const Model &model);

} // namespace cnnc

#endif // CNNC_COMPILER_HEADER_HEADER_H
