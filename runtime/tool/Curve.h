/// \file Learning curves, in the terminal and as SVG.
#ifndef RUNTIME_TOOL_CURVE_H
#define RUNTIME_TOOL_CURVE_H

#include "runtime/tool/Log.h"

#include <string>
#include <utility>
#include <vector>

namespace cnnc {

using Points = std::vector<std::pair<double, double>>;

/// Averages neighbours so that about `count` points remain.
Points thinned(const std::vector<std::pair<uint64_t, double>> &values, size_t count);

/// Lines of braille dots with the range at the left; `width` × `height` characters.
std::string terminalCurve(const Points &points, const std::string &title, size_t width, size_t height);

/// A drawing of the training loss and, on its own scale, the metric `best` of the validation part.
std::string svgCurve(const History &history, const std::string &title, const std::string &best);

} // namespace cnnc

#endif
