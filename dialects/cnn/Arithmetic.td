//===- Arithmetic.td - more operations on two tensors, choices -*- tablegen -*-===//

#ifndef CNNC_DIALECTS_CNN_ARITHMETIC_TD
#define CNNC_DIALECTS_CNN_ARITHMETIC_TD

include "dialects/cnn/CnnBase.td"

def Cnn_DivOp : Cnn_BinaryOp<"div"> { let summary = "`x / y`"; }
def Cnn_ModOp : Cnn_BinaryOp<"mod"> {
  let summary = "`x - y · trunc(x / y)`: C's `fmod`, with the sign of `x`";
}
def Cnn_MinOp : Cnn_BinaryOp<"min"> { let summary = "The smaller; NaN if either is; equal operands share the gradient"; }
def Cnn_MaxOp : Cnn_BinaryOp<"max"> { let summary = "The larger; NaN if either is; equal operands share the gradient"; }
def Cnn_PowOp : Cnn_BinaryOp<"pow"> {
  let summary = "`x^y`: C's `pow`; of a negative `x` NaN unless `y` is whole";
}
def Cnn_PowerOp : Cnn_UnaryOp<"power"> {
  let summary = "`x^exponent` with a constant exponent";
  let arguments = (ins Cnn_Tensor:$input, F64Attr:$exponent);
}

// Truth: 1 is true and 0 false; of an operand every value but 0 is true. Their gradients are zero.
def Cnn_EqualOp : Cnn_BinaryOp<"equal"> { let summary = "1 where `x = y`, else 0; its gradient is zero"; }
def Cnn_LessOp : Cnn_BinaryOp<"less"> { let summary = "1 where `x < y`, else 0; its gradient is zero"; }
def Cnn_LogicalNotOp : Cnn_UnaryOp<"logical_not"> { let summary = "1 where `x = 0`, else 0; its gradient is zero"; }
def Cnn_WhereOp : Cnn_ElementwiseOp<"where", [DeclareOpInterfaceMethods<Cnn_CostInterface>]> {
  let summary = "`x` where `condition` is not 0, `y` elsewhere";
  let arguments = (ins Cnn_Tensor:$condition, Cnn_Tensor:$lhs, Cnn_Tensor:$rhs);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$condition `,` $lhs `,` $rhs attr-dict `:` type($result)";
  let extraClassDefinition = flopsPerElement<1>.definition;
}

#endif // CNNC_DIALECTS_CNN_ARITHMETIC_TD
