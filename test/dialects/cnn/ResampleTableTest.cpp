//===- ResampleTableTest.cpp - tables against ONNX's and numpy's ----------===//
//
// Inputs/resize.txt has a case and its matrix of weights in each line;
// resize_reference.py wrote it.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/ResampleTable.h"
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

using namespace cnnc::cnn;

namespace {

/// Results by inputs.
std::vector<double> matrixOf(const ResampleTable &table, int64_t inputs) {
  std::vector<double> matrix(table.size() * inputs);
  for (size_t i = 0; i < table.places.size(); ++i)
    matrix[static_cast<int64_t>(i) / table.taps * inputs + table.places[i]] += table.weights[i];
  return matrix;
}

template <typename Enum> Enum readEnum(std::istream &stream) {
  int number = 0;
  stream >> number;
  return static_cast<Enum>(number);
}

void checkResize(std::istream &line) {
  ResizeAxis axis;
  line >> axis.inputs >> axis.outputs >> axis.scale;
  axis.mode = readEnum<ResizeAxis::Mode>(line);
  axis.coordinates = readEnum<ResizeAxis::Coordinates>(line);
  axis.rounding = readEnum<ResizeAxis::Rounding>(line);
  line >> axis.cubicCoefficient >> axis.excludeOutside >> axis.antialias >> axis.roiStart >> axis.roiEnd;
  ResizedAxis resized = resizeTable(axis);
  std::vector<double> matrix = matrixOf(resized.table, axis.inputs);
  ASSERT_EQ(resized.table.size(), resized.last - resized.first);
  for (int64_t x = 0; x < axis.outputs; ++x)
    for (int64_t i = 0; i < axis.inputs; ++i) {
      double wanted;
      ASSERT_TRUE(bool(line >> wanted));
      bool isInside = x >= resized.first && x < resized.last;
      ASSERT_EQ(isInside, wanted != 9) << "result " << x;
      if (isInside)
        ASSERT_NEAR(matrix[(x - resized.first) * axis.inputs + i], wanted, 1e-12) << "result " << x << ", input " << i;
    }
}

void checkPad(std::istream &line) {
  auto mode = readEnum<PadMode>(line);
  int64_t inputs, low, high, place;
  line >> inputs >> low >> high;
  std::vector<int64_t> wanted;
  while (line >> place)
    wanted.push_back(place);
  ResampleTable table = padTable(mode, inputs, low, high);
  EXPECT_EQ(table.taps, 1);
  EXPECT_EQ(std::vector<int64_t>(table.places.begin(), table.places.end()), wanted);
  EXPECT_EQ(std::vector<double>(table.weights.begin(), table.weights.end()), std::vector<double>(wanted.size(), 1));
}

TEST(ResampleTable, EqualsReferences) {
  std::ifstream file(CNNC_RESIZE_REFERENCES);
  int cases = 0;
  for (std::string text; std::getline(file, text) && !testing::Test::HasFailure(); ++cases) {
    SCOPED_TRACE(text.substr(0, 60));
    std::istringstream line(text);
    std::string kind;
    line >> kind;
    kind == "pad" ? checkPad(line) : checkResize(line);
  }
  EXPECT_GT(cases, 200);
}

TEST(ResampleTable, Transpose) {
  ResizeAxis axis;
  for (int64_t outputs : {1, 2, 5, 12}) {
    axis.inputs = 5;
    axis.outputs = outputs;
    axis.mode = ResizeAxis::Mode::Cubic;
    ResampleTable table = resizeTable(axis).table, transposed = transpose(table, axis.inputs);
    std::vector<double> matrix = matrixOf(table, axis.inputs), other = matrixOf(transposed, outputs);
    ASSERT_EQ(transposed.size(), axis.inputs);
    for (int64_t x = 0; x < outputs; ++x)
      for (int64_t i = 0; i < axis.inputs; ++i)
        EXPECT_EQ(matrix[x * axis.inputs + i], other[i * outputs + x]);
  }
}

// What no result reads gets no gradient.
TEST(ResampleTable, TransposeOfUnread) {
  ResampleTable transposed = transpose({1, {0, 2}, {1, 1}}, 3);
  EXPECT_EQ(matrixOf(transposed, 2), (std::vector<double>{1, 0, 0, 0, 0, 1}));
}

} // namespace
