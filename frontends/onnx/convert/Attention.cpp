//===- Attention.cpp - scaled products of queries and keys ----------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Tables.h"
#include <cmath>
#include <limits>

using namespace cnnc;
using namespace cnnc::onnx;

namespace {
/// The node Attention while it is converted; tensors are [batch, heads, sequence, head size].
class Attention {
public:
  explicit Attention(Call &call) : call(call), compose(call) {}
  void convert();

private:
  mlir::Value heads(size_t i, int64_t count);
  mlir::Value withPast(mlir::Value now, size_t past);
  mlir::Value repeated(mlir::Value value, int64_t count);
  bool addBias(mlir::Value scores);
  mlir::Value frontier();
  void addToBias(mlir::Value more);
  void allow(mlir::Value condition);
  mlir::Value constantMask();

  Call &call;
  Compose compose;
  int64_t leftWindow = -1, rightWindow = -1, queries = 0, keys = 0, past = 0;
  bool isCausal = false;
  mlir::Value bias;        ///< what is added to the scores, or null
  bool mayHideAll = false; ///< a query may see no key
};
} // namespace

/// Operand `i` in heads: [N, S, heads · D] becomes [N, heads, S, D].
mlir::Value Attention::heads(size_t i, int64_t count) {
  mlir::Value value = call.runtime(i);
  if (!value || shapeOf(value).size() == 4)
    return value;
  llvm::ArrayRef<int64_t> shape = shapeOf(value);
  if (shape.size() != 3 || count < 1 || shape[2] % count) {
    call.refuse("divides " + text(shape) + " into " + llvm::Twine(count) + " heads",
                "inputs are [N, S, heads · D] with the number of heads, or [N, heads, S, D]");
    return {};
  }
  return compose.transpose(compose.reshape(value, {shape[0], shape[1], count, shape[2] / count}), {0, 2, 1, 3});
}

/// Keys or values behind those of operand `past`.
mlir::Value Attention::withPast(mlir::Value now, size_t past) {
  if (!now || !call.has(past))
    return now;
  mlir::Value before = call.runtime(past);
  Shape wanted(shapeOf(now)), given(before ? Shape(shapeOf(before)) : wanted);
  if (wanted.size() == 4 && given.size() == 4)
    given[2] = wanted[2];
  if (wanted.size() != 4 || given != wanted) {
    call.refuse("puts " + text(wanted) + " behind " + text(call.shape(past)),
                "what is past has the shape of what comes, but for the number of keys");
    return {};
  }
  return before ? compose.concat({before, now}, 2) : before;
}

/// Each head `count` times, one after the other.
mlir::Value Attention::repeated(mlir::Value value, int64_t count) {
  if (!value || count == 1)
    return value;
  Shape shape(shapeOf(value)), grouped(shape), result(shape);
  grouped.insert(grouped.begin() + 2, 1);
  value = compose.reshape(value, grouped);
  grouped[2] = count;
  result[1] *= count;
  return compose.reshape(compose.repeat(value, grouped), result);
}

void Attention::addToBias(mlir::Value more) { bias = bias ? compose.add(bias, more) : more; }

/// Adds -∞ where `condition` is 0.
void Attention::allow(mlir::Value condition) {
  addToBias(compose.where(condition, compose.splat({1}, 0), compose.splat({1}, -std::numeric_limits<double>::infinity())));
}

/// 0 for true and -∞ for false, where a constant mask is bool; other masks are added as they are.
mlir::Value Attention::constantMask() {
  const Tensor &mask = call.operand(3).constant;
  if (mask.type() != ElementType::Bool)
    return compose.number(3);
  if (mask.elements() > mostComputed) {
    call.refuse("has a mask " + text(mask.shape()), "a constant one has at most 2^24 elements");
    return {};
  }
  std::vector<double> values;
  for (int64_t i = 0; i < mask.elements(); ++i)
    values.push_back(mask.at(i).integer ? 0 : -std::numeric_limits<double>::infinity());
  return compose.constant(mask.shape(), values);
}

/// The number of keys each example has, [N, 1, 1, 1], where operand 6 says so; else null.
mlir::Value Attention::frontier() {
  mlir::Value lengths = call.has(6) ? compose.number(6) : mlir::Value();
  if (lengths && shapeOf(lengths).size() != 1) {
    call.refuse("has lengths " + text(shapeOf(lengths)), "there is one for each example: [N]");
    return {};
  }
  return lengths ? compose.reshape(lengths, {shapeOf(lengths)[0], 1, 1, 1}) : lengths;
}

