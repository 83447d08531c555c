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

/// All examples of one input.
struct InputValues {
  std::vector<float> floats;
  std::vector<int32_t> integers;
  size_t rows = 0;
};

InputValues readImage(const fs::path &path, const cnnc_tensor_info &input) {
  if (input.rank != 3 || input.dtype != cnnc_f32)
    fail("'{}' is an image and the model's '{}' takes none (rank {}): give a .npy", path.string(), input.name, input.rank);
  Image image = resizeBilinear(readPng(path, input.dims[0]), input.dims[1], input.dims[2]);
  return {std::move(image.values), {}, 1};
}

InputValues readArray(const fs::path &path, const cnnc_tensor_info &input) {
  Column column = readNpy(path);
  std::vector<size_t> wanted(input.dims, input.dims + input.rank);
  size_t stored = column.elements(), rows = column.rows();
  bool single = stored != input.elements && stored * rows == input.elements; // one example without the batch axis
  if (!single && stored != input.elements) {
    std::vector<size_t> given = column.shape;
    given.insert(given.begin(), rows);
    fail("'{}' has the shape {}, the model's '{}' takes [n{}{}]", path.string(), shapeText(given), input.name,
         wanted.empty() ? "" : ", ", fmt::join(wanted, ", "));
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
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i].rows == 0)
      failUsage("input '{}' is missing: give --in {}=file", names[i], names[i]);
    if (values[i].rows != values[0].rows)
      fail("input '{}' has {} examples and '{}' has {}; they must be equally many", names[0], values[0].rows, names[i],
           values[i].rows);
  }
  return values;
}

std::vector<NpyArray> runAll(const Library &library, Context &context, const std::vector<InputValues> &inputs) {
  size_t rows = inputs[0].rows;
  std::vector<NpyArray> results;
  for (const cnnc_tensor_info &output : library.outputs()) {
    NpyArray array;
    array.shape.push_back(rows);
    array.shape.insert(array.shape.end(), output.dims, output.dims + output.rank);
    array.values.resize(rows * output.elements);
    results.push_back(std::move(array));
  }
  for (size_t at = 0; at < rows; at += context.batch()) {
    std::vector<const void *> from;
    std::vector<void *> to;
    for (size_t i = 0; i < inputs.size(); ++i) {
      size_t offset = at * library.inputs()[i].elements;
      from.push_back(inputs[i].floats.empty() ? static_cast<const void *>(inputs[i].integers.data() + offset)
                                              : inputs[i].floats.data() + offset);
    }
    for (size_t i = 0; i < results.size(); ++i)
      to.push_back(results[i].values.data() + at * library.outputs()[i].elements);
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
  Pool pool(library, options.threads);
  Weights weights(library, 1);
  if (!options.weights.empty())
    loadWeights(weights, options.weights);
  Context context(library, weights, static_cast<unsigned>(std::min<size_t>(options.batch, inputs[0].rows)), false, pool);
  std::vector<NpyArray> results = runAll(library, context, inputs);
  if (!out.empty())
    return write(library, results, out);
  bool logits = givesLogits(library);
  for (size_t row = 0; row < inputs[0].rows; ++row)
    for (size_t i = 0; i < results.size(); ++i) {
      size_t elements = library.outputs()[i].elements;
      fmt::print("{}{}\n", results.size() == 1 ? "" : std::string(library.outputs()[i].name) + ": ",
                 answerText(results[i].values.data() + row * elements, elements, logits && i == 0, options.top));
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
  command->add_option("library", options->library, "the .so that cnnc wrote")->required();
  command->add_option("--weights", options->weights, "safetensors; without it the embedded or initial weights");
  command->add_option("--in", options->in, "file or name=file, a .png or a .npy")
      ->required()
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--out", options->out, "y.npy, or all.npz with every output by name; without it the answer is printed");
  command->add_option("--threads", options->threads, "0: as many as cores");
  command->add_option("--batch", options->batch, "examples at once")->check(CLI::PositiveNumber);
  command->add_option("--top", options->top, "how many classes to print")->check(CLI::PositiveNumber);
  command->callback([options] { run(*options); });
}

} // namespace cnnc
