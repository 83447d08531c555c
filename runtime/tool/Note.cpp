#include "runtime/tool/Note.h"

#include "cnnc/abi.h"
#include "runtime/tool/Error.h"

namespace cnnc {

static std::vector<NoteTensor> tensors(const Json &list) {
  std::vector<NoteTensor> result;
  for (const Json &entry : list)
    result.push_back(
        {entry.at("name"), entry.at("dtype"), entry.value("doc", ""), entry.at("shape"), entry.value("whole", false)});
  return result;
}

static NoteMemory memory(const Json &entry) { return {entry.at("fixed"), entry.at("per_example")}; }

Note parseNote(const std::string &text, const std::string &path) {
  Note note;
  note.json = parseJson(text, fmt::format("the note of '{}'", path));
  const Json &json = note.json;
  try {
    note.abi = json.at("abi");
    if (note.abi != CNNC_ABI_VERSION)
      fail("'{}' has ABI version {}, this cnnrt knows version {}: use the cnnc and cnnrt of one release", path, note.abi,
           CNNC_ABI_VERSION);
    note.name = json.at("name");
    note.prefix = json.at("prefix");
    note.doc = json.value("doc", "");
    note.source = json.value("source", "");
    note.graphHash = json.at("graph_hash");
    note.inputs = tensors(json.at("inputs"));
    note.targets = tensors(json.at("targets"));
    note.outputs = tensors(json.at("outputs"));
    for (const Json &entry : json.at("parameters"))
      note.parameters.push_back({entry.at("name"), entry.at("kind"), entry.at("shape"), entry.at("trainable")});
    note.hypers = json.at("hypers");
    for (const Json &entry : json.at("cpus"))
      note.cpus.push_back({entry.at("cpu"), entry.at("features")});
    note.batch = json.value("batch", uint64_t(0));
    note.isBatchExact = json.value("exact_batch", false);
    note.infer = memory(json.at("memory").at("infer"));
    const Json &train = json.at("memory").value("train", Json());
    note.trains = !train.is_null();
    if (note.trains)
      note.train = memory(train);
    note.parameterBytes = json.at("parameter_bytes");
    if (const Json &flops = json.value("flops", Json()); flops.is_object()) {
      note.inferFlops = flops.value("infer", uint64_t(0));
      note.trainFlops = flops.value("train", uint64_t(0));
    }
    note.recipe = json.value("recipe", Json());
  } catch (const Json::exception &error) {
    fail("the note of '{}' is malformed: {}", path, error.what());
  }
  return note;
}

uint64_t elementsOf(const std::vector<uint64_t> &shape) {
  uint64_t elements = 1;
  for (uint64_t size : shape)
    elements *= size;
  return elements;
}

} // namespace cnnc
