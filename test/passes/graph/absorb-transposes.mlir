// RUN: cnnc-opt %s --cnnc-absorb-transposes | FileCheck %s

// CHECK-LABEL: @between_two_convolutions
// CHECK-SAME: (%[[X:.*]]: tensor<?x8x4x6xf32>, %[[B:.*]]: tensor<8xf32>)
// CHECK-NEXT: %[[R:.*]] = cnn.reshape %[[B]] : tensor<8xf32> -> tensor<1x1x1x8xf32>
// CHECK-NEXT: %[[P:.*]] = cnn.reshape %[[R]] : tensor<1x1x1x8xf32> -> tensor<1x8x1x1xf32>
// CHECK-NEXT: %[[W:.*]] = cnn.broadcast %[[P]] : tensor<1x8x1x1xf32> -> tensor<?x8x4x6xf32>
// CHECK-NEXT: %[[S:.*]] = cnn.add %[[X]], %[[W]] : tensor<?x8x4x6xf32>
// CHECK-NEXT: %[[A:.*]] = cnn.relu %[[S]] : tensor<?x8x4x6xf32>
// CHECK-NEXT: return %[[A]]
func.func @between_two_convolutions(%x: tensor<?x8x4x6xf32>, %b: tensor<8xf32>) -> tensor<?x8x4x6xf32> {
  %0 = cnn.transpose %x {permutation = array<i64: 0, 2, 3, 1>} : tensor<?x8x4x6xf32> -> tensor<?x4x6x8xf32>
  %1 = cnn.broadcast %b : tensor<8xf32> -> tensor<?x4x6x8xf32>
  %2 = cnn.add %0, %1 : tensor<?x4x6x8xf32>
  %3 = cnn.relu %2 : tensor<?x4x6x8xf32>
  %4 = cnn.transpose %3 {permutation = array<i64: 0, 3, 1, 2>} : tensor<?x4x6x8xf32> -> tensor<?x8x4x6xf32>
  return %4 : tensor<?x8x4x6xf32>
}

// Attributes follow the dimensions: height 0 + 1, width 2 + 3, channels 0.
// CHECK-LABEL: @pads_slices_and_concatenations
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: %[[P:.*]] = cnn.pad %[[X]] {high = array<i64: 0, 1, 3>, interior = array<i64: 0, 0, 0>, low = array<i64: 0, 0, 2>}
// CHECK-NEXT: %[[C:.*]] = cnn.concat %[[P]], %[[P]] : {{.*}} -> tensor<?x16x5x11xf32>
// CHECK-NEXT: %[[S:.*]] = cnn.slice %[[C]] {start = array<i64: 3, 1, 0>, step = array<i64: 2, 1, 1>, stop = array<i64: 9, 5, 11>}
// CHECK-NEXT: return %[[S]] : tensor<?x3x4x11xf32>
func.func @pads_slices_and_concatenations(%x: tensor<?x8x4x6xf32>) -> tensor<?x3x4x11xf32> {
  %0 = cnn.transpose %x {permutation = array<i64: 0, 2, 3, 1>} : tensor<?x8x4x6xf32> -> tensor<?x4x6x8xf32>
  %1 = cnn.pad %0 {low = array<i64: 0, 2, 0>, high = array<i64: 1, 3, 0>, interior = array<i64: 0, 0, 0>} : tensor<?x4x6x8xf32> -> tensor<?x5x11x8xf32>
  %2 = cnn.concat %1, %1 {axis = 3 : i64} : (tensor<?x5x11x8xf32>, tensor<?x5x11x8xf32>) -> tensor<?x5x11x16xf32>
  %3 = cnn.slice %2 {start = array<i64: 1, 0, 3>, stop = array<i64: 5, 11, 9>, step = array<i64: 1, 1, 2>} : tensor<?x5x11x16xf32> -> tensor<?x4x11x3xf32>
  %4 = cnn.transpose %3 {permutation = array<i64: 0, 3, 1, 2>} : tensor<?x4x11x3xf32> -> tensor<?x3x4x11xf32>
  return %4 : tensor<?x3x4x11xf32>
}

