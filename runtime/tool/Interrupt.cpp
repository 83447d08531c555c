#include "runtime/tool/Interrupt.h"

#include <csignal>

namespace cnnc {

static volatile std::sig_atomic_t noted = 0;

static void note(int signal) { noted = signal; }

void catchInterrupts() {
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

int interruptSignal() { return noted; }

} // namespace cnnc
