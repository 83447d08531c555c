//===- ResampleTable.h - which elements a resized axis reads -----*- C++ -*-===//

#ifndef CNNC_DIALECTS_CNN_RESAMPLETABLE_H
#define CNNC_DIALECTS_CNN_RESAMPLETABLE_H

#include "llvm/ADT/SmallVector.h"

namespace cnnc::cnn {

/// One axis of a cnn.resample: element o of the result is the sum over t of
/// `weights[o · taps + t]` times element `places[o · taps + t]` of the input.
/// Results that need fewer taps repeat their last place with weight 0.
struct ResampleTable {
  int64_t taps = 1;
  llvm::SmallVector<int64_t> places;
  llvm::SmallVector<double> weights;

  int64_t size() const { return static_cast<int64_t>(places.size()) / taps; }
};

/// The most rows or columns that a front end resamples: each has a line in a table.
inline constexpr int64_t mostResampled = 65536;

/// The table of the gradient of `table`: results become inputs of which there
/// are `inputs`.
ResampleTable transpose(const ResampleTable &table, int64_t inputs);

/// One axis of ONNX's Resize, in the words of its attributes.
struct ResizeAxis {
  enum class Mode { Nearest, Linear, Cubic };
  enum class Coordinates {
    HalfPixel,
    HalfPixelSymmetric,
    PytorchHalfPixel,
    AlignCorners,
    Asymmetric,
    TfCropAndResize,
    TfHalfPixelForNn
  };
  enum class Rounding { RoundPreferFloor, RoundPreferCeil, Floor, Ceil };

  int64_t inputs = 1, outputs = 1; ///< sizes, both positive
  double scale = 0;                ///< 0: outputs / inputs
  Mode mode = Mode::Nearest;
  Coordinates coordinates = Coordinates::HalfPixel;
  Rounding rounding = Rounding::RoundPreferFloor; ///< of Nearest
  double cubicCoefficient = -0.75;
  bool excludeOutside = false;     ///< weights of elements beyond the edge go to the others
  bool antialias = false;          ///< widens Linear and Cubic where the axis shrinks
  double roiStart = 0, roiEnd = 1; ///< of TfCropAndResize, in shares of the axis
};

/// A table, and the results [first, last) that read inside the input: only
/// TfCropAndResize has others. The table has those alone.
struct ResizedAxis {
  ResampleTable table;
  int64_t first = 0, last = 0;
};

/// The table of a resized axis, as the formulas of ONNX's Resize say.
ResizedAxis resizeTable(const ResizeAxis &axis);

/// How a padded axis goes on beyond its edges; ONNX's modes of Pad but constant.
enum class PadMode { Reflect, Edge, Wrap };

/// The table of an axis with `low` and `high` more elements; negative ones cut
/// off, before the others are added. What is left has to be of positive size.
ResampleTable padTable(PadMode mode, int64_t size, int64_t low, int64_t high);

} // namespace cnnc::cnn

#endif // CNNC_DIALECTS_CNN_RESAMPLETABLE_H
