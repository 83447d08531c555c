#include "test/runtime/core/Model.h"

#include <gtest/gtest.h>

// A request for more memory than there is gets NULL, as without the sanitizer.
extern "C" const char *__asan_default_options() { return "allocator_may_return_null=1"; }

namespace {

std::string refusal(const cnnc_options &o, cnnc_status expected, const cnnc_model &model = fixture_model) {
  Weights w = makeWeights(1, model);
  cnnc_status status = cnnc_ok;
  Context c(cnnc_core_context_create(w.get(), &o, &status));
  EXPECT_EQ(c, nullptr);
  EXPECT_EQ(status, expected);
  return cnnc_core_weights_error(w.get());
}

TEST(Context, OptionsAreChecked) {
  cnnc_options o = makeOptions(0);
  EXPECT_EQ(refusal(o, cnnc_bad_argument), "the options' batch is 0: say how many examples a call may have");
  o.batch = 4;
  o.device = "gpu:0";
  EXPECT_EQ(refusal(o, cnnc_device_error), "device 'gpu:0' is not among the library's devices (cpu): use \"cpu\" or NULL");
  o.device = "cpu";
  o.struct_size = 8;
  EXPECT_EQ(refusal(o, cnnc_bad_argument),
            "the options' struct_size is 8 and this library knows 56 bytes: set it to sizeof and the rest to zero");
  cnnc_pool broken{nullptr, 2, nullptr, nullptr};
  EXPECT_EQ(refusal(makeOptions(4, false, &broken), cnnc_bad_argument),
            "the pool has 2 threads and no run function: fill both or pass NULL");
}

TEST(Context, AnInferenceLibraryDoesNotTrain) {
  cnnc_code code = fixture_model.codes[0];
  code.loss = nullptr;
  cnnc_model model = fixture_model;
  model.codes = &code;
  EXPECT_EQ(refusal(makeOptions(4, true), cnnc_bad_argument, model),
            "model 'linear' was compiled for inference only: compile it with a train block to train it");
}

TEST(Context, AFixedBatchIsTheMost) {
  cnnc_model model = fixture_model;
  model.batch = 8;
  EXPECT_EQ(refusal(makeOptions(9), cnnc_bad_argument, model),
            "batch 9 is larger than the 8 the library was compiled for: compile it with --batch=9");
  Weights w = makeWeights(1, model);
  Context c = makeContext(w, 0);
  float x[36] = {}, logits[27];
  EXPECT_EQ(forward(c, 8, x, logits), cnnc_ok);
  EXPECT_EQ(forward(c, 9, x, logits), cnnc_bad_argument);
}

TEST(Context, AnExactBatchIsTheOnlyOne) {
  cnnc_model model = fixture_model;
  model.batch = 8;
  model.exact_batch = 1;
  EXPECT_EQ(refusal(makeOptions(4), cnnc_bad_argument, model),
            "batch is 4 and the model takes batches of exactly 8: use that, or 0");
  EXPECT_EQ(refusal(makeOptions(9), cnnc_bad_argument, model),
            "batch is 9 and the model takes batches of exactly 8: use that, or 0");
  Weights w = makeWeights(1, model);
  Context c = makeContext(w, 0);
  float x[32] = {}, logits[24];
  EXPECT_EQ(forward(c, 8, x, logits), cnnc_ok);
  EXPECT_EQ(forward(c, 7, x, logits), cnnc_bad_argument);
  EXPECT_STREQ(cnnc_core_error(c.get()),
               "n is 7 and the model takes batches of exactly 8: fill the batch up, or export the model with another");
}

TEST(Context, AnOlderCallersOptionsAreRead) {
  cnnc_options o = makeOptions(4);
  o.struct_size = offsetof(cnnc_options, pool);
  o.pool = reinterpret_cast<const cnnc_pool *>(1); // not there for this caller
  Weights w = makeWeights();
  EXPECT_NE(Context(cnnc_core_context_create(w.get(), &o, nullptr)), nullptr);
}

TEST(Context, ANewerCallersUnknownFieldsMustBeZero) {
  struct Newer {
    cnnc_options options;
    uint64_t later;
  } o{makeOptions(4), 0};
  o.options.struct_size = sizeof o;
  Weights w = makeWeights();
  EXPECT_NE(Context(cnnc_core_context_create(w.get(), &o.options, nullptr)), nullptr);
  o.later = 1;
  EXPECT_EQ(Context(cnnc_core_context_create(w.get(), &o.options, nullptr)), nullptr);
}

TEST(Context, SizesDoNotOverflow) {
  cnnc_model model = fixture_model;
  for (cnnc_memory m : {cnnc_memory{0, UINT64_MAX / 2}, cnnc_memory{UINT64_MAX, 0}, cnnc_memory{UINT64_MAX - 4096, 16}}) {
    model.infer_memory = m;
    cnnc_options o = makeOptions(1000);
    EXPECT_EQ(cnnc_core_context_bytes(&model, &o), 0u);
    EXPECT_EQ(refusal(o, cnnc_out_of_memory, model),
              "a context for batch 1000 is larger than the address space: use a smaller batch");
  }
  model.infer_memory = {UINT64_MAX / 4, 0};
  EXPECT_NE(refusal(makeOptions(1), cnnc_out_of_memory, model).find("no memory for a context of"), std::string::npos);
}

TEST(Context, LivesInTheCallersMemory) {
  Weights w = makeWeights();
  for (size_t shift : {0, 1, 63}) {
    cnnc_options o = makeOptions(5, true);
    o.memory_bytes = cnnc_core_context_bytes(&fixture_model, &o);
    ASSERT_GT(o.memory_bytes, 5u * 64);
    // An exact block, so that a byte past its end is seen.
    std::unique_ptr<char[]> block(new char[o.memory_bytes + shift]);
    std::memset(block.get(), 0x5a, o.memory_bytes + shift);
    o.memory = block.get() + shift;
    Context c(cnnc_core_context_create(w.get(), &o, nullptr));
    ASSERT_NE(c, nullptr) << cnnc_core_weights_error(w.get());
    float x[20] = {1, 2, 3}, value;
    int32_t label[5] = {0, 1, 2, 0, 1};
    EXPECT_EQ(trainStep(c, 5, x, label, 1, &value), cnnc_ok);
  }
  cnnc_options o = makeOptions(5);
  char small[100];
  o.memory = small;
  o.memory_bytes = sizeof small;
  size_t needed = cnnc_core_context_bytes(&fixture_model, &o);
  EXPECT_EQ(refusal(o, cnnc_out_of_memory), "a context for batch 5 takes " + std::to_string(needed) +
                                                " bytes and 100 were handed in: ask context_bytes for the size");
}

TEST(Forward, ChecksItsArguments) {
  Weights w = makeWeights();
  Context c = makeContext(w, 4);
  float x[20] = {}, logits[15];
  EXPECT_STREQ(cnnc_core_error(c.get()), "");
  EXPECT_EQ(forward(c, 5, x, logits), cnnc_bad_argument);
  EXPECT_STREQ(cnnc_core_error(c.get()),
               "n is 5 and the context was created for batches of 1 to 4: create one with a larger batch or split the call");
  EXPECT_EQ(forward(c, 0, x, logits), cnnc_bad_argument);
  EXPECT_EQ(forward(c, 1, nullptr, logits), cnnc_bad_argument);
  EXPECT_STREQ(cnnc_core_error(c.get()), "input 'x' is a null pointer: pass a buffer for all n examples");
  EXPECT_EQ(forward(c, 1, x, nullptr), cnnc_bad_argument);
  EXPECT_STREQ(cnnc_core_error(c.get()), "output 'logits' is a null pointer: pass a buffer for all n examples");
  EXPECT_EQ(cnnc_core_forward(c.get(), 1, nullptr, nullptr), cnnc_bad_argument);
  EXPECT_EQ(cnnc_core_forward(nullptr, 1, nullptr, nullptr), cnnc_bad_argument);
}

TEST(Forward, SeesEveryChangeOfTheWeights) {
  Weights w = makeWeights();
  Context c = makeContext(w, 1);
  const float x[4] = {1, 10, 100, 1000};
  float logits[3];
  set(w, "weight", {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1});
  set(w, "bias", {0.5f, 0, 0});
  ASSERT_EQ(forward(c, 1, x, logits), cnnc_ok);
  EXPECT_EQ(std::vector<float>(logits, logits + 3), (std::vector<float>{1.5f, 10, 1100}));
  set(w, "norm.running_mean", {1, 2, 3, 4});
  ASSERT_EQ(forward(c, 1, x, logits), cnnc_ok);
  EXPECT_EQ(std::vector<float>(logits, logits + 3), (std::vector<float>{0.5f, 8, 1093}));
  std::string saved = save(w, true);
  set(w, "norm.running_mean", {0, 0, 0, 0});
  ASSERT_EQ(forward(c, 1, x, logits), cnnc_ok);
  EXPECT_EQ(logits[0], 1.5f);
  ASSERT_EQ(load(w, saved), cnnc_ok);
  ASSERT_EQ(forward(c, 1, x, logits), cnnc_ok);
  EXPECT_EQ(logits[0], 0.5f);
}

} // namespace
