#include "runtime/core/core.h"
#include "runtime/core/cpu.h"

const char *cnnc_core_status_text(const cnnc_model *model, cnnc_status status) {
  switch (status) {
  case cnnc_ok:
    return "no error";
  case cnnc_bad_argument:
    return "an argument is not valid: the header says what each function takes";
  case cnnc_out_of_memory:
    return "not enough memory: create the context with a smaller batch or hand in a larger block";
  case cnnc_busy:
    return "another thread uses this context or changes these weights: use one context per thread and try again";
  case cnnc_not_finite:
    return "the loss or a gradient is not finite: lower the learning rate, clip the gradients or check the inputs";
  case cnnc_bad_weights:
    return "the weights do not fit this model or the file is damaged: the text of the weights' error says which tensor";
  case cnnc_unsupported_cpu:
    return cnnc_cpu_text(model, cnnc_cpu_features());
  case cnnc_device_error:
    return "the library has no code for this device: use the device \"cpu\"";
  }
  return "not a status";
}
