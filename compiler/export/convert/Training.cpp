//===- Training.cpp - what no network in inference has ------------------------===//

#include "compiler/export/Converters.h"

using namespace cnnc;
using namespace cnnc::exporting;

void exporting::addTraining(Table &table) {
  table.refuse<cnn::MeanSquaredErrorOp, cnn::SoftmaxCrossEntropyOp, cnn::BinaryCrossEntropyOp, cnn::PerceptronLossOp>(
      "it is a loss, and the graph is the network's");
  table.refuse<cnn::MeanSquaredErrorGradOp, cnn::SoftmaxCrossEntropyGradOp, cnn::BinaryCrossEntropyGradOp,
               cnn::PerceptronLossGradOp, cnn::ConvInputGradOp, cnn::ConvKernelGradOp, cnn::DenseInputGradOp,
               cnn::DenseKernelGradOp, cnn::ReluGradOp, cnn::LeakyReluGradOp, cnn::MaxpoolGradOp, cnn::AvgpoolGradOp,
               cnn::GlobalAvgpoolGradOp, cnn::GlobalMaxpoolGradOp, cnn::LrnGradOp, cnn::GroupnormGradOp, cnn::BatchnormGradOp,
               cnn::SoftmaxGradOp, cnn::RowSoftmaxGradOp, cnn::LayernormGradOp, cnn::GatherGradOp, cnn::MaxoutGradOp,
               cnn::GridSampleInputGradOp, cnn::GridSampleGridGradOp, cnn::MaxunpoolGradOp, cnn::ChannelSumOp>(
      "it is a part of a gradient");
  table.refuse<cnn::SgdOp, cnn::AdagradOp, cnn::RmspropOp, cnn::AdamOp, cnn::AdamwOp, cnn::OptimizerOp, cnn::HyperOp,
               cnn::SumOfSquaresOp, cnn::ClipFactorOp, cnn::ScaleOp, cnn::ClampOp, cnn::RequireFiniteOp>(
      "it is a part of an optimizer");
  table.refuse<cnn::BatchnormTrainOp, cnn::DropoutMaskOp>("it is what a layer does in training");
  table.refuse<cnn::FoldBatchnormOp, cnn::FoldKernelOp>("it prepares parameters");
  table.refuse<cnn::ParameterOp, cnn::WriteOp, cnn::AddGradientOp, cnn::ReadGradientOp, cnn::PhaseOp>(
      "it changes parameters, and a graph has none that change");
}