/// Collects the mask, the causal triangle, windows, and the ends of padded keys. False after an error.
bool Attention::addBias(mlir::Value scores) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (call.has(3)) {
    bool isTruth = call.type(3) == ElementType::Bool && !call.isConstant(3);
    mlir::Value mask = call.isConstant(3) ? constantMask() : call.runtime(3);
    mayHideAll = true;
    if (!mask)
      return false;
    if (shapeOf(mask).empty()) {
      call.refuse("has a mask without dimensions", "a mask is [S, keys], or more with the heads and the batch");
      return false;
    }
    int64_t missing = keys - shapeOf(mask).back();
    if (missing > 0) { // what is not said is hidden
      Shape rest(shapeOf(mask));
      rest.back() = missing;
      mask = compose.concat({mask, compose.repeat(compose.splat(Shape(rest.size(), 1), isTruth ? 0 : -infinity), rest)},
                            rest.size() - 1);
    }
    if (isTruth)
      allow(mask);
    else
      bias = mask;
  }
  mlir::Value lengths = frontier();
  mayHideAll |= lengths != nullptr;
  if (call.has(6) && !lengths)
    return false;
  // Query i stands at place i + offset of the keys.
  std::vector<double> allowed, distances;
  bool hasPlaces = isCausal || leftWindow >= 0 || rightWindow >= 0;
  for (int64_t i = 0; hasPlaces && i < queries; ++i) {
    bool sees = false;
    for (int64_t j = 0; j < keys; ++j) {
      int64_t distance = i + past - j;
      bool isAllowed = (!isCausal || distance >= 0) && (leftWindow < 0 || distance <= leftWindow) &&
                       (rightWindow < 0 || -distance <= rightWindow);
      allowed.push_back(isAllowed ? 0 : -infinity);
      distances.push_back(static_cast<double>(i - queries - j));
      sees |= isAllowed;
    }
    mayHideAll |= !sees;
  }
  if (hasPlaces && !lengths)
    addToBias(compose.constant({queries, keys}, allowed));
  if (!lengths)
    return !call.failed();
  if (hasPlaces) { // the offset is lengths - queries: how far the key lies behind
    mlir::Value behind = compose.add(compose.constant({1, 1, queries, keys}, distances), lengths);
    auto atLeast = [&](mlir::Value value, double bound) {
      return compose.map<cnn::StepOp>(compose.affine(value, 1, 0.5 - bound));
    };
    if (isCausal)
      allow(atLeast(behind, 0));
    if (leftWindow >= 0)
      allow(atLeast(compose.affine(behind, -1), -static_cast<double>(leftWindow)));
    if (rightWindow >= 0)
      allow(atLeast(behind, -static_cast<double>(rightWindow)));
  }
  std::vector<double> places;
  for (int64_t j = 0; j < keys; ++j)
    places.push_back(static_cast<double>(j));
  allow(compose.zip<cnn::LessOp>(compose.constant({1, 1, 1, keys}, places), lengths));
  return bias && scores && !call.failed();
}

void Attention::convert() {
  int64_t queryHeads = call.integer("q_num_heads", 0), keyHeads = call.integer("kv_num_heads", 0),
          mode = call.integer("qk_matmul_output_mode", 0);
  double scale = call.number("scale", 0), softcap = call.number("softcap", 0);
  isCausal = call.flag("is_causal", false);
  leftWindow = call.integer("left_window_size", -1), rightWindow = call.integer("right_window_size", -1);
  if (!call.ready(3))
    return;
  mlir::Value q = heads(0, queryHeads), key = q ? withPast(heads(1, keyHeads), 4) : q,
              value = key ? withPast(heads(2, keyHeads), 5) : key;
  if (!value)
    return;
  llvm::ArrayRef<int64_t> a = shapeOf(q), b = shapeOf(key), c = shapeOf(value);
  bool fits = a.size() == 4 && b.size() == 4 && c.size() == 4 && a[3] == b[3] && b[1] == c[1] && b[2] == c[2] &&
              a[1] % b[1] == 0 && a[2] <= mostComputed / b[2];
  if (!fits)
    return call.refuse("attends " + text(b) + " and " + text(c) + " by " + text(a),
                       "queries and keys have one head size, and the heads of keys divide those of queries");
  queries = a[2], keys = b[2];
  past = call.has(4) && call.shape(4).size() == 4 ? call.shape(4)[2] : 0;
  int64_t groups = a[1] / b[1];
  if (scale == 0)
    scale = 1 / std::sqrt(static_cast<double>(a[3]));
  mlir::Value scores = compose.matmul(compose.affine(q, scale), compose.transpose(repeated(key, groups), {0, 1, 3, 2}));
  if (softcap > 0)
    scores = compose.affine(compose.map<cnn::TanhOp>(compose.affine(scores, 1 / softcap)), softcap);
  if (!scores || !addBias(scores))
    return;
  mlir::Value biased = bias ? compose.add(scores, bias) : scores;
  mlir::Value shares = compose.map<cnn::RowSoftmaxOp>(biased);
  if (mayHideAll && bias && shares) { // who sees no key takes nothing
    mlir::Value largest = compose.reduce<cnn::ReduceMaxOp>(bias, {static_cast<int64_t>(shapeOf(bias).size()) - 1});
    mlir::Value sees =
        compose.map<cnn::StepOp>(compose.affine(largest, 1, static_cast<double>(std::numeric_limits<float>::max())));
    shares = compose.where(sees, shares, compose.splat({1}, 0));
  }
  mlir::Value result = compose.matmul(shares, repeated(value, groups));
  if (result && call.shape(0).size() == 3) {
    Shape joined{a[0], queries, a[1] * c[3]};
    result = compose.reshape(compose.transpose(result, {0, 2, 1, 3}), joined);
  }
  call.set(0, result);
  call.set(1, key);
  call.set(2, value);
  call.set(3, mode == 3 ? shares : mode == 2 ? biased : scores);
}

