//===- CnnOps.td - every op of the cnn dialect -----------------*- tablegen -*-===//

include "dialects/cnn/Structure.td"
include "dialects/cnn/Elementwise.td"
include "dialects/cnn/Contraction.td"
include "dialects/cnn/Pool.td"
include "dialects/cnn/Norm.td"
include "dialects/cnn/ImageNorm.td"
include "dialects/cnn/Resample.td"
include "dialects/cnn/Shape.td"
include "dialects/cnn/General.td"
include "dialects/cnn/Loss.td"
include "dialects/cnn/Optimizer.td"
