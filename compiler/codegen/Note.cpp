//===- Note.cpp - the note section ----------------------------------------===//

#include "compiler/codegen/Record.h"
#include "runtime/include/cnnc/abi.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace cnnc {

namespace {

class NoteWriter {
public:
  NoteWriter(const Model &model, json::OStream &json) : model(model), json(json) {}

  void write(ArrayRef<Level> levels);

private:
  void writeShape(ArrayRef<int64_t> dims);
  void writeTensors(StringRef key, ArrayRef<Model::Tensor> tensors);
  void writeParameters();
  void writeHypers();
  void writeMemory();
  void writeFlops();

  const Model &model;
  json::OStream &json;
};

} // namespace

void NoteWriter::writeShape(ArrayRef<int64_t> dims) {
  json.attributeArray("shape", [&] {
    for (int64_t size : dims)
      json.value(size);
  });
}

void NoteWriter::writeTensors(StringRef key, ArrayRef<Model::Tensor> tensors) {
  json.attributeArray(key, [&] {
    for (const Model::Tensor &tensor : tensors)
      json.object([&] {
        json.attribute("name", tensor.name);
        json.attribute("dtype", tensor.isLabels ? "i32" : "f32");
        writeShape(tensor.dims);
        if (tensor.isWhole)
          json.attribute("whole", true);
        json.attribute("doc", tensor.doc);
      });
  });
}

void NoteWriter::writeParameters() {
  json.attributeArray("parameters", [&] {
    for (const Model::Parameter &parameter : model.parameters)
      json.object([&] {
        json.attribute("name", parameter.name);
        json.attribute("kind", stringifyParameterKind(parameter.kind));
        writeShape(parameter.type.getShape());
        json.attribute("trainable", parameter.trainable);
      });
  });
}

void NoteWriter::writeHypers() {
  json.attributeArray("hypers", [&] {
    for (const Model::Hyper &hyper : model.hypers)
      json.object([&] {
        json.attribute("name", hyper.name);
        json.attribute("value", hyper.value);
      });
  });
}

void NoteWriter::writeMemory() {
  auto write = [&](StringRef key, const Model::Memory &memory) {
    json.attributeObject(key, [&] {
      json.attribute("fixed", memory.fixed);
      json.attribute("per_example", memory.perExample);
    });
  };
  json.attributeObject("memory", [&] {
    write("infer", model.inferMemory);
    if (model.hasTraining)
      write("train", model.trainMemory);
    else
      json.attribute("train", nullptr);
  });
}

void NoteWriter::writeFlops() {
  json.attributeObject("flops", [&] {
    json.attribute("infer", model.inferFlops);
    if (model.hasTraining)
      json.attribute("train", model.trainFlops);
  });
}

void NoteWriter::write(ArrayRef<Level> levels) {
  json.object([&] {
    json.attribute("abi", int64_t(CNNC_ABI_VERSION));
    json.attribute("name", model.name);
    json.attribute("prefix", model.prefix);
    json.attribute("doc", model.doc);
    json.attribute("source", model.source);
    json.attribute("graph_hash", model.graphHash);
    writeTensors("inputs", model.inputs);
    writeTensors("targets", model.targets);
    writeTensors("outputs", model.outputs);
    writeParameters();
    writeHypers();
    json.attributeArray("cpus", [&] {
      for (const Level &level : levels)
        json.object([&] {
          json.attribute("cpu", level.name);
          json.attribute("features", int64_t(level.features));
        });
    });
    json.attribute("batch", model.batch);
    json.attribute("exact_batch", model.isBatchExact);
    writeMemory();
    json.attribute("parameter_bytes", model.parameterBytes);
    writeFlops();
    // The front end wrote the recipe: it is JSON.
    json.attributeBegin("recipe");
    json.rawValue(model.recipe.empty() ? "null" : model.recipe);
    json.attributeEnd();
  });
}

std::string noteJson(const Model &model, ArrayRef<Level> levels) {
  std::string text;
  raw_string_ostream stream(text);
  json::OStream json(stream);
  NoteWriter(model, json).write(levels);
  return text;
}

void addNote(StringRef json, Constants &c) {
  constexpr StringLiteral owner("cnnc");
  constexpr uint64_t alignment = 4;
  std::string description = json.str();
  description.resize((json.size() + alignment - 1) / alignment * alignment, '\0');
  Constant *name = ConstantDataArray::getString(c.context, StringRef("cnnc\0\0\0", 7), /*AddNull=*/true);
  GlobalVariable *note = c.global(c.record({c.u32(owner.size() + 1), c.u32(json.size()), c.u32(1), name,
                                            ConstantDataArray::getString(c.context, description, /*AddNull=*/false)}),
                                  "note");
  note->setSection(".note.cnnc");
  note->setAlignment(Align(alignment));
  appendToUsed(c.module, {note});
}

} // namespace cnnc
