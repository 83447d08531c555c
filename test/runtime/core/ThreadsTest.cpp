// Who may do what at the same time; built with the thread sanitizer.
#include "test/runtime/core/Model.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

namespace {

const float x[8] = {1, 2, 0, -1, 0, 1, 1, 0};
const int32_t label[2] = {0, 2};

/// A pool that keeps its caller inside a program until it is let go.
struct Gate {
  std::atomic<bool> entered{false}, open{false};
  cnnc_pool pool{this, 1, run, nullptr};

  static void run(void *self, unsigned tasks, void (*task)(void *, unsigned), void *argument) {
    Gate *gate = static_cast<Gate *>(self);
    gate->entered = true;
    while (!gate->open)
      std::this_thread::yield();
    for (unsigned i = 0; i < tasks; ++i)
      task(argument, i);
  }
  void waitUntilEntered() {
    while (!entered)
      std::this_thread::yield();
  }
};

TEST(Busy, AReaderKeepsWritersOut) {
  Weights w = makeWeights();
  Gate gate;
  Context held = makeContext(w, 2, false, &gate.pool), other = makeContext(w, 2), training = makeContext(w, 2, true);
  float logits[6], more[6], value;
  cnnc_status status = cnnc_bad_argument;
  std::thread reader([&] { status = forward(held, 2, x, logits); });
  gate.waitUntilEntered();
  EXPECT_EQ(forward(held, 2, x, more), cnnc_busy) << "one call per context";
  EXPECT_EQ(forward(other, 2, x, more), cnnc_ok) << "readers share";
  EXPECT_EQ(get(w, "bias", 3).size(), 3u);
  EXPECT_EQ(set(w, "bias", {1, 2, 3}), cnnc_busy);
  EXPECT_EQ(cnnc_core_weights_load(w.get(), "", 0), cnnc_busy);
  EXPECT_EQ(trainStep(training, 2, x, label, 1, &value), cnnc_busy);
  EXPECT_STREQ(cnnc_core_error(training.get()), "another thread is using the weights of model 'linear': try again");
  EXPECT_EQ(loss(training, 2, x, label, &value), cnnc_busy) << "the model has a buffer, which loss may write";
  gate.open = true;
  reader.join();
  EXPECT_EQ(status, cnnc_ok);
  EXPECT_EQ(std::memcmp(logits, more, sizeof logits), 0);
  EXPECT_EQ(set(w, "bias", {1, 2, 3}), cnnc_ok);
}

TEST(Busy, AWriterKeepsEverybodyOut) {
  Weights w = makeWeights();
  Gate gate;
  Context held = makeContext(w, 2, true, &gate.pool), other = makeContext(w, 2);
  float value, logits[6];
  cnnc_status status = cnnc_bad_argument;
  std::thread writer([&] { status = trainStep(held, 2, x, label, 1, &value); });
  gate.waitUntilEntered();
  EXPECT_EQ(forward(other, 2, x, logits), cnnc_busy);
  float bias[3];
  EXPECT_EQ(cnnc_core_weights_get(w.get(), "bias", bias, 3), cnnc_busy);
  std::vector<char> file(4096);
  size_t size = file.size();
  EXPECT_EQ(cnnc_core_weights_save(w.get(), 0, file.data(), &size), cnnc_busy);
  EXPECT_EQ(cnnc_core_gradient(held.get(), "bias", bias, 3), cnnc_busy);
  gate.open = true;
  writer.join();
  EXPECT_EQ(status, cnnc_ok);
  EXPECT_EQ(forward(other, 2, x, logits), cnnc_ok);
}

TEST(Busy, LossReadsWhereThereAreNoBuffers) {
  cnnc_parameter_info parameters[6];
  std::memcpy(parameters, fixture_model.parameters, sizeof parameters);
  parameters[2].kind = cnnc_weight;
  cnnc_model model = fixture_model;
  model.parameters = parameters;
  Weights w = makeWeights(1, model);
  Gate gate;
  Context held = makeContext(w, 2, true, &gate.pool), other = makeContext(w, 2, true);
  float first, second;
  std::thread reader([&] { EXPECT_EQ(loss(held, 2, x, label, &first), cnnc_ok); });
  gate.waitUntilEntered();
  EXPECT_EQ(loss(other, 2, x, label, &second), cnnc_ok);
  gate.open = true;
  reader.join();
  EXPECT_EQ(first, second);
}

/// Runs body(thread) on four threads that start together.
template <typename F> void onFourThreads(F body) {
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (++ready; ready < 4;)
        std::this_thread::yield();
      body(t);
    });
  for (std::thread &t : threads)
    t.join();
}

TEST(Threads, AllMayRunForwardRightAfterAChange) {
  Weights w = makeWeights();
  Context contexts[4];
  for (Context &c : contexts)
    c = makeContext(w, 2);
  for (int round = 0; round < 20; ++round) {
    float logits[4][6];
    ASSERT_EQ(set(w, "norm.running_mean", {static_cast<float>(round), 0, 1, 2}), cnnc_ok);
    onFourThreads([&](int t) { EXPECT_EQ(forward(contexts[t], 2, x, logits[t]), cnnc_ok); });
    for (int t = 1; t < 4; ++t)
      EXPECT_EQ(std::memcmp(logits[0], logits[t], sizeof logits[0]), 0);
  }
}

TEST(Threads, ContextsTrainAndServeSharedWeights) {
  // All steps see the same batch, so whose turn it was leaves no trace.
  Weights w = makeWeights(), alone = makeWeights();
  cnnc_pool pool = cnnc_core_pool(2);
  onFourThreads([&](int t) {
    bool training = t < 2;
    Context c = makeContext(w, 2, training, &pool);
    float logits[6], value;
    for (uint64_t i = 1; i <= 20; ++i) {
      cnnc_status status;
      while ((status = training ? trainStep(c, 2, x, label, i, &value) : forward(c, 2, x, logits)) == cnnc_busy)
        std::this_thread::yield();
      ASSERT_EQ(status, cnnc_ok) << cnnc_core_error(c.get());
    }
  });
  pool.destroy(pool.self);
  Context c = makeContext(alone, 2, true);
  float value;
  for (uint64_t i = 1; i <= 40; ++i)
    ASSERT_EQ(trainStep(c, 2, x, label, i, &value), cnnc_ok);
  EXPECT_EQ(save(w, true), save(alone, true));
}

TEST(Threads, BitsDoNotDependOnTheThreads) {
  std::string reference;
  for (unsigned threads : {1u, 2u, 3u}) {
    Weights w = makeWeights(4);
    cnnc_pool pool = cnnc_core_pool(threads);
    Context c = makeContext(w, 2, true, &pool);
    float value;
    for (uint64_t step = 1; step <= 10; ++step)
      ASSERT_EQ(trainStep(c, 2, x, label, step, &value), cnnc_ok);
    c.reset();
    pool.destroy(pool.self);
    if (reference.empty())
      reference = save(w, true);
    EXPECT_EQ(save(w, true), reference);
  }
}

} // namespace
