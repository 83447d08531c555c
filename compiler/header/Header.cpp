//===- Header.cpp - declarations and what they promise --------------------===//
//
// runtime/core/core.h has the same functions without the model's names.
//
//===----------------------------------------------------------------------===//

#include "compiler/header/Header.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdio>
#include <cstdlib>

using namespace llvm;

namespace cnnc {
namespace {

/// Words that are no names of C99 or C++20.
bool isKeyword(StringRef word) {
  static constexpr StringLiteral words[] = {
      "alignas",  "alignof", "and",       "asm",       "auto",     "bool",      "break",    "case",     "catch",  "char",
      "class",    "concept", "const",     "constexpr", "continue", "decltype",  "default",  "delete",   "do",     "double",
      "else",     "enum",    "explicit",  "export",    "extern",   "false",     "float",    "for",      "friend", "goto",
      "if",       "inline",  "int",       "long",      "mutable",  "namespace", "new",      "noexcept", "not",    "operator",
      "or",       "private", "protected", "public",    "register", "requires",  "restrict", "return",   "short",  "signed",
      "sizeof",   "static",  "struct",    "switch",    "template", "this",      "throw",    "true",     "try",    "typedef",
      "typename", "union",   "unsigned",  "using",     "virtual",  "void",      "volatile", "while",    "xor"};
  return is_contained(words, word);
}

/// A name as a C identifier; `taken` are the other parameters' names.
std::string identifier(StringRef name, ArrayRef<StringRef> taken = {}) {
  std::string result;
  for (char c : name)
    result += isAlnum(c) || c == '_' ? c : '_';
  if (result.empty() || isDigit(result[0]) || isKeyword(result) || is_contained(taken, StringRef(result)))
    result += "_";
  return isDigit(result[0]) ? "_" + result : result;
}

/// Text that cannot end the comment it stands in.
std::string comment(StringRef text) {
  std::string safe = text.trim().str();
  for (size_t at; (at = safe.find("*/")) != std::string::npos;)
    safe.replace(at, 2, "* /");
  for (size_t at; (at = safe.find("/*")) != std::string::npos;)
    safe.replace(at, 2, "/ *");
  return safe;
}

/// Status, pool, weights and contexts: what every model has, up to its functions.
constexpr StringLiteral objects = R"(typedef enum $_status {
  $_ok,
  $_bad_argument,
  $_out_of_memory,
  $_busy,            /* another thread uses the object; nothing has changed, try again */
  $_not_finite,
  $_bad_weights,
  $_unsupported_cpu,
  $_device_error
} $_status;

/* A parallel-for: run calls task(argument, i) once for every i < tasks, on any
 * threads, and returns when all are done. One pool may serve many models. */
#ifndef CNNC_POOL
#define CNNC_POOL
typedef struct cnnc_pool {
  void *self;
  unsigned threads;
  void (*run)(void *self, unsigned tasks, void (*task)(void *, unsigned), void *argument);
  void (*destroy)(void *self);
} cnnc_pool;
#endif

/* Parameters, buffers such as running means, and optimizer state. Read by any
 * number of contexts, written by one at a time. */
typedef struct $_weights $_weights;
/* All that changes while running. One thread at a time; a second one gets
 * $_busy. */
typedef struct $_context $_context;

/* Set struct_size to sizeof and the rest to zero, then what is wanted. */
typedef struct $_options {
  size_t struct_size;
  unsigned batch;        /* the most examples of a call, at least 1 */
  int training;          /* 1: loss, backward and update too */
  const cnnc_pool *pool; /* NULL: the calling thread */
  const char *device;    /* NULL or "cpu" */
  void *stream;          /* NULL: a processor has none */
  void *memory;          /* context_bytes bytes, of any alignment, or NULL: allocated */
  size_t memory_bytes;   /* the room at memory */
} $_options;

/* A pool with that many threads, the caller's among them; 0: as many as the
 * process may use. Call its destroy when no context uses it any more. */
cnnc_pool $_pool(unsigned threads);

/* Weights with the embedded values, or initialised by random numbers from the
 * seed. NULL: *status says why; status may be NULL. */
$_weights *$_weights_create(uint64_t seed, $_status *status);
/* Reads a safetensors file in memory: weights or a checkpoint. Refused whole
 * or read whole. */
$_status $_weights_load($_weights *weights, const void *bytes, size_t size);
/* Writes one; with_optimizer 1: a checkpoint. bytes NULL: only sets *size; else
 * *size is the room and becomes the length. */
$_status $_weights_save(const $_weights *weights, int with_optimizer, void *bytes, size_t *size);
/* One parameter by its name; count is its number of elements. */
$_status $_weights_get(const $_weights *weights, const char *name, float *values, size_t count);
$_status $_weights_set($_weights *weights, const char *name, const float *values, size_t count);
/* The last failure of a function of the weights, in words. */
const char *$_weights_error(const $_weights *weights);
/* Only after the contexts of the weights are destroyed. */
void $_weights_destroy($_weights *weights);

/* All the memory a context will ever use, in bytes; 0: the options are wrong. */
size_t $_context_bytes(const $_options *options);
/* Nothing is allocated after this. The options are copied; the weights, the
 * pool's threads and the memory must outlive the context. NULL: *status says why. */
$_context *$_context_create($_weights *weights, const $_options *options, $_status *status);
void $_context_destroy($_context *context);

/* Inference of n examples, from 1 to the batch of the options. */
)";

