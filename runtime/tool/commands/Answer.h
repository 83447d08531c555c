/// \file A model's output in words.
#ifndef RUNTIME_TOOL_COMMANDS_ANSWER_H
#define RUNTIME_TOOL_COMMANDS_ANSWER_H

#include "runtime/tool/Library.h"

#include <string>

namespace cnnc {

/// Whether the first output of a model is logits: its loss applies the softmax.
bool givesLogits(const Library &library);

/// "7 (98 %), 1 (1 %)", the `top` likeliest classes, else the numbers.
std::string answerText(const float *values, size_t count, bool logits, size_t top);

} // namespace cnnc

#endif
