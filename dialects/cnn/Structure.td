//===- Structure.td - parameters, phases, scalars of a model ---*- tablegen -*-===//

include "dialects/cnn/CnnBase.td"

def Cnn_ParameterOp : Cnn_Op<"parameter", [Symbol]> {
  let summary = "A named tensor that outlives a run";
  let description = [{
    Weights, buffers (running mean), optimizer slots and derived tensors.
    The symbol is the name in the checkpoint; a slot is named
    `<slot>/<parameter>`. `decay` says whether weight decay applies.

    ```mlir
    cnn.parameter @"conv1.weight" weight : tensor<6x1x5x5xf32> {init = #cnn.init<uniform, -0.2 : f64, 0.2 : f64>}
    ```

    Constraints:
    * (C1) every size is static.
    * (C2) `value` has the parameter's type.
    * (C3) only weights are `frozen` or have `decay`.
  }];
  let hasVerifier = 1;
  let arguments = (ins SymbolNameAttr:$sym_name, Cnn_ParameterKindAttr:$kind, TypeAttrOf<Cnn_Tensor>:$type,
    OptionalAttr<Cnn_InitAttr>:$init, UnitAttr:$frozen, UnitAttr:$decay,
    OptionalAttr<StrAttr>:$doc, OptionalAttr<ElementsAttr>:$value);
  let assemblyFormat = "$sym_name $kind `:` $type attr-dict";
  let extraClassDeclaration = [{
    ::mlir::RankedTensorType getTensorType() { return ::llvm::cast<::mlir::RankedTensorType>(getType()); }
    /// True for a weight that is not frozen: it has a gradient and slots.
    bool isTrainable() { return getKind() == ParameterKind::Weight && !getFrozen(); }
  }];
}

def Cnn_ReadOp : Cnn_Op<"read", [MemoryEffects<[MemRead]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "The value of a parameter";
  let description = [{
    Constraints:
    * (C1) `parameter` is one of the result's type.
  }];
  let arguments = (ins FlatSymbolRefAttr:$parameter);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$parameter attr-dict `:` type($result)";
}

def Cnn_WriteOp : Cnn_Op<"write", [MemoryEffects<[MemWrite]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Gives a parameter a new value";
  let description = [{
    Constraints:
    * (C1) `parameter` is one of the type of `value`.
  }];
  let arguments = (ins FlatSymbolRefAttr:$parameter, Cnn_Tensor:$value);
  let assemblyFormat = "$parameter `,` $value attr-dict `:` type($value)";
}

def Cnn_AddGradientOp : Cnn_Op<"add_gradient", [MemoryEffects<[MemWrite]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Adds to the gradient of a parameter";
  let description = [{
    Constraints:
    * (C1) `parameter` is one that is trained, of the type of `value`.
  }];
  let arguments = (ins FlatSymbolRefAttr:$parameter, Cnn_Tensor:$value);
  let assemblyFormat = "$parameter `,` $value attr-dict `:` type($value)";
}

def Cnn_ReadGradientOp : Cnn_Op<"read_gradient", [MemoryEffects<[MemRead]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "The accumulated gradient of a parameter";
  let description = [{
    Constraints:
    * (C1) `parameter` is one that is trained, of the result's type.
  }];
  let arguments = (ins FlatSymbolRefAttr:$parameter);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$parameter attr-dict `:` type($result)";
}

def Cnn_HyperOp : Cnn_Op<"hyper", [MemoryEffects<[MemRead]>]> {
  let summary = "A run-time scalar: lr, momentum, ..., or \"step\" (1 in the first update)";
  let arguments = (ins StrAttr:$name);
  let results = (outs Cnn_Scalar:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
}

def Cnn_PhaseOp : Cnn_Op<"phase", [MemoryEffects<[MemWrite]>]> {
  let summary = "Starts the next part of @train: \"backward\" or \"input_gradient\"";
  let description = [{
    `@train` starts in phase "loss". Each phase becomes a program of its own;
    values that cross a phase stay in the arena.

    Constraints:
    * (C1) `name` is one of the two.
  }];
  let hasVerifier = 1;
  let arguments = (ins StrAttr:$name);
  let assemblyFormat = "$name attr-dict";
}

def Cnn_RequireFiniteOp : Cnn_Op<"require_finite", [MemoryEffects<[MemWrite]>]> {
  let summary = "Ends the program unless a value is finite";
  let description = [{
    Only in `@update`, before anything is written: where the value is NaN or
    infinite, the program returns CNNC_PROGRAM_NOT_FINITE.
  }];
  let arguments = (ins Cnn_Scalar:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def Cnn_OptimizerOp : Cnn_Op<"optimizer"> {
  let summary = "The optimizer of the module: what @update will do";
  let description = [{
    `rule` names an op with UpdateRuleInterface. `hypers` holds the recipe's
    values of its hyper-parameters (missing ones take the rule's defaults).
    `clip_norm` and `clip_value` say that gradients are clipped; the bounds
    are the hyper-parameters of the same name. `options` become attributes of
    the update op (`nesterov`).

    ```mlir
    cnn.optimizer "sgd" {hypers = {lr = 0.1 : f64, momentum = 0.9 : f64}, options = {nesterov}}
    ```

    Constraints:
    * (C1) `hypers` are floating-point numbers.
  }];
  let hasVerifier = 1;
  let arguments = (ins StrAttr:$rule, DictionaryAttr:$hypers, OptionalAttr<DictionaryAttr>:$options,
    UnitAttr:$clip_norm, UnitAttr:$clip_value);
  let assemblyFormat = "$rule attr-dict";
}

def Cnn_ConstantOp : Cnn_Op<"constant", [Pure, ConstantLike, AllTypesMatch<["value", "result"]>]> {
  let summary = "A constant tensor";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs RankedTensorOf<[F32, F64, I32]>:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}