// What has one number for each channel is as good as transposed.
// CHECK-LABEL: @mean_over_places
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: %[[S:.*]] = cnn.reduce_sum %[[X]] {axes = array<i64: 2, 3>}
// CHECK-NEXT: %[[R:.*]] = cnn.reshape %[[S]] : tensor<?x8x1x1xf32> -> tensor<?x1x1x8xf32>
// CHECK-NEXT: %[[Y:.*]] = cnn.reshape %[[R]] : tensor<?x1x1x8xf32> -> tensor<?x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @mean_over_places(%x: tensor<?x8x4x6xf32>) -> tensor<?x8xf32> {
  %0 = cnn.transpose %x {permutation = array<i64: 0, 2, 3, 1>} : tensor<?x8x4x6xf32> -> tensor<?x4x6x8xf32>
  %1 = cnn.reduce_sum %0 {axes = array<i64: 1, 2>} : tensor<?x4x6x8xf32> -> tensor<?x1x1x8xf32>
  %2 = cnn.reshape %1 : tensor<?x1x1x8xf32> -> tensor<?x8xf32>
  return %2 : tensor<?x8xf32>
}

// A residual: both sides of the sum come transposed, and what is read twice is computed once.
// CHECK-LABEL: @residual
// CHECK-NOT: cnn.transpose
// CHECK: return
func.func @residual(%x: tensor<?x8x4x6xf32>, %y: tensor<?x8x4x6xf32>) -> (tensor<?x8x4x6xf32>, tensor<?x8x4x6xf32>) {
  %0 = cnn.transpose %x {permutation = array<i64: 0, 2, 3, 1>} : tensor<?x8x4x6xf32> -> tensor<?x4x6x8xf32>
  %1 = cnn.transpose %y {permutation = array<i64: 0, 2, 3, 1>} : tensor<?x8x4x6xf32> -> tensor<?x4x6x8xf32>
  %2 = cnn.add %0, %1 : tensor<?x4x6x8xf32>
  %3 = cnn.transpose %2 {permutation = array<i64: 0, 3, 1, 2>} : tensor<?x4x6x8xf32> -> tensor<?x8x4x6xf32>
  %4 = cnn.relu %2 : tensor<?x4x6x8xf32>
  %5 = cnn.transpose %4 {permutation = array<i64: 0, 3, 1, 2>} : tensor<?x4x6x8xf32> -> tensor<?x8x4x6xf32>
  return %3, %5 : tensor<?x8x4x6xf32>, tensor<?x8x4x6xf32>
}

// One transpose in, one out: no order is better than another.
// CHECK-LABEL: @keep_what_saves_nothing
// CHECK: cnn.transpose
// CHECK-NEXT: cnn.relu {{.*}} tensor<?x4x6x8xf32>
// CHECK-NEXT: return
func.func @keep_what_saves_nothing(%x: tensor<?x8x4x6xf32>) -> tensor<?x4x6x8xf32> {
  %0 = cnn.transpose %x {permutation = array<i64: 0, 2, 3, 1>} : tensor<?x8x4x6xf32> -> tensor<?x4x6x8xf32>
  %1 = cnn.relu %0 : tensor<?x4x6x8xf32>
  return %1 : tensor<?x4x6x8xf32>
}

// A softmax over the last dimension is no place for another order.
// CHECK-LABEL: @stop_at_rows
// CHECK: cnn.transpose
// CHECK: cnn.row_softmax
// CHECK: cnn.transpose
func.func @stop_at_rows(%x: tensor<?x8x4x6xf32>) -> tensor<?x8x4x6xf32> {
  %0 = cnn.transpose %x {permutation = array<i64: 0, 2, 3, 1>} : tensor<?x8x4x6xf32> -> tensor<?x4x6x8xf32>
  %1 = cnn.row_softmax %0 : tensor<?x4x6x8xf32>
  %2 = cnn.transpose %1 {permutation = array<i64: 0, 3, 1, 2>} : tensor<?x4x6x8xf32> -> tensor<?x8x4x6xf32>
  return %2 : tensor<?x8x4x6xf32>
}

// Tensors without a batch, whose dimension 0 moves: an order that saves nothing is left as it is.
// CHECK-LABEL: @whole
// CHECK-NEXT: cnn.transpose
// CHECK-NEXT: cnn.broadcast
// CHECK-NEXT: cnn.mul
// CHECK-NEXT: return
func.func @whole(%x: tensor<1x5x2x5xf32>, %c: tensor<2x5xf32>) -> tensor<5x1x2x5xf32> {
  %0 = cnn.transpose %x {permutation = array<i64: 3, 0, 2, 1>} : tensor<1x5x2x5xf32> -> tensor<5x1x2x5xf32>
  %1 = cnn.broadcast %c : tensor<2x5xf32> -> tensor<5x1x2x5xf32>
  %2 = cnn.mul %1, %0 : tensor<5x1x2x5xf32>
  return %2 : tensor<5x1x2x5xf32>
}
