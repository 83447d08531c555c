//===- StochasticDepth.h - whole examples that training leaves out *- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_STOCHASTICDEPTH_H
#define CNNC_FRONTENDS_ONNX_STOCHASTICDEPTH_H

#include "frontends/onnx/Graph.h"

namespace cnnc::onnx {

/// Makes one node of those that PyTorch exports for stochastic depth (Huang et
/// al., 2016): x · (random numbers [N, 1, …] < p) / p becomes `StochasticDepth`
/// of x and of the shape of the random numbers, with the attribute ratio, 1 - p.
void joinStochasticDepth(Graph &graph);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_STOCHASTICDEPTH_H
