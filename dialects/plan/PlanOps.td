//===- PlanOps.td - kernels, programs, launches ----------------*- tablegen -*-===//

include "dialects/plan/PlanBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"

class Plan_Op<string mnemonic, list<Trait> traits = []> : Op<Plan_Dialect, mnemonic, traits>;

def Plan_KernelOp : Plan_Op<"kernel", [Symbol, IsolatedFromAbove, SingleBlock]> {
  let summary = "One fused group of ops, run by parallel tasks";
  let description = [{
    Before tiling the block's arguments are the operands (tensors) and the
    body ends in a `plan.yield` of the results. After tiling the arguments are
    memrefs, operands first, then results, then scratch, and the body is a
    sequence of `plan.stage`s.

    `scratch` holds, per scratch buffer, {elements per example, fixed
    elements}. `in_place` says that a result may be an operand's memory.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Plan_LayoutArrayAttr:$operand_layouts, Plan_LayoutArrayAttr:$result_layouts,
    OptionalAttr<ArrayAttr>:$scratch, UnitAttr:$in_place);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
}

def Plan_StageOp : Plan_Op<"stage", [SingleBlock]> {
  let summary = "Tasks that may run in any order and at once; a barrier follows";
  let description = [{
    `tasks_per_example · n + tasks_fixed` tasks. The block's arguments are
    (task: index, n: index, seed: i64, step: i64).
  }];
  let arguments = (ins I64Attr:$tasks_per_example, I64Attr:$tasks_fixed);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$tasks_per_example `per_example` `+` $tasks_fixed attr-dict-with-keyword $body";
}

def Plan_YieldOp : Plan_Op<"yield", [Pure, Terminator]> {
  let summary = "Ends a kernel or a stage";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Plan_ProgramOp : Plan_Op<"program", [Symbol, IsolatedFromAbove, SingleBlock]> {
  let summary = "A pass over the network: launches in order";
  let description = [{
    The block's arguments are the caller's tensors, in plain layout; the body
    ends in a `plan.yield` of the results. Parameters come from `cnn.read`
    and go to `cnn.write` and `cnn.add_gradient`.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
}

def Plan_CopyOp : Plan_Op<"copy", [Pure, AllTypesMatch<["input", "result"]>]> {
  let summary = "The same tensor in another layout; becomes a kernel without ops";
  let arguments = (ins AnyRankedTensor:$input, UnitAttr:$row_major);
  let results = (outs AnyRankedTensor:$result);
  let builders = [OpBuilder<(ins "::mlir::Value":$input, CArg<"bool", "false">:$rowMajor), [{ build($_builder, $_state, input.getType(), input, rowMajor); }]>];
  let assemblyFormat = "$input attr-dict `:` type($result)";
}

def Plan_LaunchOp : Plan_Op<"launch"> {
  let summary = "Runs a kernel";
  let description = [{
    `addresses`, once memory is planned, says where each of the kernel's
    memrefs lies: operands, results, scratch.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<AnyType>:$operands_, OptionalAttr<Plan_AddressArrayAttr>:$addresses);
  let results = (outs Variadic<AnyType>:$results_);
  let builders = [OpBuilder<(ins "::mlir::TypeRange":$results, "::llvm::StringRef":$kernel, "::mlir::ValueRange":$operands),
    [{ build($_builder, $_state, results, kernel, operands, /*addresses=*/::mlir::ArrayAttr{}); }]>];
  let assemblyFormat = "$kernel `(` $operands_ `)` attr-dict `:` functional-type($operands_, $results_)";
}
