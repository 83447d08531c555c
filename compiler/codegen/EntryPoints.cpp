//===- EntryPoints.cpp - the functions of the header ----------------------===//

#include "compiler/codegen/Record.h"
#include "runtime/include/cnnc/abi.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;

namespace cnnc {
namespace {

class EntryPoints {
public:
  EntryPoints(const Model &model, Constant *record, Constants &c)
      : model(model), record(record), c(c), pointer(PointerType::get(c.context, 0)), i32(Type::getInt32Ty(c.context)),
        i64(Type::getInt64Ty(c.context)), none(Type::getVoidTy(c.context)) {}

  void add();

private:
  /// An exported function. `body` gets a builder in its entry block.
  Function *exported(StringRef name, Type *result, ArrayRef<Type *> arguments,
                     function_ref<void(IRBuilder<> &, Function &)> body) {
    Function *function = Function::Create(FunctionType::get(result, arguments, false), GlobalValue::ExternalLinkage,
                                          model.prefix + "_" + name, c.module);
    function->addFnAttr(Attribute::NoUnwind);
    IRBuilder<> builder(BasicBlock::Create(c.context, "", function));
    body(builder, *function);
    return function;
  }

  /// Calls cnnc_core_<name> and returns what it returns.
  void finish(IRBuilder<> &b, Function &caller, StringRef name, ArrayRef<Value *> arguments) {
    SmallVector<Type *> types;
    for (Value *argument : arguments)
      types.push_back(argument->getType());
    auto *type = FunctionType::get(caller.getReturnType(), types, false);
    Value *result = b.CreateCall(type, c.function(("cnnc_core_" + name).str(), type), arguments);
    if (type->getReturnType()->isVoidTy())
      b.CreateRetVoid();
    else
      b.CreateRet(result);
  }

  /// An exported function that is the core's, with the model in front or not.
  Function *forwarded(StringRef name, Type *result, ArrayRef<Type *> arguments, bool needsModel = false) {
    return exported(name, result, arguments, [&](IRBuilder<> &b, Function &function) {
      SmallVector<Value *> values;
      if (needsModel)
        values.push_back(record);
      for (Argument &argument : function.args())
        values.push_back(&argument);
      finish(b, function, name, values);
    });
  }

  /// An array of pointers on the stack.
  Value *gather(IRBuilder<> &b, ArrayRef<Value *> pointers) {
    Value *array = b.CreateAlloca(ArrayType::get(pointer, std::max<size_t>(pointers.size(), 1)));
    for (auto [i, value] : enumerate(pointers))
      b.CreateStore(value, b.CreateConstInBoundsGEP1_64(pointer, array, i));
    return array;
  }
  SmallVector<Value *> slice(Function &function, unsigned first, unsigned count) {
    SmallVector<Value *> values;
    for (unsigned i = first; i < first + count; ++i)
      values.push_back(function.getArg(i));
    return values;
  }

  void addPool();
  void addInference();
  void addTraining();
  void addTable(Function *weightsCreate, Function *contextBytes, Function *statusText);

