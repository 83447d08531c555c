//===- Programs.cpp - launches become calls of the pool -------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "passes/lower/Arena.h"
#include "passes/lower/Lower.h"

using namespace mlir;

namespace cnnc {
namespace {

/// Offsets in cnnc_frame and cnnc_pool of runtime/include/cnnc/abi.h, bytes.
namespace frame {
constexpr int64_t n = 0, capacity = 4, arena = 8, parameters = 16, gradients = 24, inputs = 32, outputs = 40, hyper = 48,
                  seed = 56, step = 64, pool = 72;
} // namespace frame
namespace pool {
constexpr int64_t self = 0, run = 16;
} // namespace pool
constexpr int32_t notFinite = 1; ///< CNNC_PROGRAM_NOT_FINITE

constexpr int mostLaunches = 256; ///< in one function

/// Writes a program as a function of type cnnc_program. LLVM's time grows faster than a function: after so many launches
/// the rest is another function, whose result is that of the first; and no value lives from one launch to the next but
/// the argument and memory of the function's own frame.
class ProgramWriter {
public:
  /// No launch has more than `mostPointers` addresses.
  ProgramWriter(OpBuilder &b, Location loc, StringRef name, size_t mostPointers)
      : b(b), loc(loc), name(name), pointer(LLVM::LLVMPointerType::get(b.getContext())),
        recordType(LLVM::LLVMArrayType::get(b.getI64Type(), stage_record::pointers / 8 + mostPointers)) {
    begin(name);
  }

  /// All launches of a function share a record: when a stage has run, nobody reads it any more.
  void launch(plan::LaunchOp op, plan::KernelOp kernel) {
    if (launches++ == mostLaunches)
      beginNext();
    for (auto [i, attribute] : llvm::enumerate(op.getAddressesAttr()))
      store(address(cast<plan::AddressAttr>(attribute)), record, stage_record::pointers + 8 * i);
    for (auto [i, stage] : llvm::enumerate(kernel.getBody().front().getOps<plan::StageOp>()))
      run(stage, stageFunctionName(kernel, i));
  }

  /// Returns 1 unless the value at the address is finite.
  void requireFinite(plan::AddressAttr at) {
    Value value = load(address(at), 0, b.getF32Type());
    // x − x is NaN for infinities and NaN, else 0.
    Value difference = arith::SubFOp::create(b, loc, value, value);
    Value zero = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0));
    Value finite = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, difference, zero);
    Block *stop = function.addBlock(), *next = function.addBlock();
    cf::CondBranchOp::create(b, loc, finite, next, stop);
    b.setInsertionPointToStart(stop);
    finish(notFinite);
    b.setInsertionPointToStart(next);
  }

  void finish(int32_t status) {
    Value result = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(status));
    func::ReturnOp::create(b, loc, result);
  }

