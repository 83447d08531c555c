//===- PlanMemory.cpp - an address for every argument of a launch ---------===//

#include "dialects/cnn/Hypers.h"
#include "dialects/plan/Plan.h"
#include "passes/Passes.h"
#include "passes/lower/Arena.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace cnnc {
#define GEN_PASS_DEF_PLANMEMORYPASS
#include "passes/Passes.h.inc"

namespace {

using plan::AddressAttr;
using plan::LayoutAttr;
using plan::MemorySpace;

struct Memory {
  int64_t fixed = 0, perExample = 0;
  void widen(const Memory &other) {
    fixed = std::max(fixed, other.fixed);
    perExample = std::max(perExample, other.perExample);
  }
};

/// Two arenas in one: values whose size is per example, and others. `address`
/// is known after `place`.
class ProgramArena {
public:
  /// Reserves memory; returns a handle. Sizes in bytes.
  unsigned reserve(bool perExample, int64_t bytes, int64_t first, int64_t last) {
    auto &slots = perExample ? perExampleSlots : fixedSlots;
    slots.push_back({bytes, first, last});
    handles.push_back({perExample, static_cast<unsigned>(slots.size() - 1)});
    return handles.size() - 1;
  }
  void extend(unsigned handle, int64_t last) {
    auto &slot = get(handle);
    slot.last = std::max(slot.last, last);
  }
  Memory place() { return memory = {placeSlots(fixedSlots), placeSlots(perExampleSlots)}; }
  /// Byte offset = offset + unit · capacity.
  std::pair<int64_t, int64_t> address(unsigned handle) {
    return handles[handle].first ? std::pair(memory.fixed, get(handle).offset) : std::pair(get(handle).offset, int64_t(0));
  }

private:
  ArenaSlot &get(unsigned handle) { return (handles[handle].first ? perExampleSlots : fixedSlots)[handles[handle].second]; }
  SmallVector<ArenaSlot> perExampleSlots, fixedSlots;
  SmallVector<std::pair<bool, unsigned>> handles;
  Memory memory;
};

/// Plans one program.
class ProgramPlanner {
public:
  ProgramPlanner(plan::ProgramOp program, SymbolTable &symbols, const llvm::StringMap<int64_t> &offsets,
                 ArrayRef<StringRef> hypers)
      : program(program), symbols(symbols), offsets(offsets), hypers(hypers) {}

  FailureOr<Memory> run();

private:
  /// Where a value lies: an address, or a slot of the arena; with `slot` set,
  /// `space` is Arena or OptionalOutput.
  struct Place {
    MemorySpace space = MemorySpace::Arena;
    int64_t index = 0, offset = 0;
    TypedAttr value;
    std::optional<unsigned> slot;
    LayoutAttr layout;
  };

  LogicalResult visit(Operation &op);
  LogicalResult visitConstant(cnn::ConstantOp constant);
  LogicalResult visitLaunch(plan::LaunchOp launch);
  LogicalResult placeResult(plan::LaunchOp launch, plan::KernelOp kernel, OpResult result, LayoutAttr layout);
  AddressAttr address(const Place &place);
  Place known(MemorySpace space, int64_t index, int64_t offset, LayoutAttr layout) {
    return {space, index, offset, {}, {}, layout};
  }
  /// The number of the phase that an op belongs to.
  int64_t phaseOf(Operation *op) { return phases.lookup(op); }

