//===- Kernels.cpp - stages become functions ------------------------------===//

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/IRMapping.h"
#include "passes/lower/Arena.h"
#include "passes/lower/Lower.h"

using namespace mlir;

namespace cnnc {

std::string stageFunctionName(plan::KernelOp kernel, unsigned stage) {
  return (kernel.getSymName() + ".stage" + Twine(stage) + ".task").str();
}

StringRef unitOfFunction(StringRef function) {
  for (StringRef part : {".stage", ".pack", ".unpack"})
    if (size_t at = function.find(part); at != StringRef::npos)
      return function.take_front(at);
  return "";
}

Value pointerAsMemRef(OpBuilder &b, Location loc, Value pointer, MemRefType type, Value n) {
  LLVMTypeConverter converter(b.getContext());
  Type descriptorType = converter.convertType(type);
  auto descriptor = MemRefDescriptor::poison(b, loc, descriptorType);
  descriptor.setAllocatedPtr(b, loc, pointer);
  descriptor.setAlignedPtr(b, loc, pointer);
  descriptor.setConstantOffset(b, loc, 0);
  int64_t stride = 1;
  for (unsigned dim = type.getRank(); dim-- > 0;) {
    descriptor.setConstantStride(b, loc, dim, stride);
    if (type.isDynamicDim(dim)) {
      descriptor.setSize(b, loc, dim, arith::IndexCastOp::create(b, loc, b.getI64Type(), n));
    } else {
      descriptor.setConstantSize(b, loc, dim, type.getDimSize(dim));
      stride *= type.getDimSize(dim);
    }
  }
  return UnrealizedConversionCastOp::create(b, loc, type, Value(descriptor)).getResult(0);
}

namespace {

/// True for memory that the planner aligns; the caller's need not be.
bool isAligned(plan::KernelOp kernel, unsigned argument) {
  unsigned operands = kernel.getOperandLayouts().size(), results = kernel.getResultLayouts().size();
  if (argument >= operands + results)
    return true;
  Attribute layout = argument < operands ? kernel.getOperandLayouts()[argument] : kernel.getResultLayouts()[argument - operands];
  plan::LayoutKind kind = cast<plan::LayoutAttr>(layout).getKind();
  return kind != plan::LayoutKind::Plain && kind != plan::LayoutKind::Scalar;
}

void makeInternal(func::FuncOp function) {
  MLIRContext *context = function.getContext();
  function.setVisibility(SymbolTable::Visibility::Private);
  function->setAttr("llvm.linkage", LLVM::LinkageAttr::get(context, LLVM::Linkage::Internal));
}

/// The body of a stage: (pointers…, task: index, n: index, seed: i64, step: i64).
func::FuncOp createBody(OpBuilder &b, plan::KernelOp kernel, plan::StageOp stage, StringRef name) {
  Location loc = stage.getLoc();
  Block &kernelBody = kernel.getBody().front();
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  SmallVector<Type> types(kernelBody.getNumArguments(), pointer);
  llvm::append_range(types, stage.getBody().getArgumentTypes());
  auto function = func::FuncOp::create(b, loc, name, b.getFunctionType(types, {}));
  makeInternal(function);
  // Attributes of the arguments would be lost by inlining.
  function->setAttr("passthrough", b.getStrArrayAttr({"noinline"}));
  for (unsigned i = 0, e = kernelBody.getNumArguments(); i != e; ++i) {
    if (!kernel.getInPlace())
      function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(), b.getUnitAttr());
    if (isAligned(kernel, i))
      function.setArgAttr(i, LLVM::LLVMDialect::getAlignAttrName(), b.getI64IntegerAttr(arenaAlignment));
  }
  OpBuilder::InsertionGuard guard(b);
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  IRMapping mapping;
  unsigned memrefs = kernelBody.getNumArguments();
  for (auto [stageArgument, argument] :
       llvm::zip_equal(stage.getBody().getArguments(), entry->getArguments().drop_front(memrefs)))
    mapping.map(stageArgument, argument);
  Value n = entry->getArgument(memrefs + 1);
  for (auto [memref, argument] : llvm::zip(kernelBody.getArguments(), entry->getArguments()))
    mapping.map(memref, pointerAsMemRef(b, loc, argument, cast<MemRefType>(memref.getType()), n));
  // Constants that folding moved out of the stages.
  for (Operation &op : kernelBody.without_terminator())
    if (!isa<plan::StageOp>(op))
      b.clone(op, mapping);
  for (Operation &op : stage.getBody().front().without_terminator())
    b.clone(op, mapping);
  func::ReturnOp::create(b, loc);
  return function;
}

func::FuncOp declareTask(OpBuilder &b, Location loc, StringRef name) {
  auto function =
      func::FuncOp::create(b, loc, name, b.getFunctionType({LLVM::LLVMPointerType::get(b.getContext()), b.getI32Type()}, {}));
  function.setVisibility(SymbolTable::Visibility::Private);
  return function;
}

void createTask(OpBuilder &b, func::FuncOp body, unsigned memrefs, StringRef name) {
  Location loc = body.getLoc();
  func::FuncOp function = declareTask(b, loc, name);
  makeInternal(function);
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  OpBuilder::InsertionGuard guard(b);
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  auto load = [&](int64_t offset, Type type) -> Value {
    Value address =
        LLVM::GEPOp::create(b, loc, pointer, b.getI8Type(), entry->getArgument(0), ArrayRef<LLVM::GEPArg>{int32_t(offset)});
    return LLVM::LoadOp::create(b, loc, type, address);
  };
  auto index = [&](Value value) -> Value { return arith::IndexCastOp::create(b, loc, b.getIndexType(), value); };
  SmallVector<Value> arguments;
  for (unsigned i = 0; i != memrefs; ++i)
    arguments.push_back(load(stage_record::pointers + 8 * i, pointer));
  arguments.push_back(index(arith::ExtUIOp::create(b, loc, b.getI64Type(), entry->getArgument(1))));
  arguments.push_back(index(load(stage_record::n, b.getI64Type())));
  arguments.push_back(load(stage_record::seed, b.getI64Type()));
  arguments.push_back(load(stage_record::step, b.getI64Type()));
  func::CallOp::create(b, loc, body, arguments);
  func::ReturnOp::create(b, loc);
}

} // namespace

LogicalResult lowerKernels(ModuleOp module) {
  OpBuilder b(module.getContext());
  for (plan::KernelOp kernel : llvm::make_early_inc_range(module.getOps<plan::KernelOp>())) {
    Block &body = kernel.getBody().front();
    b.setInsertionPoint(kernel);
    for (auto [i, stage] : llvm::enumerate(body.getOps<plan::StageOp>())) {
      if (kernel->hasAttr(compiledAttrName)) {
        declareTask(b, stage.getLoc(), stageFunctionName(kernel, i));
        continue;
      }
      func::FuncOp function = createBody(b, kernel, stage, (kernel.getSymName() + ".stage" + Twine(i)).str());
      createTask(b, function, body.getNumArguments(), stageFunctionName(kernel, i));
    }
    for (Operation &op : body.without_terminator())
      if (op.getDialect() && op.getDialect()->getNamespace() == "cnn")
        return op.emitOpError("is still in kernel @") << kernel.getSymName() << ": run cnnc-tile first";
    kernel.erase();
  }
  return success();
}

} // namespace cnnc
