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

/// Waits a moment for something that another thread does.
template <typename F> bool soon(F &&condition) {
  auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition())
    if (std::chrono::steady_clock::now() > end)
      return false;
  return true;
}

TEST(Pool, ThreadsWorkAtTheSameTime) {
  Pool pool(3);
  std::atomic<unsigned> started = 0;
  auto meet = [&](unsigned) {
    ++started;
    EXPECT_TRUE(soon([&] { return started == 3; }));
  };
  pool.run(3, meet);
}

TEST(Pool, EachThreadBeginsWithItsShare) {
  Pool pool(2);
  std::atomic<unsigned> started = 0;
  std::atomic<bool> kept = false;
  auto caller = std::this_thread::get_id();
  auto meet = [&](unsigned i) {
    if (++started <= 2) { // the first task of each
      EXPECT_EQ(i, std::this_thread::get_id() == caller ? 0u : 5u);
      kept = soon([&] { return started >= 2; });
    }
  };
  pool.run(10, meet);
  EXPECT_TRUE(kept);
}

TEST(Pool, TheTasksOfAThreadThatIsHeldUpAreDoneByTheOthers) {
  Pool pool(2);
  auto caller = std::this_thread::get_id();
  for (bool holdCaller : {false, true}) {
    std::atomic<unsigned> started = 0, done = 0;
    auto hold = [&](unsigned) {
      ++started;
      EXPECT_TRUE(soon([&] { return started >= 2; }));
      if ((std::this_thread::get_id() == caller) == holdCaller)
        EXPECT_TRUE(soon([&] { return done == 9; }));
      ++done;
    };
    pool.run(10, hold);
    EXPECT_EQ(done, 10u);
  }
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
  std::atomic<int> started = 0;
  auto look = [&](unsigned i) {
    ++started;
    EXPECT_TRUE(soon([&] { return started == 2; }));
    seen[i] = _mm_getcsr();
  };
  _mm_setcsr(before | 0x8040); // flush and treat denormals as zero
  pool.run(2, look);
  _mm_setcsr(before);
  EXPECT_EQ(seen[0] & 0xffc0, seen[1] & 0xffc0);
  EXPECT_EQ(seen[1] & 0x8040, 0x8040u);
}
#endif

} // namespace
