//===- Optimizer.cpp - slots and hyper-parameters of update rules ---------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

#define UPDATE_RULE(OP, SLOTS, HYPERS)                                                                                 \
  ArrayRef<StringLiteral> OP::getSlotNames() {                                                                         \
    static constexpr StringLiteral names[] = SLOTS;                                                                    \
    return names;                                                                                                      \
  }                                                                                                                    \
  ArrayRef<StringLiteral> OP::getHyperNames() {                                                                        \
    static constexpr StringLiteral names[] = HYPERS;                                                                   \
    return names;                                                                                                      \
  }
#define NAMES(...) {__VA_ARGS__}

UPDATE_RULE(SgdOp, NAMES("momentum_buffer"), NAMES("lr", "momentum", "weight_decay"))
UPDATE_RULE(AdagradOp, NAMES("sum"), NAMES("lr", "epsilon", "weight_decay"))
UPDATE_RULE(RmspropOp, NAMES("square_avg", "momentum_buffer"), NAMES("lr", "alpha", "epsilon", "weight_decay", "momentum"))
UPDATE_RULE(AdamOp, NAMES("exp_avg", "exp_avg_sq"), NAMES("lr", "beta1", "beta2", "epsilon", "weight_decay", "step"))
UPDATE_RULE(AdamwOp, NAMES("exp_avg", "exp_avg_sq"), NAMES("lr", "beta1", "beta2", "epsilon", "weight_decay", "step"))
