//===- Resolver.h - what is wrong before anything is run ---------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_DSL_RESOLVER_H
#define CNNC_FRONTENDS_DSL_RESOLVER_H

#include "frontends/dsl/Program.h"

namespace cnnc::dsl {

/// Checks every function of `program`, called or not: that names are known,
/// given a value once (but by a loop that carries one) and used; that calls
/// name a layer or block; that blocks do not call themselves; that a body
/// ends in its value and nothing stands after it. False where running the
/// program would only find the same mistakes again.
bool resolve(const Program &program, DiagnosticSink &sink);

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_RESOLVER_H
