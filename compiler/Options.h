//===- Options.h - what a compile is asked for -------------------*- C++ -*-===//

#ifndef CNNC_COMPILER_OPTIONS_H
#define CNNC_COMPILER_OPTIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace cnnc {

/// A point of the pipeline at which the module can be written out: the value
/// of `--emit`. In the order of the pipeline.
enum class Stage {
  Cnn,     // after the front end
  Grad,    // @infer, @train and @update
  Plan,    // kernels and programs
  Tiled,   // kernels as loops and vectors
  Llvm,    // LLVM IR of the first processor, before LLVM optimizes it
  Asm,     // its assembly
  Header,  // the C header
  Library, // nothing to print: the library and its header are files
  Onnx     // nor here: the model as an ONNX file
};

/// The names of all stages, as `--emit` takes them, in order.
llvm::ArrayRef<llvm::StringLiteral> stageNames();
/// The stage called `name`, or nothing.
std::optional<Stage> stageOf(llvm::StringRef name);

/// What the driver hands down. Only the command line knows flags.
struct Options {
  std::string input;                  // a .dsl or .onnx file, or .mlir in the form of a front end
  std::string output = "-";           // "-" is standard output
  Stage emit = Stage::Cnn;            // where the pipeline ends
  std::string model;                  // one of several in the file
  std::vector<std::string> overrides; // key=value, of the train block
  bool train = false;                 // losses and optimizer take the place of a train block
  std::vector<std::string> losses;    // softmax_cross_entropy,label_smoothing=0.1
  std::string optimizer;              // sgd,lr=0.1
  std::vector<std::string> shapes;    // input=N,3,320,480, of an ONNX file
  std::vector<std::string> constants; // input=file.npy, of an ONNX file
  std::vector<std::string> outputs;   // boxes,scores: values of an ONNX file
  std::string name;                   // prefix of the symbols; empty: the stem of the output
  std::string cpu = "native";         // processors, separated by commas
  std::string sanitize;               // "thread", "address" or nothing
  std::string cacheDir;               // of object files; empty: none is kept
  std::string weights;                // a .safetensors file of values to start from
  uint64_t seed = 1;                  // of the values that an ONNX file starts from
  bool externalData = false;          // an ONNX file's weights lie beside it
  bool explain = false;               // print a table of the layers instead
  int64_t batch = 0;                  // the largest batch, fixed; 0: any
};

} // namespace cnnc

#endif // CNNC_COMPILER_OPTIONS_H