  const Model &model;
  Constant *record;
  Constants &c;
  Type *pointer, *i32, *i64, *none;
};

/// The pool is returned in memory that the caller hands over.
void EntryPoints::addPool() {
  Type *poolType = StructType::get(c.context, {pointer, i32, pointer, pointer});
  Function *function = exported("pool", none, {pointer, i32}, [&](IRBuilder<> &b, Function &function) {
    auto *type = function.getFunctionType();
    CallInst *call = b.CreateCall(type, c.function("cnnc_core_pool", type), {function.getArg(0), function.getArg(1)});
    call->addParamAttr(0, Attribute::getWithStructRetType(c.context, poolType));
    b.CreateRetVoid();
  });
  function->addParamAttr(0, Attribute::getWithStructRetType(c.context, poolType));
}

void EntryPoints::addInference() {
  unsigned inputs = model.inputs.size(), outputs = model.outputs.size();
  SmallVector<Type *> arguments{pointer, i32};
  arguments.append(inputs + outputs, pointer);
  exported("forward", i32, arguments, [&](IRBuilder<> &b, Function &f) {
    finish(b, f, "forward", {f.getArg(0), f.getArg(1), gather(b, slice(f, 2, inputs)), gather(b, slice(f, 2 + inputs, outputs))});
  });
}

void EntryPoints::addTraining() {
  unsigned inputs = model.inputs.size(), tensors = inputs + model.targets.size();
  // (context, n, inputs…, targets…, step, loss)
  SmallVector<Type *> arguments{pointer, i32};
  arguments.append(tensors + 2, pointer);
  exported("loss", i32, arguments, [&](IRBuilder<> &b, Function &f) {
    finish(b, f, "loss",
           {f.getArg(0), f.getArg(1), gather(b, slice(f, 2, tensors)), f.getArg(2 + tensors), f.getArg(3 + tensors)});
  });
  // (context, n, inputs…, targets…, step, optimizer, loss)
  arguments.push_back(pointer);
  exported("train_step", i32, arguments, [&](IRBuilder<> &b, Function &f) {
    finish(b, f, "train_step_optimizer",
           {f.getArg(0), f.getArg(1), gather(b, slice(f, 2, tensors)), f.getArg(2 + tensors), f.getArg(3 + tensors),
            f.getArg(4 + tensors)});
  });
  exported("backward", i32, SmallVector<Type *>(1 + inputs, pointer), [&](IRBuilder<> &b, Function &f) {
    Value *any = b.getFalse();
    for (Value *gradient : slice(f, 1, inputs))
      any = b.CreateOr(any, b.CreateIsNotNull(gradient));
    finish(b, f, "backward", {f.getArg(0), b.CreateSelect(any, gather(b, slice(f, 1, inputs)), c.null())});
  });
  exported("update", i32, {pointer, pointer},
           [&](IRBuilder<> &b, Function &f) { finish(b, f, "update_optimizer", {f.getArg(0), f.getArg(1)}); });
  forwarded("gradient", i32, {pointer, pointer, pointer, i64});
}

void EntryPoints::addTable(Function *weightsCreate, Function *contextBytes, Function *statusText) {
  auto core = [&](StringRef name) -> Constant * {
    // Only the address is taken where no stub has declared the type.
    return c.function(("cnnc_core_" + name).str(), FunctionType::get(none, false));
  };
  Constant *table = c.record({c.u64(sizeof(cnnc_api)), core("pool"),        weightsCreate,          core("weights_load"),
                              core("weights_save"),    core("weights_get"), core("weights_set"),    core("weights_error"),
                              core("weights_destroy"), contextBytes,        core("context_create"), core("context_destroy"),
                              core("forward"),         core("loss"),        core("backward"),       core("gradient"),
                              core("update"),          core("train_step"),  core("error"),          statusText});
  Constant *info =
      c.global(c.record({c.u64(sizeof(cnnc_info)), c.u32(CNNC_ABI_VERSION), record, c.global(table, "api")}), "info");
  exported("describe", pointer, {}, [&](IRBuilder<> &b, Function &) { b.CreateRet(info); });
}

void EntryPoints::add() {
  addPool();
  Function *weightsCreate = forwarded("weights_create", pointer, {i64, pointer}, /*needsModel=*/true);
  forwarded("weights_load", i32, {pointer, pointer, i64});
  forwarded("weights_save", i32, {pointer, i32, pointer, pointer});
  forwarded("weights_get", i32, {pointer, pointer, pointer, i64});
  forwarded("weights_set", i32, {pointer, pointer, pointer, i64});
  forwarded("weights_error", pointer, {pointer});
  forwarded("weights_destroy", none, {pointer});
  Function *contextBytes = forwarded("context_bytes", i64, {pointer}, /*needsModel=*/true);
  forwarded("context_create", pointer, {pointer, pointer, pointer});
  forwarded("context_destroy", none, {pointer});
  addInference();
  if (model.hasTraining)
    addTraining();
  forwarded("error", pointer, {pointer});
  Function *statusText = forwarded("status_text", pointer, {i32}, /*needsModel=*/true);
  addTable(weightsCreate, contextBytes, statusText);
}

} // namespace

void addEntryPoints(const Model &model, Constant *record, Constants &constants) { EntryPoints(model, record, constants).add(); }

} // namespace cnnc
