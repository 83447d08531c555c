//===- ResampleTable.cpp - which elements a resized axis reads ------------===//

#include "dialects/cnn/ResampleTable.h"
#include <algorithm>
#include <cmath>

using namespace llvm;

namespace cnnc::cnn {

namespace {
/// What one result reads.
struct Tap {
  int64_t place;
  double weight;
};
using Taps = SmallVector<Tap, 4>;
} // namespace

/// One row per result. Equal places become one; weights of 0 go.
static ResampleTable tableOf(ArrayRef<Taps> results) {
  ResampleTable table;
  for (const Taps &taps : results)
    table.taps = std::max<int64_t>(table.taps, taps.size());
  for (const Taps &taps : results)
    for (int64_t t = 0; t < table.taps; ++t) {
      bool exists = t < static_cast<int64_t>(taps.size());
      table.places.push_back(exists ? taps[t].place : taps.empty() ? 0 : taps.back().place);
      table.weights.push_back(exists ? taps[t].weight : 0);
    }
  return table;
}

/// Places come in order, so that an equal one is the last.
static void add(Taps &taps, int64_t place, double weight) {
  if (weight == 0)
    return;
  if (!taps.empty() && taps.back().place == place)
    taps.back().weight += weight;
  else
    taps.push_back({place, weight});
}

ResampleTable transpose(const ResampleTable &table, int64_t inputs) {
  SmallVector<Taps> results(inputs);
  for (int64_t i = 0, e = table.places.size(); i != e; ++i)
    add(results[table.places[i]], i / table.taps, table.weights[i]);
  return tableOf(results);
}

//===----------------------------------------------------------------------===//
// Resize
//===----------------------------------------------------------------------===//

/// Where result `x` lies in the input. `resized` is the size that the scale
/// asks for, of which `outputs` is the whole part.
static double coordinateOf(const ResizeAxis &axis, double scale, int64_t x) {
  double resized = scale * axis.inputs, last = axis.inputs - 1;
  switch (axis.coordinates) {
  case ResizeAxis::Coordinates::HalfPixel:
    return (x + 0.5) / scale - 0.5;
  case ResizeAxis::Coordinates::HalfPixelSymmetric:
    return axis.inputs / 2.0 * (1 - axis.outputs / resized) + (x + 0.5) / scale - 0.5;
  case ResizeAxis::Coordinates::PytorchHalfPixel:
    return resized == 1 ? -0.5 : (x + 0.5) / scale - 0.5;
  case ResizeAxis::Coordinates::AlignCorners:
    return resized == 1 ? 0 : x * last / (resized - 1);
  case ResizeAxis::Coordinates::Asymmetric:
    return x / scale;
  case ResizeAxis::Coordinates::TfHalfPixelForNn:
    return (x + 0.5) / scale;
  case ResizeAxis::Coordinates::TfCropAndResize:
    break;
  }
  double extent = (axis.roiEnd - axis.roiStart) * last;
  return axis.roiStart * last + (resized == 1 ? extent / 2 : x * extent / (resized - 1));
}

/// Keys' cubic convolution kernel (1981) with parameter `a`.
static double cubic(double x, double a) {
  x = std::abs(x);
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/// The weights of the elements from `first` on, relative to the one at or
/// left of the coordinate, `ratio` of a step behind which it lies; 0 < ratio ≤ 1.
static SmallVector<double> weightsOf(const ResizeAxis &axis, double scale, double ratio, int64_t &first) {
  first = 0;
  if (axis.mode == ResizeAxis::Mode::Nearest) {
    bool right = ratio == 1;
    switch (axis.rounding) {
    case ResizeAxis::Rounding::RoundPreferFloor:
      right |= ratio > 0.5;
      break;
    case ResizeAxis::Rounding::RoundPreferCeil:
      right |= ratio >= 0.5;
      break;
    case ResizeAxis::Rounding::Floor:
      break;
    case ResizeAxis::Rounding::Ceil:
      right = true;
      break;
    }
    return {right ? 0.0 : 1.0, right ? 1.0 : 0.0};
  }
  bool isCubic = axis.mode == ResizeAxis::Mode::Cubic;
  double shrink = axis.antialias ? std::min(scale, 1.0) : 1, reach = isCubic ? 2 : 1;
  first = static_cast<int64_t>(std::floor(-reach / shrink)) + 1;
  SmallVector<double> weights;
  double sum = 0;
  for (int64_t i = first; i < 2 - first; ++i) {
    double x = shrink * (i - ratio);
    weights.push_back(isCubic ? cubic(x, axis.cubicCoefficient) : std::max(0.0, 1 - std::abs(x)));
    sum += weights.back();
  }
  if (axis.antialias)
    for (double &weight : weights)
      weight /= sum;
  return weights;
}

ResizedAxis resizeTable(const ResizeAxis &axis) {
  double scale = axis.scale != 0 ? axis.scale : static_cast<double>(axis.outputs) / axis.inputs;
  ResizedAxis resized;
  SmallVector<Taps> results;
  for (int64_t x = 0; x < axis.outputs; ++x) {
    double coordinate = coordinateOf(axis, scale, x);
    // Coordinates are monotone: what is inside is one run.
    if (axis.coordinates == ResizeAxis::Coordinates::TfCropAndResize && !(coordinate >= 0 && coordinate <= axis.inputs - 1))
      continue;
    if (results.empty())
      resized.first = x;
    resized.last = x + 1;
    double left = std::ceil(coordinate) - 1;
    int64_t first;
    SmallVector<double> weights = weightsOf(axis, scale, coordinate - left, first);
    double inside = 0;
    Taps &taps = results.emplace_back();
    for (auto [i, weight] : llvm::enumerate(weights)) {
      double place = left + first + static_cast<double>(i), nearest = std::clamp(place, 0.0, axis.inputs - 1.0);
      if (axis.excludeOutside && place != nearest)
        continue;
      inside += weight;
      add(taps, static_cast<int64_t>(nearest), weight);
    }
    if (axis.excludeOutside)
      for (Tap &tap : taps)
        tap.weight /= inside;
  }
  resized.table = tableOf(results);
  return resized;
}

//===----------------------------------------------------------------------===//
// Pad
//===----------------------------------------------------------------------===//

ResampleTable padTable(PadMode mode, int64_t size, int64_t low, int64_t high) {
  int64_t cut = std::max<int64_t>(0, -low), kept = size - cut - std::max<int64_t>(0, -high);
  ResampleTable table;
  for (int64_t x = -std::max<int64_t>(0, low); x < kept + std::max<int64_t>(0, high); ++x) {
    int64_t place = x;
    if (mode == PadMode::Edge) {
      place = std::clamp<int64_t>(x, 0, kept - 1);
    } else {
      // Reflections repeat every two lengths less the edges, which are not doubled.
      int64_t period = mode == PadMode::Wrap ? kept : std::max<int64_t>(1, 2 * kept - 2);
      place = (x % period + period) % period;
      if (place >= kept)
        place = period - place;
    }
    table.places.push_back(cut + place);
    table.weights.push_back(1);
  }
  return table;
}

} // namespace cnnc::cnn
