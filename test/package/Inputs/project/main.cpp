// The header from C++, with ownership in unique_ptr.
#include "line.h"

#include <cstdio>
#include <memory>

int main() {
  line_status status;
  std::unique_ptr<line_weights, void (*)(line_weights *)> weights(line_weights_create(1, &status), line_weights_destroy);
  line_options options = {};
  options.struct_size = sizeof options;
  options.batch = 1;
  std::unique_ptr<line_context, void (*)(line_context *)> context(line_context_create(weights.get(), &options, &status),
                                                                  line_context_destroy);
  float x = 3, y = 0;
  status = line_forward(context.get(), 1, &x, &y);
  std::printf("status %d, y(3) = %g\n", status, y);
}
