//===- Initializers.cpp - where weights start -----------------------------===//
//
// He: He et al., 2015. Xavier: Glorot and Bengio, 2010. As in PyTorch, a
// uniform distribution of standard deviation s spans ±s·√3.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/train/Initializers.h"
#include <cmath>

using namespace cnnc;
using namespace cnnc::dsl;
using cnn::Distribution;

static double get(const Record &args, llvm::StringRef name) { return *args[name].as<double>(); }

static ParameterStart normal(double std) { return {Distribution::Normal, 0, std}; }
static ParameterStart uniform(double std) { return {Distribution::Uniform, -std * std::sqrt(3.0), std * std::sqrt(3.0)}; }

static double heStd(const Record &args, double fanIn, double fanOut) {
  bool out = args["mode"].record()->signature->name == "fan_out";
  return get(args, "gain") / std::sqrt(out ? fanOut : fanIn);
}
static double xavierStd(const Record &args, double fanIn, double fanOut) {
  return get(args, "gain") * std::sqrt(2 / (fanIn + fanOut));
}

/// The words after `mode:`.
static const Vocabulary &fanModes() {
  static const Table<Signature> table = [] {
    Table<Signature> table("fan_in or fan_out");
    table.add({"fan_in", "keeps the variance of activations", {}});
    table.add({"fan_out", "keeps the variance of gradients", {}});
    return table;
  }();
  return table;
}

static Value fanIn() {
  auto record = std::make_shared<Record>();
  record->signature = fanModes().lookup("fan_in");
  return std::shared_ptr<const Record>(record);
}

const Table<Initializer> &dsl::initializers() {
  static const Table<Initializer> table = [] {
    Table<Initializer> table("an initializer");
    SignatureParameter mode("mode", types::call(fanModes()), fanIn());
    SignatureParameter heGain("gain", types::number(0), std::sqrt(2.0)), gain("gain", types::number(0), 1.0);
    table.add({{"he_normal", "normal with standard deviation gain / √fan", {mode, heGain}},
               [](const Record &args, double in, double out) { return normal(heStd(args, in, out)); }});
    table.add({{"he_uniform", "uniform in ±gain · √(3 / fan)", {mode, heGain}},
               [](const Record &args, double in, double out) { return uniform(heStd(args, in, out)); }});
    table.add({{"xavier_normal", "normal with standard deviation gain · √(2 / (fan_in + fan_out))", {gain}},
               [](const Record &args, double in, double out) { return normal(xavierStd(args, in, out)); }});
    table.add({{"xavier_uniform", "uniform in ±gain · √(6 / (fan_in + fan_out))", {gain}},
               [](const Record &args, double in, double out) { return uniform(xavierStd(args, in, out)); }});
    table.add({{"normal", "normal", {{"mean", types::number(), 0.0}, {"std", types::number(0), 1.0}}},
               [](const Record &args, double, double) {
                 return ParameterStart{Distribution::Normal, get(args, "mean"), get(args, "std")};
               }});
    table.add({{"uniform", "uniform in [low, high)", {{"low", types::number()}, {"high", types::number()}}},
               [](const Record &args, double, double) {
                 return ParameterStart{Distribution::Uniform, get(args, "low"), get(args, "high")};
               }});
    table.add({{"constant", "every element the same", {{"value", types::number()}}},
               [](const Record &args, double, double) { return ParameterStart{Distribution::Constant, get(args, "value"), 0}; }});
    return table;
  }();
  return table;
}

ParameterStart dsl::startOf(const Record &record, int64_t fanIn, int64_t fanOut) {
  return static_cast<const Initializer *>(record.signature)->start(record, fanIn, fanOut);
}
