//===- GridSample.td - images read at places that are computed -*- tablegen -*-===//

#ifndef CNNC_DIALECTS_CNN_GRIDSAMPLE_TD
#define CNNC_DIALECTS_CNN_GRIDSAMPLE_TD

include "dialects/cnn/General.td"

class Cnn_OneOf<string values, string text> : ConfinedAttr<StrAttr, [AttrConstraint<
    CPred<"::llvm::is_contained({" # values # "}, ::llvm::cast<::mlir::StringAttr>($_self).getValue())">, "whose value is " # text>]>;
def Cnn_SampleMode : Cnn_OneOf<"\"nearest\", \"linear\", \"cubic\"", "nearest, linear or cubic">;
def Cnn_SamplePadding : Cnn_OneOf<"\"zeros\", \"border\", \"reflection\"", "zeros, border or reflection">;

class Cnn_GridSampleBase<string mnemonic, list<Trait> traits = []> : Cnn_GeneralOp<mnemonic, traits> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_GridSampleOp : Cnn_GridSampleBase<"grid_sample", [InferTypeOpAdaptor]> {
  let summary = "Images read at the places of a grid: `y[n, c, p…] = x[n, c, place(grid[n, p…])]`";
  let description = [{
    The last dimension of `grid` holds a place, the last spatial dimension of
    `input` first. -1 and 1 are the centres of the first and last element with
    `align_corners`, else their outer edges. Between elements the `mode`
    decides: nearest (halves to even), linear, or cubic with a = -0.75; beyond
    the edges the `padding`: zeros, the nearest element, or a mirror, at the
    centres of the outermost elements with `align_corners`, else at their edges.
    As PyTorch's grid_sample.

    Constraints:
    * (C1) `input` is `[N, C, D…]` with one to three spatial dimensions, `grid` `[N, P…, count of D]` with as many P.
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Tensor:$grid, DefaultValuedStrAttr<Cnn_SampleMode, "linear">:$mode,
    DefaultValuedStrAttr<Cnn_SamplePadding, "zeros">:$padding, UnitAttr:$align_corners);
  let results = (outs Cnn_Tensor:$result);
}
def Cnn_GridSampleInputGradOp : Cnn_GridSampleBase<"grid_sample_input_grad"> {
  let summary = "The gradient of grid_sample by its input";
  let description = [{
    Constraints:
    * (C1) sampling the result at `grid` gives the type of `gradient`.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Tensor:$gradient, Cnn_Tensor:$grid, DefaultValuedStrAttr<Cnn_SampleMode, "linear">:$mode,
    DefaultValuedStrAttr<Cnn_SamplePadding, "zeros">:$padding, UnitAttr:$align_corners);
  let results = (outs Cnn_Tensor:$result);
}
def Cnn_GridSampleGridGradOp : Cnn_GridSampleBase<"grid_sample_grid_grad", [AllTypesMatch<["grid", "result"]>]> {
  let summary = "The gradient of grid_sample by its grid; zero where `mode` is nearest";
  let description = [{
    Constraints:
    * (C1) sampling `input` at `grid` gives the type of `gradient`.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Tensor:$input, Cnn_Tensor:$grid, Cnn_Tensor:$gradient, DefaultValuedStrAttr<Cnn_SampleMode, "linear">:$mode,
    DefaultValuedStrAttr<Cnn_SamplePadding, "zeros">:$padding, UnitAttr:$align_corners);
  let results = (outs Cnn_Tensor:$result);
}

#endif // CNNC_DIALECTS_CNN_GRIDSAMPLE_TD
