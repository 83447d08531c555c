//===- Resample.td - images of another size --------------------*- tablegen -*-===//

include "dialects/cnn/CnnBase.td"

def Cnn_ResampleOp : Cnn_FusibleOp<"resample", "Window", [InferTypeOpAdaptor, DeclareOpInterfaceMethods<Cnn_CostInterface>]> {
  let summary = "Each row and column as a weighted sum of rows and columns";
  let description = [{
    `y[n, c, p, q] = Σ_{i < row_taps} Σ_{j < column_taps} row_weights[p, i] · column_weights[q, j] · x[n, c, rows[p, i], columns[q, j]]`;
    the tables are row-major, so the result has `rows / row_taps` rows. Every
    interpolation is such an op, and so is the gradient of one, with the
    transposed tables (`ResampleTable.h`).

    Constraints:
    * (C1) a table has a positive number of taps that divides its size, and is not empty.
    * (C2) there are as many weights as places.
    * (C3) places lie inside `input`.

    ```mlir
    %y = cnn.resample %x {rows = array<i64: 0, 0, 1, 1>, row_weights = array<f64: 1.0, 1.0, 1.0, 1.0>, row_taps = 1 : i64,
       columns = array<i64: 0, 1>, column_weights = array<f64: 0.5, 0.5>, column_taps = 2 : i64} : tensor<?x3x2x2xf32> -> tensor<?x3x4x1xf32>
    ```
  }];
  let arguments = (ins Cnn_Images:$input, DenseI64ArrayAttr:$rows, DenseF64ArrayAttr:$row_weights, I64Attr:$row_taps,
    DenseI64ArrayAttr:$columns, DenseF64ArrayAttr:$column_weights, I64Attr:$column_taps);
  let results = (outs Cnn_Images:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