private:
  void begin(StringRef functionName) {
    function = func::FuncOp::create(b, loc, functionName, b.getFunctionType({pointer}, {b.getI32Type()}));
    b.setInsertionPointToStart(function.addEntryBlock());
    frameArgument = function.getArgument(0);
    record = stackSlot(recordType);
    store(arith::ExtUIOp::create(b, loc, b.getI64Type(), examples()), record, stage_record::n);
    store(load(frameArgument, frame::seed, b.getI64Type()), record, stage_record::seed);
    Value step = load(frameArgument, frame::step, b.getI64Type());
    store(step, record, stage_record::step);
    realStep = stackSlot(b.getF32Type());
    store(arith::UIToFPOp::create(b, loc, b.getF32Type(), step), realStep, 0);
  }

  /// Ends the function with a call of the next, and begins that.
  void beginNext() {
    std::string next = (name + ".part" + Twine(++part)).str();
    auto call = func::CallOp::create(b, loc, next, TypeRange{b.getI32Type()}, ValueRange{frameArgument});
    func::ReturnOp::create(b, loc, call.getResults());
    b.setInsertionPointAfter(function);
    begin(next);
    function.setPrivate();
    function->setAttr("passthrough", b.getStrArrayAttr({"noinline"}));
    launches = 1;
  }

  Value i64(int64_t value) { return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value)); }
  Value i32(int64_t value) { return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(value)); }
  Value advance(Value base, Value bytes) {
    return LLVM::GEPOp::create(b, loc, pointer, b.getI8Type(), base, ArrayRef<LLVM::GEPArg>{bytes});
  }
  Value load(Value base, int64_t offset, Type type) { return LLVM::LoadOp::create(b, loc, type, advance(base, i64(offset))); }
  void store(Value value, Value base, int64_t offset) { LLVM::StoreOp::create(b, loc, value, advance(base, i64(offset))); }

  /// Memory of the function's frame, in the entry block so that it is static.
  Value stackSlot(Type type) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&function.front());
    return LLVM::AllocaOp::create(b, loc, pointer, type, i32(1));
  }
  Value examples() { return load(frameArgument, frame::n, b.getI32Type()); }

  Value arena(plan::AddressAttr at) {
    Value bytes = i64(at.getOffset());
    if (at.getUnit()) {
      Value capacity = arith::ExtUIOp::create(b, loc, b.getI64Type(), load(frameArgument, frame::capacity, b.getI32Type()));
      bytes = arith::AddIOp::create(b, loc, bytes, arith::MulIOp::create(b, loc, capacity, i64(at.getUnit())));
    }
    return advance(load(frameArgument, frame::arena, pointer), bytes);
  }

  /// Memory of the library; equal constants of a program share it.
  Value constant(DenseElementsAttr elements) {
    LLVM::GlobalOp &global = constants[elements];
    if (!global) {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPoint(function);
      std::string symbol = (name + ".constant" + Twine(constants.size() - 1)).str();
      global =
          LLVM::GlobalOp::create(b, loc, LLVM::LLVMArrayType::get(elements.getElementType(), elements.getNumElements()),
                                 /*isConstant=*/true, LLVM::Linkage::Internal, symbol, elements, /*alignment=*/arenaAlignment);
    }
    return LLVM::AddressOfOp::create(b, loc, global);
  }

  Value address(plan::AddressAttr at) {
    switch (at.getSpace()) {
    case plan::MemorySpace::Arena:
      return arena(at);
    case plan::MemorySpace::Parameters:
      return advance(load(frameArgument, frame::parameters, pointer), i64(at.getOffset()));
    case plan::MemorySpace::Gradients:
      return advance(load(frameArgument, frame::gradients, pointer), i64(at.getOffset()));
    case plan::MemorySpace::Input:
      return load(load(frameArgument, frame::inputs, pointer), 8 * at.getIndex(), pointer);
    case plan::MemorySpace::Output:
      return load(load(frameArgument, frame::outputs, pointer), 8 * at.getIndex(), pointer);
    case plan::MemorySpace::OptionalOutput: {
      Value given = load(load(frameArgument, frame::outputs, pointer), 8 * at.getIndex(), pointer);
      Value null = LLVM::ZeroOp::create(b, loc, pointer);
      Value isNull = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::eq, given, null);
      return LLVM::SelectOp::create(b, loc, isNull, arena(at), given);
    }
    case plan::MemorySpace::Hyper:
      return advance(load(frameArgument, frame::hyper, pointer), i64(4 * at.getIndex()));
    case plan::MemorySpace::Step:
      return realStep;
    case plan::MemorySpace::Constant:
      if (auto number = dyn_cast<FloatAttr>(at.getValue())) {
        float value = number.getValueAsDouble();
        return constant(DenseElementsAttr::get(RankedTensorType::get({1}, b.getF32Type()), ArrayRef(value)));
      }
      return constant(cast<DenseElementsAttr>(at.getValue()));
    }
    return {};
  }

  void run(plan::StageOp stage, StringRef task) {
    auto type = b.getFunctionType({pointer, b.getI32Type()}, {});
    if (stage.getTasksPerExample() == 0 && stage.getTasksFixed() == 1) {
      func::CallOp::create(b, loc, task, TypeRange{}, ValueRange{record, i32(0)});
      return;
    }
    Value tasks = arith::AddIOp::create(b, loc, arith::MulIOp::create(b, loc, examples(), i32(stage.getTasksPerExample())),
                                        i32(stage.getTasksFixed()));
    Value taskFunction = func::ConstantOp::create(b, loc, type, task);
    Value taskPointer = UnrealizedConversionCastOp::create(b, loc, pointer, taskFunction).getResult(0);
    auto runType =
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), {pointer, b.getI32Type(), pointer, pointer});
    Value poolRecord = load(frameArgument, frame::pool, pointer);
    Value poolSelf = load(poolRecord, pool::self, pointer), poolRun = load(poolRecord, pool::run, pointer);
    LLVM::CallOp::create(b, loc, runType, ValueRange{poolRun, poolSelf, tasks, taskPointer, record});
  }

  OpBuilder &b;
  Location loc;
  std::string name;
  Type pointer, recordType;
  func::FuncOp function;
  int launches = 0, part = 0;
  DenseMap<Attribute, LLVM::GlobalOp> constants;
  Value frameArgument, record, realStep;
};

/// The address of a launch's result.
plan::AddressAttr addressOf(Value value) {
  auto result = cast<OpResult>(value);
  auto launch = cast<plan::LaunchOp>(result.getOwner());
  return cast<plan::AddressAttr>(launch.getAddressesAttr()[launch->getNumOperands() + result.getResultNumber()]);
}

} // namespace

LogicalResult lowerPrograms(ModuleOp module) {
  SymbolTable symbols(module);
  OpBuilder b(module.getContext());
  for (plan::ProgramOp program : llvm::make_early_inc_range(module.getOps<plan::ProgramOp>())) {
    bool isTrain = program.getSymName() == "train";
    SmallVector<StringRef> pending;
    if (isTrain)
      pending = {"input_gradient", "backward"};
    size_t mostPointers = 0;
    for (auto launch : program.getBody().getOps<plan::LaunchOp>())
      mostPointers = std::max(mostPointers, launch.getAddresses() ? launch.getAddressesAttr().size() : 0);
    auto begin = [&](StringRef name) {
      b.setInsertionPoint(program);
      return std::make_unique<ProgramWriter>(b, program.getLoc(), name, mostPointers);
    };
    std::string first = isTrain ? "loss" : program.getSymName().str();
    program.setSymName(first + ".plan");
    auto writer = begin(first);
    for (Operation &op : program.getBody().front().without_terminator()) {
      if (auto phase = dyn_cast<cnn::PhaseOp>(op)) {
        if (pending.empty() || pending.back() != phase.getName())
          return phase.emitOpError("starts \"")
                 << phase.getName() << "\" out of order: the phases of @train are backward, input_gradient";
        writer->finish(0);
        writer = begin(pending.pop_back_val());
      } else if (auto launch = dyn_cast<plan::LaunchOp>(op)) {
        if (!launch.getAddresses())
          return launch.emitOpError("has no addresses: run cnnc-plan-memory first");
        writer->launch(launch, symbols.lookup<plan::KernelOp>(launch.getKernel()));
      } else if (auto check = dyn_cast<cnn::RequireFiniteOp>(op)) {
        writer->requireFinite(addressOf(check.getValue()));
      }
    }
    writer->finish(0);
    while (!pending.empty())
      begin(pending.pop_back_val())->finish(0);
    program.erase();
  }
  return success();
}

} // namespace cnnc