std::string joined(ArrayRef<int64_t> sizes, StringRef between) {
  return join(map_range(sizes, [](int64_t size) { return std::to_string(size); }), between);
}

class Writer {
public:
  explicit Writer(const Model &model) : m(model), p(model.prefix) {}
  std::string write();

private:
  /// $ stands for the prefix.
  void text(StringRef block) {
    for (char c : block)
      if (c == '$')
        out += p;
      else
        out += c;
  }
  void preamble();
  void shapes();
  void describe(const Model::Tensor &tensor, StringRef role);
  std::string parameters(ArrayRef<Model::Tensor> tensors, StringRef qualifier, StringRef prefix = "") const;
  void hypers();
  void training();
  void parameterList();

  const Model &m;
  const std::string &p;
  std::string out;
};

std::string sizes(const Model::Tensor &tensor) {
  std::string text = tensor.isWhole ? "" : "n";
  for (int64_t size : tensor.dims)
    text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

void Writer::describe(const Model::Tensor &tensor, StringRef role) {
  out += formatv(" *   {0} {1}: {2}, {3}", role, identifier(tensor.name), tensor.isLabels ? "int32_t" : "float", sizes(tensor));
  if (tensor.classes)
    out += formatv(", classes 0 to {0}", tensor.classes - 1);
  if (!tensor.doc.empty())
    out += ": " + comment(tensor.doc);
  out += "\n";
}

/// The shortest text that reads as the same float: 0.002, not 0.00.
static std::string number(float value) {
  char text[32];
  for (int digits = 1; digits <= 9; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    if (std::strtof(text, nullptr) == value)
      break;
  }
  return text;
}

/// The sizes as constants: "enum { x_size = 1 * 28 * 28, … };".
void Writer::shapes() {
  out += m.isBatchExact ? "/* Elements: per example where a shape begins with n. */\nenum {\n"
                        : "/* Elements per example. */\nenum {\n";
  for (const auto *group : {&m.inputs, &m.targets, &m.outputs})
    for (const Model::Tensor &tensor : *group) {
      std::string product = tensor.dims.empty() ? "1" : joined(tensor.dims, " * ");
      out += formatv("  {0}_{1}_size = {2},\n", p, identifier(tensor.name), product);
    }
  out.erase(out.size() - 2, 1);
  out += "};\n\n";
}

std::string Writer::parameters(ArrayRef<Model::Tensor> tensors, StringRef qualifier, StringRef prefix) const {
  std::string text;
  for (const Model::Tensor &tensor : tensors)
    text += formatv(", {0}{1} *{2}", qualifier, tensor.isLabels ? "int32_t" : "float",
                    identifier((prefix + tensor.name).str(), {"context", "n", "step", "optimizer", "loss"}));
  return text;
}

/// The optimizer's record; its fields stand at the indices of the table.
void Writer::hypers() {
  text(R"(/* One step of the optimizer. Set struct_size to sizeof; fields that it leaves
 * out have the recipe's values. Steps count from 1. */
typedef struct $_optimizer {
  size_t struct_size;
  uint64_t step;
)");
  for (const Model::Hyper &hyper : m.hypers)
    out +=
        formatv("  float {0}; /* {1} in the recipe */\n", identifier(hyper.name, {"struct_size", "step"}), number(hyper.value));
  text("} $_optimizer;\n\n");
}

void Writer::training() {
  std::string inputs = parameters(m.inputs, "const "), targets = parameters(m.targets, "const ");
  text(R"(/* Random numbers of dropout: the same seed and step draw the same. */
typedef struct $_step {
  size_t struct_size;
  uint64_t seed, step;
} $_step;

)");
  hypers();
  text(R"(/* Training mode: forward and the mean loss. The inputs and targets must stay in
 * place until backward. step NULL: seed 0, step 0. $_not_finite: *loss
 * has the value, and backward refuses. */
)");
  text("$_status $_loss($_context *context, unsigned n" + inputs + targets + ", const $_step *step, float *loss);\n\n");
  text("/* After loss, once: adds the gradients of the parameters to those of earlier\n * calls; writes those of the inputs "
       "where the pointer is not NULL. */\n");
  text("$_status $_backward($_context *context" + parameters(m.inputs, "", "d_") + ");\n\n");
  text(R"(/* The gradient of a parameter as accumulated so far, in canonical order. */
$_status $_gradient(const $_context *context, const char *name, float *values, size_t count);

/* Changes the weights by the accumulated gradients and zeroes those.
 * $_not_finite: the gradients are dropped, nothing is written. */
$_status $_update($_context *context, const $_optimizer *optimizer);

/* loss, backward and update in one: the same bits. step NULL: that of the
 * optimizer, seed 0. */
)");
  text("$_status $_train_step($_context *context, unsigned n" + inputs + targets +
       ", const $_step *step, const $_optimizer *optimizer, float *loss);\n\n");
}

/// The comment that says what the model is, and what leads a header.
void Writer::preamble() {
  text("/* $.h, written by cnnc from " + comment(m.source) + ". Model " + comment(m.name) + ".\n");
  if (!m.doc.empty()) {
    std::string doc = comment(m.doc);
    SmallVector<StringRef> lines;
    StringRef(doc).split(lines, '\n');
    out += " *\n";
    for (StringRef line : lines)
      out += (" * " + line).str() + "\n";
  }
  out += " *\n * Tensors are the caller's, dense, row-major, and lead with the n examples of a call:\n";
  for (const Model::Tensor &tensor : m.inputs)
    describe(tensor, "input ");
  for (const Model::Tensor &tensor : m.targets)
    describe(tensor, "target");
  for (const Model::Tensor &tensor : m.outputs)
    describe(tensor, "output");
  if (m.isBatchExact)
    out += formatv(" *\n * The network mixes the examples of a batch: n is {0} in every call.\n", m.batch);
  text(R"( *
 * Link or load the library; it needs libc and libm alone. Functions return
 * $_ok or say what is wrong; they never print
 * or abort, and call nothing of the caller's but the pool of the options. */
#ifndef $_h
#define $_h

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

)");
}

void Writer::parameterList() {
  if (m.parameters.empty())
    return;
  out += "/* Parameters, by name:\n";
  for (const Model::Parameter &parameter : m.parameters)
    if (parameter.kind != cnn::ParameterKind::Derived)
      out += formatv(" *   {0} [{1}]{2}{3}\n", comment(parameter.name), joined(parameter.type.getShape(), ", "),
                     parameter.doc.empty() ? "" : ": ", comment(parameter.doc));
  out += " */\n\n";
}

std::string Writer::write() {
  preamble();
  shapes();
  text(objects);
  text("$_status $_forward($_context *context, unsigned n" + parameters(m.inputs, "const ") + parameters(m.outputs, "") +
       ");\n\n");
  if (m.hasTraining)
    training();
  text(R"(/* The context's last failure in words: "" before the first. */
const char *$_error(const $_context *context);
/* A line for a status, with what to do. */
const char *$_status_text($_status status);
/* For loaders: cnnc/abi.h. */
const struct cnnc_info *$_describe(void);

)");
  parameterList();
  text("#ifdef __cplusplus\n}\n#endif\n\n#endif /* $_h */\n");
  return std::move(out);
}

} // namespace

std::string writeHeader(const Model &model) { return Writer(model).write(); }

} // namespace cnnc
