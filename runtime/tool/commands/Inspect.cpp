#include "runtime/tool/Elf.h"
#include "runtime/tool/Error.h"
#include "runtime/tool/Note.h"
#include "runtime/tool/commands/Commands.h"
#include "runtime/tool/commands/Common.h"

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>

#include <memory>

namespace cnnc {

static std::string tensorText(const NoteTensor &tensor) {
  const char *batch = tensor.isWhole ? "" : tensor.shape.empty() ? "N" : "N, ";
  std::string text = fmt::format("{}: {}[{}{}]", tensor.name, tensor.dtype, batch, fmt::join(tensor.shape, ", "));
  return tensor.doc.empty() ? text : text + "  " + tensor.doc;
}

static void printTensors(const char *title, const std::vector<NoteTensor> &tensors) {
  for (const NoteTensor &tensor : tensors)
    fmt::print("{:<11}{}\n", title, tensorText(tensor));
}

static std::string sizeText(uint64_t bytes) {
  if (bytes < 10 * 1024)
    return fmt::format("{} B", bytes);
  if (bytes < 10 * 1024 * 1024)
    return fmt::format("{:.1f} KiB", double(bytes) / 1024);
  return fmt::format("{:.1f} MiB", double(bytes) / (1024 * 1024));
}

static void printMemory(const char *title, const NoteMemory &memory, uint64_t exactBatch) {
  fmt::print("{:<11}", title);
  if (exactBatch)
    return fmt::print("batch {}, and no other: {}\n", exactBatch, sizeText(memory.fixed + exactBatch * memory.perExample));
  for (uint64_t batch : {1, 8, 32, 128})
    fmt::print("batch {}: {}{}", batch, sizeText(memory.fixed + batch * memory.perExample), batch == 128 ? "\n" : ", ");
}

static void print(const Note &note) {
  fmt::print("{:<11}{} (symbols {}_*, from {}, graph {})\n", "model", note.name, note.prefix, note.source, note.graphHash);
  if (!note.doc.empty())
    fmt::print("{:<11}{}\n", "", note.doc);
  printTensors("input", note.inputs);
  printTensors("target", note.targets);
  printTensors("output", note.outputs);
  uint64_t tensors = 0, scalars = 0, trainable = 0;
  for (const NoteParameter &parameter : note.parameters) {
    if (parameter.kind != "weight" && parameter.kind != "buffer")
      continue;
    fmt::print("{:<11}{} [{}]{}\n", parameter.kind, parameter.name, fmt::join(parameter.shape, ", "),
               parameter.kind == "weight" && !parameter.trainable ? " frozen" : "");
    ++tensors;
    scalars += elementsOf(parameter.shape);
    trainable += parameter.trainable ? elementsOf(parameter.shape) : 0;
  }
  fmt::print("{:<11}{} scalars in {} tensors, {} trainable, {} packed\n", "parameters", scalars, tensors, trainable,
             sizeText(note.parameterBytes));
  for (const Json &hyper : note.hypers)
    fmt::print("{:<11}{} = {}\n", "hyper", hyper.at("name").get<std::string>(), hyper.at("value").dump());
  printMemory("inference", note.infer, note.isBatchExact ? note.batch : 0);
  if (note.trains)
    printMemory("training", note.train, note.isBatchExact ? note.batch : 0);
  for (const NoteCpu &cpu : note.cpus)
    fmt::print("{:<11}{}\n", "cpu", cpu.cpu);
  if (note.batch != 0)
    fmt::print("{:<11}{} {}, fixed at compile time\n", "batch", note.isBatchExact ? "exactly" : "at most", note.batch);
  if (note.recipe.is_object())
    for (const auto &[key, value] : note.recipe.items())
      fmt::print("{:<11}{} = {}\n", "recipe", key, value.dump());
}

void addInspectCommand(CLI::App &app) {
  struct Options {
    std::string library;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App *command = app.add_subcommand("inspect", "Say what a library is, without loading it");
  command->footer("Examples:\n  cnnrt inspect digits.so\n  cnnrt inspect digits.so --json");
  addLibrary(*command, options->library);
  command->add_flag("--json", options->json, "the whole note as JSON");
  command->callback([options] {
    Note note = parseNote(readElf(options->library).note, options->library);
    if (options->json)
      fmt::print("{}\n", note.json.dump(2));
    else
      print(note);
  });
}

} // namespace cnnc
