//===- Note.cpp - the note section ----------------------------------------===//

#include "compiler/codegen/Record.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include "runtime/include/cnnc/abi.h"

using namespace llvm;

namespace cnnc {

std::string noteJson(const Model &model, ArrayRef<Level> levels) {
  std::string text;
  raw_string_ostream stream(text);
  json::OStream json(stream);
  auto shape = [&](ArrayRef<int64_t> dims) {
    json.attributeArray("shape", [&] {
      for (int64_t size : dims)
        json.value(size);
    });
  };
  auto tensors = [&](StringRef key, ArrayRef<Model::Tensor> all) {
    json.attributeArray(key, [&] {
      for (const Model::Tensor &t : all)
        json.object([&] {
          json.attribute("name", t.name);
          json.attribute("dtype", t.isLabels ? "i32" : "f32");
          shape(t.dims);
          if (t.isWhole)
            json.attribute("whole", true);
          json.attribute("doc", t.doc);
        });
    });
  };
  auto memory = [&](StringRef key, const Model::Memory &m) {
    json.attributeObject(key, [&] {
      json.attribute("fixed", m.fixed);
      json.attribute("per_example", m.perExample);
    });
  };
  json.object([&] {
    json.attribute("abi", int64_t(CNNC_ABI_VERSION));
    json.attribute("name", model.name);
    json.attribute("prefix", model.prefix);
    json.attribute("doc", model.doc);
    json.attribute("source", model.source);
    json.attribute("graph_hash", model.graphHash);
    tensors("inputs", model.inputs);
    tensors("targets", model.targets);
    tensors("outputs", model.outputs);
    json.attributeArray("parameters", [&] {
      for (const Model::Parameter &p : model.parameters)
        json.object([&] {
          json.attribute("name", p.name);
          json.attribute("kind", stringifyParameterKind(p.kind));
          shape(p.type.getShape());
          json.attribute("trainable", p.trainable);
        });
    });
    json.attributeArray("hypers", [&] {
      for (const Model::Hyper &hyper : model.hypers)
        json.object([&] {
          json.attribute("name", hyper.name);
          json.attribute("value", hyper.value);
        });
    });
    json.attributeArray("cpus", [&] {
      for (const Level &level : levels)
        json.object([&] {
          json.attribute("cpu", level.name);
          json.attribute("features", int64_t(level.features));
        });
    });
    json.attribute("batch", model.batch);
    json.attribute("exact_batch", model.isBatchExact);
    json.attributeObject("memory", [&] {
      memory("infer", model.inferMemory);
      if (model.hasTraining)
        memory("train", model.trainMemory);
      else
        json.attribute("train", nullptr);
    });
    json.attribute("parameter_bytes", model.parameterBytes);
    json.attributeObject("flops", [&] {
      json.attribute("infer", model.inferFlops);
      if (model.hasTraining)
        json.attribute("train", model.trainFlops);
    });
    // The front end wrote the recipe: it is JSON.
    json.attributeBegin("recipe");
    json.rawValue(model.recipe.empty() ? "null" : model.recipe);
    json.attributeEnd();
  });
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
