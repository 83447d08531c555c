//===- ModelBuilder.cpp - the module that a model becomes -----------------===//

#include "frontends/dsl/ModelBuilder.h"

using namespace mlir;
using namespace cnnc::dsl;
namespace cnn = cnnc::cnn;

ModelBuilder::ModelBuilder(MLIRContext &context, DiagnosticSink &sink)
    : sink(sink), builder(&context), owned(ModuleOp::create(builder.getUnknownLoc())) {
  builder.setInsertionPointToEnd(owned->getBody());
}

ModelBuilder::ModelBuilder(OwningOpRef<ModuleOp> module, DiagnosticSink &sink)
    : sink(sink), builder(module->getContext()), owned(std::move(module)) {
  builder.setInsertionPointToEnd(owned->getBody());
  for (cnn::ParameterOp parameter : owned->getOps<cnn::ParameterOp>())
    known.insert({parameter.getSymName(), Known{parameter, llvm::SMLoc()}});
}

Location ModelBuilder::location(llvm::SMLoc loc, llvm::StringRef scope) {
  const llvm::SourceMgr &sources = sink.sources();
  unsigned buffer = sources.FindBufferContainingLoc(loc);
  auto [line, column] = sources.getLineAndColumn(loc, buffer);
  Location place =
      FileLineColLoc::get(builder.getContext(), sources.getMemoryBuffer(buffer)->getBufferIdentifier(), line, column);
  return scope.empty() ? place : Location(NameLoc::get(builder.getStringAttr(scope), place));
}

bool ModelBuilder::count(llvm::SMRange range) {
  if (++operations <= maxOperations)
    return true;
  if (operations == maxOperations + 1)
    sink.error(range, "the model has more than " + llvm::Twine(maxOperations) + " operations");
  return false;
}

mlir::Value ModelBuilder::addParameter(llvm::SMRange range, llvm::StringRef name, cnn::ParameterKind kind,
                                       const CheckedShape &shape, ParameterStart start) {
  auto found = known.find(name);
  if (found != known.end()) {
    sink.error(range, "two parameters are named '" + name + "'")
        .note("the first is at " + sink.where(found->second.place, range.Start))
        .help("give one of the layers, or a block around it, another name with '@'");
    return {};
  }
  Location loc = location(range.Start);
  RankedTensorType type = shape.type(builder.getContext());
  cnn::ParameterOp op;
  {
    OpBuilder::InsertionGuard guard(builder);
    if (known.empty())
      builder.setInsertionPointToStart(owned->getBody());
    else
      builder.setInsertionPointAfter(known.back().second.op);
    auto init = cnn::InitAttr::get(builder.getContext(), start.distribution, start.a, start.b);
    op = cnn::ParameterOp::create(builder, loc, name, kind, type, init, /*frozen=*/false, /*decay=*/false,
                                  /*doc=*/nullptr, /*value=*/nullptr);
  }
  known.insert({op.getSymName(), Known{op, range.Start}});
  if (kind != cnn::ParameterKind::Weight)
    return {};
  return cnn::ReadOp::create(builder, loc, type, FlatSymbolRefAttr::get(op.getSymNameAttr()));
}

void ModelBuilder::checkUses() {
  for (const Built &one : built)
    if (one.op->use_empty() && !discarded.contains(one.op))
      sink.error(one.range, "the result of '" + one.shownName + "' is never used")
          .help("a loop or an 'if' may pass over it: use it, remove it, or give it to '_'");
}

llvm::MapVector<llvm::StringRef, cnn::ParameterOp> ModelBuilder::parameters() const {
  llvm::MapVector<llvm::StringRef, cnn::ParameterOp> result;
  for (const auto &[name, parameter] : known)
    result.insert({name, parameter.op});
  return result;
}

func::FuncOp ModelBuilder::startFunction(llvm::StringRef name, llvm::SMLoc loc, ArrayRef<Type> inputs) {
  builder.setInsertionPointToEnd(owned->getBody());
  Location place = location(loc);
  auto function = func::FuncOp::create(builder, place, name, builder.getFunctionType(inputs, {}));
  builder.setInsertionPointToEnd(function.addEntryBlock());
  return function;
}

void ModelBuilder::endFunction(func::FuncOp function, ArrayRef<mlir::Value> results) {
  func::ReturnOp::create(builder, function.getLoc(), results);
  function.setFunctionType(builder.getFunctionType(function.getArgumentTypes(), TypeRange(ValueRange(results))));
  builder.setInsertionPointToEnd(owned->getBody());
}
