//===- Function.td - mathematical functions of one operand -----*- tablegen -*-===//

#ifndef CNNC_DIALECTS_CNN_FUNCTION_TD
#define CNNC_DIALECTS_CNN_FUNCTION_TD

include "dialects/cnn/CnnBase.td"

def Cnn_ExpOp : Cnn_UnaryOp<"exp"> { let summary = "`e^x`"; }
def Cnn_LogOp : Cnn_UnaryOp<"log"> { let summary = "Natural logarithm: -∞ at 0, NaN below"; }
def Cnn_SqrtOp : Cnn_UnaryOp<"sqrt"> { let summary = "Square root: NaN below 0; its gradient is infinite at 0"; }
def Cnn_RsqrtOp : Cnn_UnaryOp<"rsqrt"> { let summary = "`1 / √x`"; }
def Cnn_ReciprocalOp : Cnn_UnaryOp<"reciprocal"> { let summary = "`1 / x`"; }
def Cnn_ErfOp : Cnn_UnaryOp<"erf"> { let summary = "Error function: `2 / √π · ∫ e^(-t²) dt` from 0 to `x`"; }
def Cnn_AbsOp : Cnn_UnaryOp<"abs"> { let summary = "`|x|`; its gradient at 0 is 0"; }
def Cnn_SignOp : Cnn_UnaryOp<"sign"> { let summary = "-1, 0 or 1, NaN of NaN; its gradient is zero"; }
def Cnn_FloorOp : Cnn_UnaryOp<"floor"> { let summary = "The largest whole number not above `x`; its gradient is zero"; }
def Cnn_CeilOp : Cnn_UnaryOp<"ceil"> { let summary = "The smallest whole number not below `x`; its gradient is zero"; }
def Cnn_RoundOp : Cnn_UnaryOp<"round"> { let summary = "The nearest whole number, halves to even; its gradient is zero"; }

def Cnn_SinOp : Cnn_UnaryOp<"sin"> { let summary = "Sine of radians"; }
def Cnn_CosOp : Cnn_UnaryOp<"cos"> { let summary = "Cosine of radians"; }
def Cnn_TanOp : Cnn_UnaryOp<"tan"> { let summary = "Tangent of radians"; }
def Cnn_AsinOp : Cnn_UnaryOp<"asin"> { let summary = "Inverse sine, -π/2 … π/2; NaN beyond ±1"; }
def Cnn_AcosOp : Cnn_UnaryOp<"acos"> { let summary = "Inverse cosine, 0 … π; NaN beyond ±1"; }
def Cnn_AtanOp : Cnn_UnaryOp<"atan"> { let summary = "Inverse tangent, -π/2 … π/2"; }
def Cnn_SinhOp : Cnn_UnaryOp<"sinh"> { let summary = "Hyperbolic sine"; }
def Cnn_CoshOp : Cnn_UnaryOp<"cosh"> { let summary = "Hyperbolic cosine"; }
def Cnn_AsinhOp : Cnn_UnaryOp<"asinh"> { let summary = "Inverse hyperbolic sine"; }
def Cnn_AcoshOp : Cnn_UnaryOp<"acosh"> { let summary = "Inverse hyperbolic cosine; NaN below 1"; }
def Cnn_AtanhOp : Cnn_UnaryOp<"atanh"> { let summary = "Inverse hyperbolic tangent; ±∞ at ±1, NaN beyond"; }

#endif // CNNC_DIALECTS_CNN_FUNCTION_TD
