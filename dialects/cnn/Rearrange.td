//===- Rearrange.td - channels and places exchanged, maxout ----*- tablegen -*-===//

include "dialects/cnn/CnnBase.td"

class Cnn_RearrangeOp<string mnemonic> : Cnn_FusibleOp<mnemonic, "Window", [InferTypeOpAdaptor]> {
  let arguments = (ins Cnn_Images:$input, I64Attr:$block_size, DefaultValuedAttr<BoolAttr, "false">:$channels_first);
  let results = (outs Cnn_Images:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
def Cnn_DepthToSpaceOp : Cnn_RearrangeOp<"depth_to_space"> {
  let summary = "Each `block_size²` channels as a square of places";
  let description = [{
    With b = block_size and K = C / b² channels in the result,
    `y[n, k, h·b + i, w·b + j] = x[n, (i·b + j)·K + k, h, w]`, or with
    `channels_first` `x[n, (k·b + i)·b + j, h, w]`: DCR and CRD in ONNX, and
    the latter PyTorch's pixel_shuffle.

    Constraints:
    * (C1) `block_size` is positive and its square divides the channels.
  }];
}
def Cnn_SpaceToDepthOp : Cnn_RearrangeOp<"space_to_depth"> {
  let summary = "The inverse of depth_to_space: each square of places as channels";
  let description = [{
    Constraints:
    * (C1) `block_size` is positive and divides height and width.
  }];
}
def Cnn_ChannelShuffleOp : Cnn_FusibleOp<"channel_shuffle", "Window", [AllTypesMatch<["input", "result"]>]> {
  let summary = "The first channels of all groups, then the second of all, and so on";
  let description = [{
    `y[n, m·groups + g] = x[n, g·C / groups + m]` (Zhang et al., ShuffleNet, 2018).
    The inverse has `C / groups` groups.

    Constraints:
    * (C1) `groups` divides the channels.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Batch:$input, I64Attr:$groups);
  let results = (outs Cnn_Batch:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}

def Cnn_MaxoutOp : Cnn_FusibleOp<"maxout", "Window", [InferTypeOpAdaptor]> {
  let summary = "The largest of each `pieces` neighbouring channels";
  let description = [{
    `y[n, k] = max_j x[n, k·pieces + j]` (Goodfellow et al., 2013).

    Constraints:
    * (C1) `pieces` divides the channels.
  }];
  let arguments = (ins Cnn_Batch:$input, I64Attr:$pieces);
  let results = (outs Cnn_Batch:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
def Cnn_MaxoutGradOp : Cnn_FusibleOp<"maxout_grad", "Window", [AllTypesMatch<["input", "result"]>]> {
  let summary = "Hands each gradient to the first largest of its channels";
  let description = [{
    Constraints:
    * (C1) the maxout of `input` is one, of the shape of `gradient`.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Batch:$input, Cnn_Batch:$gradient, I64Attr:$pieces);
  let results = (outs Cnn_Batch:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