  plan::ProgramOp program;
  SymbolTable &symbols;
  const llvm::StringMap<int64_t> &offsets;
  ArrayRef<StringRef> hypers;
  DenseMap<Operation *, int64_t> times, phases;
  DenseMap<Value, Place> places;
  SmallVector<std::pair<plan::LaunchOp, SmallVector<unsigned>>> scratch;
  ProgramArena arena;
  Operation *lastCheck = nullptr; ///< the last cnn.require_finite
};

/// A scalar is the same in all layouts.
bool isSame(LayoutAttr a, LayoutAttr b, RankedTensorType type) {
  return type.getRank() == 0 || a.withAccumulate(false) == b.withAccumulate(false);
}

LayoutAttr plainLayout(RankedTensorType type) {
  auto kind = type.getRank() == 0 ? plan::LayoutKind::Scalar : plan::LayoutKind::Plain;
  return LayoutAttr::get(type.getContext(), kind, plan::blockSize, {}, false);
}

int64_t bytesOf(LayoutAttr layout, RankedTensorType type) { return layout.getElements(type) * type.getElementTypeBitWidth() / 8; }

bool isEmpty(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.hasStaticShape() && type.getNumElements() == 0;
}

FailureOr<Memory> ProgramPlanner::run() {
  Block &body = program.getBody().front();
  int64_t time = 0, phase = 0;
  for (Operation &op : body) {
    phase += isa<cnn::PhaseOp>(op);
    times[&op] = time++;
    phases[&op] = phase;
    if (isa<cnn::RequireFiniteOp>(op))
      lastCheck = &op;
  }
  for (BlockArgument argument : body.getArguments())
    places[argument] =
        known(MemorySpace::Input, argument.getArgNumber(), 0, plainLayout(cast<RankedTensorType>(argument.getType())));
  for (Operation &op : body)
    if (failed(visit(op)))
      return failure();

  Memory memory = arena.place();
  for (auto &[launch, handles] : scratch) {
    SmallVector<Attribute> addresses;
    for (Value operand : launch.getOperands())
      addresses.push_back(address(places[operand]));
    for (Value result : launch.getResults())
      addresses.push_back(address(places[result]));
    for (unsigned handle : handles)
      addresses.push_back(address({MemorySpace::Arena, 0, 0, {}, handle, {}}));
    // A result in the memory of an operand: the kernel's pointers alias.
    for (unsigned i = launch->getNumOperands(), e = i + launch->getNumResults(); i != e; ++i)
      if (llvm::is_contained(ArrayRef(addresses).take_front(launch->getNumOperands()), addresses[i]))
        cast<plan::KernelOp>(symbols.lookup(launch.getKernel())).setInPlace(true);
    launch.setAddressesAttr(ArrayAttr::get(launch.getContext(), addresses));
  }
  return memory;
}

AddressAttr ProgramPlanner::address(const Place &place) {
  auto [offset, unit] = place.slot ? arena.address(*place.slot) : std::pair(place.offset, int64_t(0));
  return AddressAttr::get(program.getContext(), place.space, place.index, offset, unit, place.value);
}

LogicalResult ProgramPlanner::visit(Operation &op) {
  auto parameterAt = [&](MemorySpace space, StringRef name, Value result) -> LogicalResult {
    auto found = offsets.find(name);
    if (found == offsets.end())
      return op.emitOpError("refers to @") << name << ", which the module does not declare: add a cnn.parameter";
    places[result] = known(space, 0, found->second, plan::parameterLayout(cast<RankedTensorType>(result.getType())));
    return success();
  };
  if (auto read = dyn_cast<cnn::ReadOp>(op))
    return parameterAt(MemorySpace::Parameters, read.getParameter(), read.getResult());
  if (auto read = dyn_cast<cnn::ReadGradientOp>(op))
    return parameterAt(MemorySpace::Gradients, read.getParameter(), read.getResult());
  if (auto hyper = dyn_cast<cnn::HyperOp>(op)) {
    LayoutAttr scalar = plainLayout(hyper.getType());
    const auto *found = llvm::find(hypers, hyper.getName());
    if (hyper.getName() != "step" && found == hypers.end())
      return op.emitOpError("asks for \"") << hyper.getName()
                                           << "\", which is not among the optimizer's hyper-parameters: add it to cnn.optimizer";
    places[hyper] = hyper.getName() == "step" ? known(MemorySpace::Step, 0, 0, scalar)
                                              : known(MemorySpace::Hyper, found - hypers.begin(), 0, scalar);
    return success();
  }
  if (auto constant = dyn_cast<cnn::ConstantOp>(op))
    return isEmpty(constant) ? success() : visitConstant(constant);
  if (auto launch = dyn_cast<plan::LaunchOp>(op))
    return visitLaunch(launch);
  if (isa<cnn::PhaseOp>(op))
    return success();
  if (!isa<cnn::WriteOp, cnn::AddGradientOp, cnn::RequireFiniteOp, plan::YieldOp>(op))
    return op.emitOpError("is not part of a program: it belongs into a kernel");
  for (Value operand : op.getOperands())
    if (!isEmpty(operand) && !isa_and_nonnull<plan::LaunchOp>(operand.getDefiningOp()))
      return op.emitOpError("takes a value that no kernel computes: launch one that copies it");
  return success();
}

LogicalResult ProgramPlanner::visitConstant(cnn::ConstantOp constant) {
  auto elements = dyn_cast<DenseElementsAttr>(constant.getValue());
  RankedTensorType type = cast<RankedTensorType>(constant.getType());
  LayoutAttr layout = plan::parameterLayout(type);
  if (!elements || layout.getKind() == plan::LayoutKind::Kernel)
    return constant.emitOpError("has type ") << type << ", and kernels cannot stand in a program: make it a frozen parameter";
  Type element = type.getElementType();
  if (type.getRank() == 0 && isa<FloatType>(element)) {
    places[constant] = {MemorySpace::Constant, 0, 0, FloatAttr::get(element, *elements.getValues<APFloat>().begin()), {},
                        plainLayout(type)};
    return success();
  }
  SmallVector<Attribute> packed(elements.getValues<Attribute>());
  packed.resize(layout.getElements(type), Builder(program.getContext()).getZeroAttr(element));
  auto memory = DenseElementsAttr::get(RankedTensorType::get({int64_t(packed.size())}, element), packed);
  places[constant] = {MemorySpace::Constant, 0, 0, cast<TypedAttr>(Attribute(memory)), {}, layout};
  return success();
}

LogicalResult ProgramPlanner::visitLaunch(plan::LaunchOp launch) {
  auto kernel = symbols.lookup<plan::KernelOp>(launch.getKernel());
  if (!kernel)
    return launch.emitOpError("launches @") << launch.getKernel() << ", which is not a kernel of the module";
  unsigned expected = kernel.getOperandLayouts().size(), results = kernel.getResultLayouts().size();
  if (launch->getNumOperands() != expected || launch->getNumResults() != results)
    return launch.emitOpError() << "has " << launch->getNumOperands() << " operands and " << launch->getNumResults()
                                << " results and @" << launch.getKernel() << " has " << expected << " and " << results;
  for (OpOperand &operand : launch->getOpOperands()) {
    auto wanted = cast<LayoutAttr>(kernel.getOperandLayouts()[operand.getOperandNumber()]);
    Place &place = places[operand.get()];
    if (!isSame(place.layout, wanted, cast<RankedTensorType>(operand.get().getType())))
      return launch.emitOpError() << "has operand " << operand.getOperandNumber() << " in layout " << place.layout << " and @"
                                  << launch.getKernel() << " wants " << wanted;
    if (place.slot)
      arena.extend(*place.slot, times[launch]);
  }
  for (OpResult result : launch->getResults())
    if (failed(placeResult(launch, kernel, result, cast<LayoutAttr>(kernel.getResultLayouts()[result.getResultNumber()]))))
      return failure();
  SmallVector<unsigned> handles;
  if (ArrayAttr sizes = kernel.getScratchAttr())
    for (Attribute size : sizes) {
      int64_t perExample = cast<IntegerAttr>(cast<ArrayAttr>(size)[0]).getInt(),
              fixed = cast<IntegerAttr>(cast<ArrayAttr>(size)[1]).getInt();
      handles.push_back(
          arena.reserve(perExample != 0, (perExample ? perExample : fixed) * sizeof(float), times[launch], times[launch]));
    }
  scratch.push_back({launch, std::move(handles)});
  return success();
}

LogicalResult ProgramPlanner::placeResult(plan::LaunchOp launch, plan::KernelOp kernel, OpResult result, LayoutAttr layout) {
  auto type = cast<RankedTensorType>(result.getType());
  OpOperand *owner = nullptr; // the use that decides where the result lies
  for (OpOperand &use : result.getUses()) {
    if (!isa<cnn::WriteOp, cnn::AddGradientOp, plan::YieldOp>(use.getOwner()))
      continue;
    if (owner)
      return launch.emitOpError() << "has result " << result.getResultNumber()
                                  << " that goes to two places: launch a kernel that copies it";
    owner = &use;
  }
  bool accumulates = owner && isa<cnn::AddGradientOp>(owner->getOwner());
  if (accumulates != layout.getAccumulate() || (accumulates && !result.hasOneUse()))
    return launch.emitOpError() << "has result " << result.getResultNumber() << " in layout " << layout
                                << ": a result accumulates exactly when its only use is cnn.add_gradient";
  int64_t time = times[launch];
  Place &place = places[result];
  place.layout = layout;
  // @train returns the loss, then the gradients of the inputs, which the caller may not want: two programs.
  bool optional = program.getSymName() == "train" && owner && owner->getOperandNumber() > 0;
  if (!owner || isa<plan::YieldOp>(owner->getOwner())) {
    if (!owner || optional)
      place.slot = arena.reserve(layout.isPerExample(type), bytesOf(layout, type), time, time);
    if (!owner)
      return success();
    if (!isSame(layout, plainLayout(type), type))
      return launch.emitOpError() << "has result " << result.getResultNumber() << " in layout " << layout
                                  << ", and results of a program are " << plainLayout(type);
    place.space = optional ? MemorySpace::OptionalOutput : MemorySpace::Output;
    place.index = owner->getOperandNumber() - optional;
    for (Operation *user : result.getUsers())
      if (!isa<plan::YieldOp>(user) && phaseOf(user) != phaseOf(launch))
        return launch.emitOpError() << "has result " << result.getResultNumber() << " that the caller gets in another phase than "
                                    << *user << " reads it: launch a kernel that copies it";
    return success();
  }
  StringRef name = accumulates ? cast<cnn::AddGradientOp>(owner->getOwner()).getParameter()
                               : cast<cnn::WriteOp>(owner->getOwner()).getParameter();
  if (!offsets.contains(name))
    return owner->getOwner()->emitOpError("refers to @") << name << ", which the module does not declare: add a cnn.parameter";
  if (!isSame(layout, plan::parameterLayout(type), type))
    return launch.emitOpError() << "has result " << result.getResultNumber() << " in layout " << layout << " and @" << name
                                << " lies in " << plan::parameterLayout(type);
  place.space = accumulates ? MemorySpace::Gradients : MemorySpace::Parameters;
  place.offset = offsets.lookup(name);
  if (accumulates)
    return success();
  if (lastCheck && time < times[lastCheck])
    return launch.emitOpError() << "writes @" << name << " before the last cnn.require_finite: write after it";
  // The launch overwrites the parameter: whoever read it before must be done.
  for (auto read : program.getBody().front().getOps<cnn::ReadOp>())
    for (Operation *user : read->getUsers())
      if (read.getParameter() == name && times[read] < times[owner->getOwner()] && times[user] > time)
        return launch.emitOpError() << "overwrites @" << name << ", whose old value " << *user
                                    << " reads later: use the value first";
  return success();
}

struct PlanMemoryPass : impl::PlanMemoryPassBase<PlanMemoryPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    OpBuilder builder(module.getContext());

