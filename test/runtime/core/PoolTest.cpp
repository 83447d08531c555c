#include "runtime/core/core.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>
#include <vector>
#if defined(__SSE__)
#include <immintrin.h>
#endif

namespace {

struct Pool {
  cnnc_pool pool;
  explicit Pool(unsigned threads) : pool(cnnc_core_pool(threads)) {}
  ~Pool() { pool.destroy(pool.self); }
  template <typename F> void run(unsigned tasks, F &f) {
    pool.run(pool.self, tasks, [](void *f, unsigned i) { (*static_cast<F *>(f))(i); }, &f);
  }
};

TEST(Pool, EveryTaskRunsOnce) {
  for (unsigned threads : {1u, 2u, 3u, 8u}) {
    Pool pool(threads);
    EXPECT_EQ(pool.pool.threads, threads);
    for (unsigned tasks : {0u, 1u, 2u, 7u, 64u, 1000u}) {
      std::vector<int> counts(tasks); // not atomic: a task belongs to one thread
      auto count = [&](unsigned i) { ++counts[i]; };
      pool.run(tasks, count);
      EXPECT_EQ(counts, std::vector<int>(tasks, 1));
    }
  }
}

TEST(Pool, ThePartitionIsFixed) {
  Pool pool(3);
  std::vector<std::thread::id> first(10), second(10);
  auto *ids = &first;
  auto note = [&](unsigned i) { (*ids)[i] = std::this_thread::get_id(); };
  pool.run(10, note);
  ids = &second;
  pool.run(10, note);
  EXPECT_EQ(first, second);
  EXPECT_EQ(first[0], std::this_thread::get_id());
  for (int i : {1, 2}) // tasks 0 to 2, 3 to 5, 6 to 9
    EXPECT_EQ(first[i], first[0]);
  EXPECT_NE(first[3], first[2]);
  EXPECT_EQ(first[9], first[6]);
}

TEST(Pool, SleepersWakeUp) {
  Pool pool(3);
  std::atomic<unsigned> sum = 0;
  auto add = [&](unsigned i) { sum += i; };
  for (int round = 0; round < 40; ++round) {
    if (round % 8 == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(3)); // longer than the workers spin
    pool.run(10, add);
  }
  EXPECT_EQ(sum, 40u * 45);
}

TEST(Pool, ARunInsideATaskDoesNotDeadlock) {
  Pool pool(3);
  std::atomic<int> count = 0;
  auto inner = [&](unsigned) { ++count; };
  auto outer = [&](unsigned) { pool.run(5, inner); };
  pool.run(6, outer);
  EXPECT_EQ(count, 30);
}

TEST(Pool, ServesSeveralCallersAtOnce) {
  Pool pool(3);
  std::vector<std::thread> callers;
  std::atomic<int> count = 0;
  for (int t = 0; t < 4; ++t)
    callers.emplace_back([&] {
      auto add = [&](unsigned) { ++count; };
      for (int i = 0; i < 100; ++i)
        pool.run(6, add);
    });
  for (std::thread &t : callers)
    t.join();
  EXPECT_EQ(count, 4 * 100 * 6);
}

TEST(Pool, ZeroThreadsMeansTheProcessesCores) {
  Pool pool(0);
  EXPECT_GE(pool.pool.threads, 1u);
  EXPECT_LE(pool.pool.threads, std::max(1u, std::thread::hardware_concurrency()));
}

#if defined(__SSE__)
TEST(Pool, WorkersRoundAsTheCallerDoes) {
  Pool pool(2);
  unsigned before = _mm_getcsr(), seen[2] = {};
  auto look = [&](unsigned i) { seen[i] = _mm_getcsr(); };
  _mm_setcsr(before | 0x8040); // flush and treat denormals as zero
  pool.run(2, look);
  _mm_setcsr(before);
  EXPECT_EQ(seen[0] & 0xffc0, seen[1] & 0xffc0);
  EXPECT_EQ(seen[1] & 0x8040, 0x8040u);
}
#endif

} // namespace