static void convertAttention(Call &call) { Attention(call).convert(); }

/// The operand turned by angles whose cosines and sines are operands 1 and 2, at the places of operand 3.
static void convertRotaryEmbedding(Call &call) {
  bool interleaved = call.flag("interleaved", false);
  int64_t count = call.integer("num_heads", 0), turned = call.integer("rotary_embedding_dim", 0);
  mlir::Value input = call.ready(3) ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  Compose compose(call);
  Shape whole(shapeOf(input));
  bool isFlat = whole.size() == 3, fits = whole.size() == 4 || (isFlat && count >= 1 && whole[2] % count == 0);
  Shape shape = isFlat && fits ? Shape{whole[0], whole[1], count, whole[2] / count} : whole; // [N, S, H, D], or [N, H, S, D]
  int64_t size = fits ? shape[3] : 0;
  turned = turned == 0 ? size : turned;
  if (!fits || turned < 2 || turned > size || turned % 2)
    return call.refuse("turns " + llvm::Twine(turned) + " elements of " + text(whole),
                       "inputs are [N, heads, S, D], or [N, S, heads · D] with num_heads; the elements turned are even");
  int64_t half = turned / 2, steps = shape[isFlat ? 1 : 2];
  auto angles = [&](size_t i) -> mlir::Value {
    mlir::Value cache = call.runtime(i), places = call.has(3) && cache ? compose.indices(3) : mlir::Value();
    if (places && shapeOf(cache).size() == 2 && shapeOf(cache)[0] != dynamic) {
      Shape gathered(shapeOf(places));
      gathered.push_back(shapeOf(cache)[1]);
      cache = call.emit<cnn::GatherOp>(gathered, cache, places, static_cast<uint64_t>(0));
    }
    if (!cache || shapeOf(cache).size() != 3 || shapeOf(cache)[1] != steps || shapeOf(cache)[2] != half) {
      call.refuse("turns " + text(whole) + " by " + text(call.shape(i)),
                  "caches are [N, S, D / 2], or [places, D / 2] with the places of each step");
      return {};
    }
    int64_t n = shapeOf(cache)[0];
    return compose.reshape(cache, isFlat ? Shape{n, steps, 1, half} : Shape{n, 1, steps, half});
  };
  mlir::Value x = compose.reshape(input, shape), cosine = angles(1), sine = cosine ? angles(2) : cosine;
  if (!x || !sine)
    return;
  mlir::Value rest = turned < size ? compose.slice(x, 3, turned, size) : mlir::Value();
  x = compose.slice(x, 3, 0, turned);
  Shape parts(shape), pairs(shape);
  parts[3] = half, pairs[3] = half;
  pairs.push_back(2);
  mlir::Value paired = interleaved ? compose.reshape(x, pairs) : x;
  auto part = [&](int64_t i) {
    return interleaved ? compose.reshape(compose.slice(paired, 4, i, i + 1), parts)
                       : compose.slice(paired, 3, i * half, (i + 1) * half);
  };
  mlir::Value first = part(0), second = part(1);
  mlir::Value real = compose.sub(compose.mul(cosine, first), compose.mul(sine, second)),
              imaginary = compose.add(compose.mul(sine, first), compose.mul(cosine, second));
  parts.push_back(1);
  mlir::Value result = interleaved ? compose.concat({compose.reshape(real, parts), compose.reshape(imaginary, parts)}, 4)
                                   : compose.concat({real, imaginary}, 3);
  shape[3] = turned;
  result = compose.reshape(result, shape);
  if (rest)
    result = compose.concat({result, rest}, 3);
  call.set(0, compose.reshape(result, whole));
}

void onnx::addAttention(Table &table) {
  table["Attention"] = convertAttention;
  table["RotaryEmbedding"] = convertRotaryEmbedding;
}
