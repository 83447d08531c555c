//===- Explain.cpp - what a network costs, layer by layer -----------------===//

#include "compiler/Explain.h"
#include "compiler/Model.h"
#include "compiler/Pipeline.h"
#include "compiler/codegen/Level.h"
#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/Images.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using cnnc::Level, cnnc::Model, cnnc::Stage;
namespace cnn = cnnc::cnn;

namespace {
/// A layer: the ops that one call made, such as a convolution and its bias.
struct Row {
  std::string name, shape;
  int64_t parameters = 0, flops = 0, bytes = 0;
};
} // namespace

/// The sizes of one example, or of a tensor that has no batch.
static ArrayRef<int64_t> sizesOf(RankedTensorType type) {
  bool hasBatch = type.getRank() > 0 && type.isDynamicDim(0);
  return type.getShape().drop_front(hasBatch);
}

/// "16×5×5".
static std::string shapeText(RankedTensorType type) {
  std::string text;
  for (int64_t size : sizesOf(type))
    text += (text.empty() ? "" : "×") + std::to_string(size);
  return text;
}

static int64_t bytesOf(RankedTensorType type) {
  int64_t bytes = type.getElementTypeBitWidth() / 8;
  for (int64_t size : sizesOf(type))
    bytes *= size;
  return bytes;
}

/// The scope that the text gave the op, or nothing.
static std::string scopeOf(Location loc) {
  auto name = dyn_cast<NameLoc>(loc);
  return name ? " @" + name.getName().str() : "";
}

/// "1,234", and nothing for 0.
static std::string numberText(int64_t value) { return value ? llvm::formatv("{0:N}", value).str() : ""; }

/// Characters as a terminal shows them: bytes that do not continue one.
static size_t widthOf(llvm::StringRef text) {
  return llvm::count_if(text, [](unsigned char byte) { return (byte & 0xC0) != 0x80; });
}

static std::string padded(llvm::StringRef text, size_t width, bool right) {
  std::string space(width - std::min(width, widthOf(text)), ' ');
  return right ? space + text.str() : text.str() + space;
}

/// Left-aligned up to `right` columns, then right-aligned.
template <size_t columns> static std::string table(ArrayRef<std::array<std::string, columns>> lines, size_t left) {
  std::array<size_t, columns> widths{};
  for (const auto &line : lines)
    for (size_t i = 0; i < columns; ++i)
      widths[i] = std::max(widths[i], widthOf(line[i]));
  std::string text;
  for (const auto &line : lines) {
    std::string shown;
    for (size_t i = 0; i < columns; ++i)
      shown += (i ? "  " : "") + padded(line[i], widths[i], /*right=*/i >= left);
    text += llvm::StringRef(shown).rtrim().str() + "\n";
  }
  return text;
}

/// The layers of a front end's module.
static std::string layersOf(func::FuncOp forward) {
  std::vector<Row> rows;
  for (BlockArgument input : forward.getArguments()) {
    auto name = forward.getArgAttrOfType<StringAttr>(input.getArgNumber(), "cnn.name");
    auto type = cast<RankedTensorType>(input.getType());
    rows.push_back({name ? name.str() : "input", shapeText(type), 0, 0, bytesOf(type)});
  }
  Location previous = forward.getLoc();
  Row total{"total", "", 0, 0, 0};
  for (Operation &op : forward.getBody().front().without_terminator()) {
    auto type = op.getNumResults() == 1 ? dyn_cast<RankedTensorType>(op.getResult(0).getType()) : RankedTensorType();
    if (isa<cnn::ReadOp>(op) || !type)
      continue;
    if (op.getLoc() != previous)
      rows.push_back({op.getName().stripDialect().str() + scopeOf(op.getLoc()), "", 0, 0, 0});
    previous = op.getLoc();
    Row &row = rows.back();
    for (Value operand : op.getOperands())
      if (auto read = operand.getDefiningOp<cnn::ReadOp>())
        row.parameters += read.getType().getNumElements();
    if (auto cost = dyn_cast<cnn::CostInterface>(op))
      row.flops += cost.getFlopsPerExample();
    row.shape = shapeText(type);
    row.bytes = bytesOf(type);
  }
  for (const Row &row : rows) {
    total.parameters += row.parameters;
    total.flops += row.flops;
    total.bytes += row.bytes;
  }
  rows.push_back(total);
  std::vector<std::array<std::string, 5>> cells{{"layer", "result", "parameters", "flops", "bytes"}};
  for (const Row &row : rows)
    cells.push_back({row.name, row.shape, numberText(row.parameters), numberText(row.flops), numberText(row.bytes)});
  return table<5>(cells, /*left=*/2);
}

/// What contexts take, for some sizes of the batch, or for the only one.
static std::string memoryOf(ModuleOp planned) {
  Model model;
  describeMemory(planned, model);
  int64_t exact = cnn::fixedBatch(planned);
  constexpr std::array<int64_t, 4> batches{1, 8, 32, 128};
  auto bytesOf = [](const Model::Memory &memory, int64_t batch) { return memory.fixed + batch * memory.perExample; };
  std::vector<std::array<std::string, 6>> lines{{"memory in bytes", "weights"}, {"inference", numberText(model.parameterBytes)}};
  bool trains = planned->getAttrOfType<DenseI64ArrayAttr>("plan.train_memory").asArrayRef() != ArrayRef<int64_t>{0, 0};
  if (trains)
    lines.push_back({"training", numberText(model.parameterBytes)});
  for (size_t i = 0; i < (exact ? 1 : batches.size()); ++i) {
    int64_t batch = exact ? exact : batches[i], inference = bytesOf(model.inferMemory, batch);
    lines[0][i + 2] = "batch " + std::to_string(batch);
    lines[1][i + 2] = numberText(inference);
    if (trains)
      lines[2][i + 2] = numberText(model.gradientBytes + std::max(inference, bytesOf(model.trainMemory, batch)));
  }
  return table<6>(lines, /*left=*/1);
}

llvm::Expected<std::string> cnnc::explain(ModuleOp module, llvm::StringRef cpu) {
  auto forward = module.lookupSymbol<func::FuncOp>("forward");
  if (!forward)
    return llvm::createStringError("the module has no @forward: give a network, or what --emit=cnn wrote");
  llvm::Expected<std::vector<Level>> levels = parseLevels(cpu);
  if (!levels)
    return levels.takeError();
  std::string layers = layersOf(forward);
  if (failed(runPipeline(module, Stage::Cnn, Stage::Tiled, levels->front())) || failed(planMemory(module)))
    return llvm::createStringError("");
  return layers + "\n" + memoryOf(module);
}
