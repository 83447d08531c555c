//===- Optimizer.cpp - slots and hyper-parameters of update rules ---------===//

#include "dialects/cnn/Hypers.h"

using namespace mlir;
using namespace cnnc::cnn;

#define UPDATE_RULE(OP, SLOTS, HYPERS, DEFAULTS)                                                                                 \
  ArrayRef<StringLiteral> OP::getSlotNames() {                                                                                   \
    static constexpr StringLiteral names[] = SLOTS;                                                                              \
    return names;                                                                                                                \
  }                                                                                                                              \
  ArrayRef<StringLiteral> OP::getHyperNames() {                                                                                  \
    static constexpr StringLiteral names[] = HYPERS;                                                                             \
    return names;                                                                                                                \
  }                                                                                                                              \
  ArrayRef<double> OP::getHyperDefaults() {                                                                                      \
    static constexpr double values[] = DEFAULTS;                                                                                 \
    return values;                                                                                                               \
  }
#define LIST(...) {__VA_ARGS__}

UPDATE_RULE(SgdOp, LIST("momentum_buffer"), LIST("lr", "momentum", "weight_decay"), LIST(1e-3, 0, 0))
UPDATE_RULE(AdagradOp, LIST("sum"), LIST("lr", "epsilon", "weight_decay"), LIST(1e-2, 1e-10, 0))
UPDATE_RULE(RmspropOp, LIST("square_avg", "momentum_buffer"), LIST("lr", "alpha", "epsilon", "weight_decay", "momentum"),
            LIST(1e-2, 0.99, 1e-8, 0, 0))
UPDATE_RULE(AdamOp, LIST("exp_avg", "exp_avg_sq"), LIST("lr", "beta1", "beta2", "epsilon", "weight_decay", "step"),
            LIST(1e-3, 0.9, 0.999, 1e-8, 0, 1))
UPDATE_RULE(AdamwOp, LIST("exp_avg", "exp_avg_sq"), LIST("lr", "beta1", "beta2", "epsilon", "weight_decay", "step"),
            LIST(1e-3, 0.9, 0.999, 1e-8, 1e-2, 1))

SmallVector<NamedAttribute> cnnc::cnn::orderedHypers(OptimizerOp optimizer) {
  SmallVector<NamedAttribute> ordered;
  auto name = RegisteredOperationName::lookup(("cnn." + optimizer.getRule()).str(), optimizer.getContext());
  if (auto *rule = name ? name->getInterface<UpdateRuleInterface>() : nullptr)
    for (StringRef hyper : rule->getHyperNames())
      if (auto given = optimizer.getHypers().getNamed(hyper))
        ordered.push_back(*given);
  for (NamedAttribute given : optimizer.getHypers())
    if (!llvm::is_contained(ordered, given))
      ordered.push_back(given);
  return ordered;
}
