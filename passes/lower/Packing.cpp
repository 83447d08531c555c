//===- Packing.cpp - pack and unpack, one pair per shape ------------------===//

#include "passes/lower/Packing.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "passes/lower/Lower.h"

using namespace mlir;

namespace cnnc {
namespace {

/// The places of the packed form, in the order of memory.
struct Packed {
  explicit Packed(RankedTensorType type) : layout(plan::parameterLayout(type)), sizes(layout.getMemRefType(type).getShape()) {
    canonical.assign(type.getShape().begin(), type.getShape().end());
    canonical.resize(layout.getKind() == plan::LayoutKind::Kernel ? 4 : 1, 1);
  }

  /// The canonical coordinates of a place, by expressions on its own.
  SmallVector<Value> coordinates(OpBuilder &b, Location loc, ValueRange place) const {
    if (layout.getKind() != plan::LayoutKind::Kernel)
      return {place[0]};
    auto join = [&](Value block, int64_t size, Value inner) -> Value {
      Value base = arith::MulIOp::create(b, loc, block, arith::ConstantIndexOp::create(b, loc, size));
      return arith::AddIOp::create(b, loc, base, inner);
    };
    return {join(place[0], plan::blockSize, place[5]), join(place[1], layout.getBlock(), place[4]), place[2], place[3]};
  }

  plan::LayoutAttr layout;
  SmallVector<int64_t> sizes, canonical;
};

/// Emits a function that visits every place of the packed form. `visit` gets
/// the canonical and the packed memory, both in their own shapes.
void addFunction(
    ModuleOp module, StringRef name, const Packed &packed, bool packs,
    llvm::function_ref<void(OpBuilder &, Location, Value canonical, ValueRange at, Value packed, ValueRange place, Value exists)>
        visit) {
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  Location loc = b.getUnknownLoc();
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  auto function = func::FuncOp::create(b, loc, name, b.getFunctionType({pointer, pointer}, {}));
  b.setInsertionPointToStart(function.addEntryBlock());
  auto memory = [&](unsigned argument, ArrayRef<int64_t> shape) {
    return pointerAsMemRef(b, loc, function.getArgument(argument), MemRefType::get(shape, b.getF32Type()), {});
  };
  Value canonical = memory(packs ? 0 : 1, packed.canonical), memref = memory(packs ? 1 : 0, packed.sizes);
  Value zero = arith::ConstantIndexOp::create(b, loc, 0), one = arith::ConstantIndexOp::create(b, loc, 1);
  SmallVector<Value> lower(packed.sizes.size(), zero), steps(packed.sizes.size(), one), upper;
  for (int64_t size : packed.sizes)
    upper.push_back(arith::ConstantIndexOp::create(b, loc, size));
  scf::buildLoopNest(b, loc, lower, upper, steps, [&](OpBuilder &inner, Location, ValueRange place) {
    SmallVector<Value> at = packed.coordinates(inner, loc, place);
    Value exists = arith::ConstantIntOp::create(inner, loc, 1, 1);
    for (auto [coordinate, size] : llvm::zip_equal(at, packed.canonical)) {
      Value inside = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::ult, coordinate,
                                           arith::ConstantIndexOp::create(inner, loc, size));
      exists = arith::AndIOp::create(inner, loc, exists, inside);
    }
    visit(inner, loc, canonical, at, memref, place, exists);
  });
  func::ReturnOp::create(b, loc);
}

} // namespace

bool needsPacking(RankedTensorType type) {
  plan::LayoutAttr layout = plan::parameterLayout(type);
  return layout.getKind() == plan::LayoutKind::Kernel || layout.getElements(type) != type.getNumElements();
}

std::string packingName(RankedTensorType type) {
  std::string name = "parameter";
  for (int64_t size : type.getShape())
    name += "." + std::to_string(size);
  return name;
}
std::string packFunctionName(RankedTensorType type) { return packingName(type) + ".pack"; }
std::string unpackFunctionName(RankedTensorType type) { return packingName(type) + ".unpack"; }

void addPackingFunctions(ModuleOp module, RankedTensorType type) {
  if (module.lookupSymbol(packFunctionName(type)))
    return;
  Packed packed(type);
  addFunction(module, packFunctionName(type), packed, /*packs=*/true,
              [](OpBuilder &b, Location loc, Value canonical, ValueRange at, Value memref, ValueRange place, Value exists) {
                auto value = scf::IfOp::create(
                    b, loc, exists,
                    [&](OpBuilder &then, Location) {
                      scf::YieldOp::create(then, loc, Value(memref::LoadOp::create(then, loc, canonical, at)));
                    },
                    [&](OpBuilder &gap, Location) {
                      scf::YieldOp::create(gap, loc, Value(arith::ConstantOp::create(gap, loc, gap.getF32FloatAttr(0))));
                    });
                memref::StoreOp::create(b, loc, value.getResult(0), memref, place);
              });
  addFunction(module, unpackFunctionName(type), packed, /*packs=*/false,
              [](OpBuilder &b, Location loc, Value canonical, ValueRange at, Value memref, ValueRange place, Value exists) {
                scf::IfOp::create(b, loc, exists, [&](OpBuilder &then, Location) {
                  memref::StoreOp::create(then, loc, memref::LoadOp::create(then, loc, memref, place), canonical, at);
                  scf::YieldOp::create(then, loc);
                });
              });
}

} // namespace cnnc