    // Trainable weights first: the gradients are packed like that prefix.
    llvm::StringMap<int64_t> offsets;
    int64_t bytes = 0, gradientBytes = 0;
    for (bool trainable : {true, false}) {
      for (cnn::ParameterOp parameter : module.getOps<cnn::ParameterOp>()) {
        if (parameter.isTrainable() != trainable)
          continue;
        RankedTensorType type = parameter.getTensorType();
        offsets[parameter.getSymName()] = bytes;
        parameter->setAttr("plan.offset", builder.getI64IntegerAttr(bytes));
        bytes += alignToArena(plan::parameterLayout(type).getElements(type) * type.getElementTypeBitWidth() / 8);
      }
      if (trainable)
        gradientBytes = bytes;
    }
    SmallVector<StringRef> hypers;
    for (cnn::OptimizerOp optimizer : module.getOps<cnn::OptimizerOp>())
      for (NamedAttribute hyper : cnn::orderedHypers(optimizer))
        hypers.push_back(hyper.getName().getValue());

    // A context holds one arena for all programs of its mode, one at a time.
    Memory infer, train;
    for (plan::ProgramOp program : module.getOps<plan::ProgramOp>()) {
      FailureOr<Memory> planned = ProgramPlanner(program, symbols, offsets, hypers).run();
      if (failed(planned))
        return signalPassFailure();
      StringRef name = program.getSymName();
      (name == "infer" || name == "prepare" ? infer : train).widen(*planned);
    }
    module->setAttr("plan.infer_memory", builder.getDenseI64ArrayAttr({infer.fixed, infer.perExample}));
    module->setAttr("plan.train_memory", builder.getDenseI64ArrayAttr({train.fixed, train.perExample}));
    module->setAttr("plan.parameter_bytes", builder.getI64IntegerAttr(bytes));
    module->setAttr("plan.gradient_bytes", builder.getI64IntegerAttr(gradientBytes));
  }
};

} // namespace
} // namespace cnnc
