//===- ResampleTest.cpp - weighted sums of rows and columns ---------------===//

#include "dialects/cnn/ResampleTable.h"
#include "test/kernels/Harness.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <gtest/gtest.h>

using namespace cnnc::test;
using namespace cnnc;

namespace {

/// Any table: interpolations, their transposes, and random ones with few or many taps.
cnn::ResampleTable randomTable(Random &random, int64_t size) {
  cnn::ResampleTable table;
  switch (random.integer(0, 3)) {
  case 0: {
    cnn::ResizeAxis axis;
    axis.inputs = size;
    axis.outputs = random.integer(1, 12);
    axis.mode = cnn::ResizeAxis::Mode(random.integer(0, 2));
    axis.antialias = random.coin();
    return cnn::resizeTable(axis).table;
  }
  case 1: {
    cnn::ResizeAxis axis;
    axis.inputs = random.integer(1, 12);
    axis.outputs = size;
    axis.mode = cnn::ResizeAxis::Mode(random.integer(0, 2));
    return cnn::transpose(cnn::resizeTable(axis).table, axis.inputs);
  }
  case 2: // each element several times
    for (int64_t i = 0, times = random.integer(1, 3); i < size * times; ++i) {
      table.places.push_back(i / times);
      table.weights.push_back(1);
    }
    return table;
  default:
    table.taps = random.integer(1, 20);
    for (int64_t i = 0, count = table.taps * random.integer(1, 9); i < count; ++i) {
      table.places.push_back(random.integer(0, size - 1));
      table.weights.push_back(0.25 * random.integer(-8, 8));
    }
    return table;
  }
}

std::string attributes(const cnn::ResampleTable &rows, const cnn::ResampleTable &columns) {
  auto numbers = [](const auto &values, const char *form) {
    return llvm::join(llvm::map_range(values, [&](auto value) { return llvm::formatv(form, value).str(); }), ", ");
  };
  return llvm::formatv(
      "{{rows = array<i64: {0}>, row_weights = array<f64: {1}>, row_taps = {2} : i64, columns = array<i64: {3}>, "
      "column_weights = array<f64: {4}>, column_taps = {5} : i64}",
      numbers(rows.places, "{0}"), numbers(rows.weights, "{0:f9}"), rows.taps, numbers(columns.places, "{0}"),
      numbers(columns.weights, "{0:f9}"), columns.taps);
}

TEST(Resample, AnyTable) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t i) {
    int64_t channels = random.channels(), height = random.integer(1, 9), width = random.integer(1, 9);
    cnn::ResampleTable rows = randomTable(random, height), columns = randomTable(random, width);
    std::string from = batchType(channels, height, width), to = batchType(channels, rows.size(), columns.size());
    Case c;
    c.n = random.integer(1, 3);
    c.arguments = {{from, random.batchLayout(channels, true)}};
    c.body = "%0 = cnn.resample %a0 " + attributes(rows, columns) + " : " + from + " -> " + to + "\n%y = cnn.relu %0 : " + to;
    c.results = {{i % 2 ? "%0" : "%y", to, random.batchLayout(channels, true)}};
    return c;
  }));
}

// More places than a task of whole examples has.
TEST(Resample, LargeImages) {
  cnn::ResizeAxis axis;
  axis.inputs = 17;
  axis.outputs = 34;
  std::vector<Case> cases;
  for (auto mode : {cnn::ResizeAxis::Mode::Nearest, cnn::ResizeAxis::Mode::Linear}) {
    axis.mode = mode;
    cnn::ResampleTable table = cnn::resizeTable(axis).table;
    std::string from = batchType(40, 17, 17), to = batchType(40, 34, 34);
    Case c;
    c.arguments = {{from, "batch"}};
    c.body = "%y = cnn.resample %a0 " + attributes(table, table) + " : " + from + " -> " + to;
    c.results = {{"%y", to, "batch halo = [1, 0, 2, 1]"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

} // namespace
