//===- Recurrent.h - what RNN, GRU and LSTM share ----------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_CONVERT_RECURRENT_H
#define CNNC_FRONTENDS_ONNX_CONVERT_RECURRENT_H

#include "frontends/onnx/convert/Compose.h"

namespace cnnc::onnx {

/// A function with up to two constants, by its name in lower case.
struct Activation {
  std::string name;
  double alpha, beta;
};

/// A recurrent operator with a known number of steps, while it is converted.
class Recurrent {
public:
  explicit Recurrent(Call &call) : call(call), compose(call) {}

  /// Reads direction, layout and activations, of which each direction has as many as `defaults`; false after an error.
  bool readAttributes(llvm::ArrayRef<llvm::StringRef> defaults);
  bool readOperands(int64_t gates);

  mlir::Value part(size_t i, int64_t direction, bool turns);
  mlir::Value product(mlir::Value x, mlir::Value weights);
  mlir::Value gate(mlir::Value gates, int64_t number);
  mlir::Value vector(mlir::Value all, int64_t number);
  std::pair<mlir::Value, mlir::Value> biases(int64_t direction, int64_t gates);
  mlir::Value activate(const Activation &activation, mlir::Value x);

  /// Runs all directions. `starts` are the operands of the initial states, the output first; `prepare` reads the weights
  /// of a direction, false after an error; `step` makes the next states from the gates of an input [B, G · H].
  void run(llvm::ArrayRef<size_t> starts, llvm::function_ref<bool(int64_t)> prepare,
           llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, llvm::ArrayRef<mlir::Value>)> step);

  Call &call;
  Compose compose;
  std::vector<Activation> activations; ///< by direction
  double clip = 0;                     ///< bound of what activations take; 0: none
  int64_t hidden = 0;                  ///< H

private:
  mlir::Value startOf(size_t i, int64_t direction);
  mlir::Value exists(int64_t step);

  mlir::Value input;
  int64_t directions = 1, layout = 0, steps = 0, batch = 0;
  bool startsReversed = false;
  Shape lengths; ///< of the sequences, where they differ from the steps
};

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_CONVERT_RECURRENT_H
