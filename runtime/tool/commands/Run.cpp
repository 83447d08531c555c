#include "runtime/tool/Checkpoint.h"
#include "runtime/tool/Error.h"
#include "runtime/tool/Evaluate.h"
#include "runtime/tool/Image.h"
#include "runtime/tool/Text.h"
#include "runtime/tool/Trainer.h"
#include "runtime/tool/commands/Answer.h"
#include "runtime/tool/commands/Commands.h"
#include "runtime/tool/commands/Common.h"
#include "runtime/tool/data/Npy.h"
#include "runtime/tool/data/Png.h"
#include "runtime/tool/data/Sources.h"

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

namespace cnnc {

namespace {

struct RunOptions {
  std::string library, weights, out;
  std::vector<std::string> in;
  unsigned threads = 0, batch = 128, top = 2;
};

/// All examples of one input, or one that is whole.
struct InputValues {
  std::vector<float> floats;
  std::vector<int32_t> integers;
  size_t rows = 0; ///< 1 of a whole input
};

InputValues readImage(const fs::path &path, const cnnc_tensor_info &input) {
  if (input.rank != 3 || input.dtype != cnnc_f32)
    fail("'{}' is an image and the model's '{}' takes none (rank {}): give a .npy", path.string(), input.name, input.rank);
  Image image = resizeBilinear(readPng(path, input.dims[0]), input.dims[1], input.dims[2]);
  return {std::move(image.values), {}, 1};
}

InputValues readArray(const fs::path &path, const cnnc_tensor_info &input) {
  Column column = readNpy(path, input.whole);
  std::vector<size_t> wanted(input.dims, input.dims + input.rank);
  size_t stored = column.elements(), rows = column.rows();
  bool single = stored != input.elements && stored * rows == input.elements; // one example without the batch axis
  if (!single && stored != input.elements) {
    std::vector<size_t> given = column.shape;
    if (!input.whole)
      given.insert(given.begin(), rows);
    fail("'{}' has the shape {}, the model's '{}' takes [{}{}]", path.string(), shapeText(given), input.name,
         input.whole      ? ""
         : wanted.empty() ? "n"
                          : "n, ",
         fmt::join(wanted, ", "));
  }
  InputValues values;
  values.rows = single ? 1 : rows;
  if (input.dtype == cnnc_i32) {
    for (size_t i = 0; i < stored * rows; ++i)
      values.integers.push_back(column.integer(i));
    return values;
  }
  values.floats.resize(stored * rows);
  for (size_t row = 0; row < rows; ++row)
    column.row(row, values.floats.data() + row * stored);
  return values;
}

/// Examples in all inputs: equally many, but for the whole ones, which belong to each call.
size_t rowsOf(const Library &library, const std::vector<InputValues> &values) {
  auto inputs = library.inputs();
  size_t first = 0;
  while (first + 1 < inputs.size() && inputs[first].whole)
    ++first;
  for (size_t i = first + 1; i < values.size(); ++i)
    if (!inputs[i].whole && values[i].rows != values[first].rows)
      fail("input '{}' has {} examples and '{}' has {}; they must be equally many", inputs[first].name, values[first].rows,
           inputs[i].name, values[i].rows);
  size_t rows = inputs[first].whole ? std::max<size_t>(1, library.model().batch) : values[first].rows;
  if (library.model().exact_batch && rows % library.model().batch != 0)
    fail("input '{}' has {} examples and the model takes batches of exactly {}: fill the last one up", inputs[first].name, rows,
         library.model().batch);
  return rows;
}

/// Reads every input named on the command line; a model with one input needs no name.
std::vector<InputValues> readInputs(const Library &library, const std::vector<std::string> &arguments) {
  auto inputs = library.inputs();
  std::vector<std::string> names;
  for (const cnnc_tensor_info &input : inputs)
    names.emplace_back(input.name);
  std::vector<InputValues> values(inputs.size());
  for (const std::string &argument : arguments) {
    size_t equals = argument.find('=');
    bool named = equals != std::string::npos;
    if (!named && inputs.size() != 1)
      failUsage("the model has {} inputs: give --in name=file for each of {}", inputs.size(),
                fmt::format("{}", fmt::join(names, ", ")));
    std::string name = named ? argument.substr(0, equals) : names[0];
    fs::path path = named ? argument.substr(equals + 1) : argument;
    auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
      failUsage("the model has no input '{}'{}", name, suggestion(name, names));
    size_t index = static_cast<size_t>(at - names.begin());
    if (values[index].rows != 0)
      failUsage("input '{}' is given twice", name);
    values[index] = path.extension() == ".png" ? readImage(path, inputs[index]) : readArray(path, inputs[index]);
    if (values[index].rows == 0)
      fail("'{}' has no examples", path.string());
  }
  for (size_t i = 0; i < values.size(); ++i)
    if (values[i].rows == 0)
      failUsage("input '{}' is missing: give --in {}=file", names[i], names[i]);
  return values;
}

std::vector<NpyArray> runAll(const Library &library, Context &context, const std::vector<InputValues> &inputs, size_t rows) {
  size_t calls = (rows + context.batch() - 1) / context.batch();
  std::vector<NpyArray> results;
  for (const cnnc_tensor_info &output : library.outputs()) {
    NpyArray array;
    // Of a whole output there is one for each call; of a single call it has no dimension for that.
    size_t count = output.whole ? calls : rows;
    if (!output.whole || calls > 1)
      array.shape.push_back(count);
    array.shape.insert(array.shape.end(), output.dims, output.dims + output.rank);
    array.values.resize(output.dtype == cnnc_f32 ? count * output.elements : 0);
    array.integers.resize(output.dtype == cnnc_i32 ? count * output.elements : 0);
    results.push_back(std::move(array));
  }
  for (size_t call = 0, at = 0; call < calls; ++call, at += context.batch()) {
    auto place = [&](const cnnc_tensor_info &tensor, size_t whole) { return (tensor.whole ? whole : at) * tensor.elements; };
    std::vector<const void *> from;
    std::vector<void *> to;
    for (size_t i = 0; i < inputs.size(); ++i) {
      size_t offset = place(library.inputs()[i], 0);
      from.push_back(inputs[i].floats.empty() ? static_cast<const void *>(inputs[i].integers.data() + offset)
                                              : inputs[i].floats.data() + offset);
    }
    for (size_t i = 0; i < results.size(); ++i) {
      size_t offset = place(library.outputs()[i], call);
      to.push_back(results[i].integers.empty() ? static_cast<void *>(results[i].values.data() + offset)
                                               : results[i].integers.data() + offset);
    }
    context.forward(static_cast<unsigned>(std::min<size_t>(context.batch(), rows - at)), from, to);
  }
  return results;
}

void write(const Library &library, const std::vector<NpyArray> &results, const fs::path &out) {
  if (out.extension() == ".npz") {
    std::vector<std::pair<std::string, NpyArray>> named;
    for (size_t i = 0; i < results.size(); ++i)
      named.emplace_back(library.outputs()[i].name, results[i]);
    writeNpz(out, named);
  } else {
    writeFile(out, npyBytes(results[0]));
  }
}

void run(const RunOptions &options) {
  fs::path out = options.out;
  if (!out.empty() && out.extension() != ".npy" && out.extension() != ".npz")
    failUsage("--out is '{}', expected a name that ends in .npy or .npz", options.out);
  Library library(options.library);
  if (out.extension() == ".npy" && library.outputs().size() != 1)
    failUsage("the model has {} outputs: give --out all.npz, which holds them by name", library.outputs().size());
  std::vector<InputValues> inputs = readInputs(library, options.in);
  size_t rows = rowsOf(library, inputs);
  Pool pool(library, options.threads);
  Weights weights(library, 1);
  if (!options.weights.empty())
    loadWeights(weights, options.weights);
  Context context(library, weights, library.batchFor(std::min<size_t>(options.batch, rows)), false, pool);
  std::vector<NpyArray> results = runAll(library, context, inputs, rows);
  if (!out.empty())
    return write(library, results, out);
  bool logits = givesLogits(library);
  for (size_t row = 0; row < rows; ++row)
    for (size_t i = 0; i < results.size(); ++i) {
      size_t elements = library.outputs()[i].elements;
      if ((row + 1) * elements > results[i].values.size() + results[i].integers.size())
        continue;
      std::string answer =
          results[i].integers.empty()
              ? answerText(results[i].values.data() + row * elements, elements, logits && i == 0, options.top)
              : fmt::format("{}", fmt::join(std::span(results[i].integers).subspan(row * elements, elements), ", "));
      fmt::print("{}{}\n", results.size() == 1 ? "" : std::string(library.outputs()[i].name) + ": ", answer);
    }
}

} // namespace

void addRunCommand(CLI::App &app) {
  auto options = std::make_shared<RunOptions>();
  CLI::App *command = app.add_subcommand("run", "Run a model on an image or on arrays");
  command->footer("Examples:\n"
                  "  cnnrt run digits.so --weights=run1/best.safetensors --in seven.png\n"
                  "  cnnrt run digits.so --weights=run1/best.safetensors --in x.npy --out y.npy\n"
                  "  cnnrt run two.so --in image=x.npy --in mask=m.npy --out all.npz\n"
                  "A PNG is resized to the model's input; pixels are handed over as 0…255.");
  addLibrary(*command, options->library);
  command->add_option("--weights", options->weights, "safetensors; without it the embedded or initial weights");
  repeated(command->add_option("--in", options->in, "file or name=file, a .png or a .npy"))->required();
  command->add_option("--out", options->out, "y.npy, or all.npz with every output by name; without it the answer is printed");
  addThreads(*command, options->threads);
  addBatch(*command, options->batch);
  command->add_option("--top", options->top, "how many classes to print")->check(positive);
  command->callback([options] { run(*options); });
}

} // namespace cnnc
