//===- SafetensorsFuzz.cpp - weight files of any bytes ----------------------===//
//
// What the reader accepts holds what it promises; a file that a model refuses
// leaves its weights as they were; what it takes, it saves and takes again.
//
//===----------------------------------------------------------------------===//

#include "runtime/core/safetensors.h"
#include "runtime/core/text.h"
#include "test/runtime/core/Model.h"

#include <cstdlib>

static void require(bool condition) {
  if (!condition)
    std::abort();
}

static void checkReader(const uint8_t *bytes, size_t size) {
  cnnc_safetensors file;
  char text[CNNC_TEXT_BYTES];
  if (cnnc_safetensors_read(bytes, size, &file, text) != cnnc_ok)
    return require(std::strlen(text) > 0);
  const unsigned char *next = size ? nullptr : bytes;
  for (size_t i = 0; i < file.count; ++i) {
    const cnnc_safetensor &t = file.tensors[i];
    require(!next || t.data == next);
    next = t.data + t.elements * t.dtype_bytes;
    if (!cnnc_safetensor_is_float(&t))
      continue;
    std::vector<float> values(t.elements);
    cnnc_safetensor_floats(&t, values.data());
  }
  require(!next || next == bytes + size);
  cnnc_safetensors_free(&file);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  checkReader(bytes, size);
  Weights w = makeWeights();
  std::string before = save(w, true);
  if (cnnc_core_weights_load(w.get(), bytes, size) != cnnc_ok) {
    require(save(w, true) == before);
    return 0;
  }
  std::string taken = save(w, true);
  require(load(w, taken) == cnnc_ok && save(w, true) == taken);
  return 0;
}
