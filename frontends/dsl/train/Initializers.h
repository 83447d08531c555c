//===- Initializers.h - where weights start ----------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_DSL_TRAIN_INITIALIZERS_H
#define CNNC_FRONTENDS_DSL_TRAIN_INITIALIZERS_H

#include "frontends/dsl/ModelBuilder.h"
#include "frontends/dsl/Signature.h"

namespace cnnc::dsl {

/// An entry of the table of initializers.
struct Initializer : Signature {
  ParameterStart (*start)(const Record &args, double fanIn, double fanOut) = nullptr;
};

/// All initializers.
const Table<Initializer> &initializers();

/// What `record`, a call of an initializer, means for a weight with these
/// fans: inputs per output element, and outputs per input element.
ParameterStart startOf(const Record &record, int64_t fanIn, int64_t fanOut);

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_TRAIN_INITIALIZERS_H
