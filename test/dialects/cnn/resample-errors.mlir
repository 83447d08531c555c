// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @resample_c1(%x: tensor<?x4x2x2xf32>) {
  // expected-error @below {{'cnn.resample' op failed to infer returned types}}
  // expected-error @below {{'cnn.resample' cannot split a table of 3 rows into 2 taps each}}
  %0 = cnn.resample %x {rows = array<i64: 0, 1, 1>, row_weights = array<f64: 1.0, 1.0, 1.0>, row_taps = 2 : i64, columns = array<i64: 0>, column_weights = array<f64: 1.0>, column_taps = 1 : i64} : tensor<?x4x2x2xf32> -> tensor<?x4x2x1xf32>
  return
}

// -----

func.func @resample_c2(%x: tensor<?x4x2x2xf32>) {
  // expected-error @below {{'cnn.resample' op failed to infer returned types}}
  // expected-error @below {{'cnn.resample' has 2 weights for 1 columns}}
  %0 = cnn.resample %x {rows = array<i64: 0>, row_weights = array<f64: 1.0>, row_taps = 1 : i64, columns = array<i64: 0>, column_weights = array<f64: 1.0, 2.0>, column_taps = 1 : i64} : tensor<?x4x2x2xf32> -> tensor<?x4x1x1xf32>
  return
}

// -----

func.func @resample_c3(%x: tensor<?x4x2x2xf32>) {
  // expected-error @below {{'cnn.resample' op failed to infer returned types}}
  // expected-error @below {{'cnn.resample' reads number 2 of 2 columns}}
  %0 = cnn.resample %x {rows = array<i64: 0>, row_weights = array<f64: 1.0>, row_taps = 1 : i64, columns = array<i64: 2>, column_weights = array<f64: 1.0>, column_taps = 1 : i64} : tensor<?x4x2x2xf32> -> tensor<?x4x1x1xf32>
  return
}
