//===- Level.cpp - names of processors ------------------------------------===//

#include "compiler/codegen/Level.h"
#include "runtime/include/cnnc/abi.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/X86TargetParser.h"

using namespace llvm;

namespace cnnc {
namespace {

constexpr StringLiteral v3Features[] = {"avx2", "fma", "bmi", "bmi2", "f16c", "lzcnt", "movbe"};
constexpr StringLiteral v4Features[] = {"avx512bw", "avx512cd", "avx512dq", "avx512vl"}; // all imply avx512f

Level levelOf(StringRef name, StringRef tune, function_ref<bool(StringRef)> has) {
  if (!all_of(v3Features, has))
    return {name.str(), "x86-64", tune.str(), 0, 4, 16};
  if (!all_of(v4Features, has))
    return {name.str(), "x86-64-v3", tune.str(), CNNC_CPU_AVX2, 8, 16};
  return {name.str(), "x86-64-v4", tune.str(), CNNC_CPU_AVX2 | CNNC_CPU_AVX512, 16, 32};
}

Expected<Level> parseLevel(StringRef name) {
  if (name == "native") {
    StringMap<bool> features = sys::getHostCPUFeatures();
    Level level =
        levelOf(sys::getHostCPUName(), sys::getHostCPUName(), [&](StringRef feature) { return features.lookup(feature); });
    // A virtual machine may hide what the processor's name promises.
    if (level.name == "generic")
      level.name = level.cpu;
    return level;
  }
  SmallVector<StringRef> known;
  X86::fillValidCPUArchList(known, /*Only64Bit=*/true);
  if (!is_contained(known, name))
    return createStringError("unknown processor '" + name +
                             "': use native, x86-64-v3, x86-64-v4 or a name such as znver4 or sapphirerapids");
  SmallVector<StringRef> features;
  X86::getFeaturesForCPU(name, features);
  bool isLevel = name.starts_with("x86-64");
  return levelOf(name, isLevel ? "generic" : name, [&](StringRef feature) { return is_contained(features, feature); });
}

} // namespace

Expected<std::vector<Level>> parseLevels(StringRef list) {
  SmallVector<StringRef> names;
  list.split(names, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  if (names.empty())
    return createStringError("no processor is named: use native, x86-64-v3 or x86-64-v4");
  std::vector<Level> levels;
  for (StringRef name : names) {
    Expected<Level> level = parseLevel(name);
    if (!level)
      return level.takeError();
    if (any_of(levels, [&](const Level &other) { return other.name == level->name; }))
      return createStringError("processor '" + level->name + "' is named twice: name each once");
    levels.push_back(std::move(*level));
  }
  // A processor takes the first that it can run.
  llvm::sort(levels,
             [](const Level &a, const Level &b) { return a.features != b.features ? a.features > b.features : a.name < b.name; });
  return levels;
}

} // namespace cnnc
