/// \file SIGINT and SIGTERM: the step is finished, the run saved.
#ifndef RUNTIME_TOOL_INTERRUPT_H
#define RUNTIME_TOOL_INTERRUPT_H

namespace cnnc {

/// From now on the first SIGINT or SIGTERM is only noted; a second one ends the process at once.
void catchInterrupts();

/// The signal that came, or 0.
int interruptSignal();

} // namespace cnnc

#endif
