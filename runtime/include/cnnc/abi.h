/* abi.h - the contract between a compiled model, the runtime core linked into
 * it, and the tools that load it.
 *
 * The compiler emits a cnnc_model record per library; the core (runtime/core)
 * implements the C interface over it; a loader finds everything through the
 * exported <prefix>_describe. All strings are NUL-terminated UTF-8, all sizes
 * in bytes unless a name says "elements". Records start with struct_size and
 * are only ever appended to within one major version; changing a field means
 * raising CNNC_ABI_VERSION. The note section that describes a library without
 * loading it is defined in note.md, the recipe in docs/recipe.md. */
#ifndef CNNC_ABI_H
#define CNNC_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CNNC_ABI_VERSION 2u
#define CNNC_MAX_RANK 8u

typedef enum cnnc_status {
  cnnc_ok,
  cnnc_bad_argument,
  cnnc_out_of_memory,
  cnnc_busy,
  cnnc_not_finite,
  cnnc_bad_weights,
  cnnc_unsupported_cpu,
  cnnc_device_error
} cnnc_status;

/* A parallel-for. run calls task(argument, i) once for every i < tasks, on any
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

enum { cnnc_f32 = 0, cnnc_i32 = 1 };

/* An input, a target of the loss, or an output. Its memory has n · elements
 * elements in a call of n examples; of a whole tensor, elements. */
typedef struct cnnc_tensor_info {
  const char *name;
  const char *doc;
  uint32_t dtype;               /* cnnc_f32 or cnnc_i32 */
  uint32_t rank;                /* without the batch dimension, unless whole */
  uint32_t dims[CNNC_MAX_RANK]; /* of the same dimensions */
  uint64_t elements;            /* per example, unless whole; of 0 the pointer is not read, and may be NULL */
  uint32_t classes;             /* of a target of labels: each is below it, else bad_argument; 0: not checked */
  int32_t ignored;              /* with classes: the one label outside of them that loss passes over, else any below them */
  uint32_t whole;               /* 1: it has no batch dimension, and belongs to the call */
  uint32_t reserved;            /* 0 */
} cnnc_tensor_info;

enum {
  cnnc_weight = 0, /* trained unless frozen */
  cnnc_buffer = 1, /* state of a layer: running mean, running variance */
  cnnc_slot = 2,   /* state of the optimizer; name is "<slot>/<parameter>" */
  cnnc_derived = 3 /* computed from the others by prepare, read by infer alone; never saved */
};

enum {
  cnnc_init_constant = 0, /* a */
  cnnc_init_normal = 1,   /* mean a, standard deviation b */
  cnnc_init_uniform = 2   /* in [a, b) */
};

/* A parameter has a canonical form (PyTorch's order, as in a checkpoint) and a
 * packed form (what kernels read) inside the packed parameter block. */
typedef struct cnnc_parameter_info {
  const char *name;
  const char *doc;
  uint32_t kind;
  uint32_t trainable; /* a gradient exists */
  uint32_t rank;
  uint32_t dims[CNNC_MAX_RANK];
  uint64_t elements;        /* canonical */
  uint64_t packed_offset;   /* bytes, 64-byte aligned, from the start of the packed block */
  uint64_t packed_elements; /* at least elements */
  uint32_t init;
  float init_a, init_b;
  const float *embedded; /* canonical values inside the library, or NULL */
  /* The canonical side is 4-byte aligned. Both NULL: the two forms are one. */
  void (*pack)(const float *canonical, float *packed); /* zeroes the gaps */
  void (*unpack)(const float *packed, float *canonical);
} cnnc_parameter_info;

/* A hyper-parameter of the compiled optimizer: lr, momentum, ... In the
 * header it is a float field of <prefix>_optimizer at the same index. */
typedef struct cnnc_hyper_info {
  const char *name;
  float value; /* the recipe's */
} cnnc_hyper_info;

/* Everything a compiled program reads while it runs. The arena holds nothing of
 * meaning when infer, prepare, loss or update start; what loss leaves there is
 * untouched until backward and input_gradient have run. */
typedef struct cnnc_frame {
  uint32_t n;                /* examples in this call, 1 <= n <= capacity */
  uint32_t capacity;         /* examples the arena was sized for */
  unsigned char *arena;      /* cnnc_memory bytes, 64-byte aligned */
  float *parameters;         /* the packed block */
  float *gradients;          /* packed like parameters; NULL for inference */
  const void *const *inputs; /* one per input, then one per target (training); backward sees those of its loss */
  void *const *outputs;      /* infer: one per output. loss: one float. input_gradient: one per input; skips a NULL */
  const float *hyper;        /* update: one per hyper-parameter */
  uint64_t seed;             /* dropout's Philox key */
  uint64_t step;             /* dropout's counter; update: 1 in the first step */
  const cnnc_pool *pool;     /* never NULL */
} cnnc_frame;

/* A compiled program: a whole pass over the network. Returns 0, or
 * CNNC_PROGRAM_NOT_FINITE: update found a gradient that is not finite and has
 * written nothing. */
#define CNNC_PROGRAM_NOT_FINITE 1
typedef int (*cnnc_program)(const cnnc_frame *);

/* The programs compiled for one level of the instruction set. */
typedef struct cnnc_code {
  const char *cpu;      /* "x86-64-v3", "x86-64-v4" or the name of a processor */
  uint64_t features;    /* CNNC_CPU_* bits it needs; it may use nothing beyond them */
  cnnc_program prepare; /* derived parameters from the others; NULL if there are none */
  cnnc_program infer;
  cnnc_program loss;           /* training mode: forward and loss, writes buffers; NULL without training */
  cnnc_program backward;       /* after loss: adds into gradients */
  cnnc_program input_gradient; /* after backward; NULL: there is none */
  cnnc_program update;         /* weights and slots from gradients; does not zero those */
} cnnc_code;

#define CNNC_CPU_AVX2 (1ull << 0)   /* with FMA, BMI, BMI2, F16C, LZCNT, MOVBE: x86-64-v3 */
#define CNNC_CPU_AVX512 (1ull << 1) /* F, BW, CD, DQ, VL: x86-64-v4 */

/* Arena size for a capacity of n examples: fixed + n * per_example. */
typedef struct cnnc_memory {
  uint64_t fixed, per_example;
} cnnc_memory;

/* The record the compiler emits. */
typedef struct cnnc_model {
  uint32_t struct_size;
  uint32_t abi_version;
  const char *name;   /* the model in the source file */
  const char *prefix; /* of every exported symbol */
  const char *doc;
  const char *source;     /* file name, without folders */
  const char *graph_hash; /* hex; equal for equal parameters and graphs */
  const char *recipe;     /* the train block as JSON, or "" */
  uint32_t input_count, target_count, output_count, parameter_count, hyper_count, code_count;
  uint32_t batch;       /* the largest batch if fixed at compile time, else 0 */
  uint32_t exact_batch; /* 1: every call has exactly that many examples */
  const cnnc_tensor_info *inputs, *targets, *outputs;
  const cnnc_parameter_info *parameters;
  const cnnc_hyper_info *hypers;
  const cnnc_code *codes;   /* best first */
  uint64_t parameter_bytes; /* of the packed block */
  uint64_t gradient_bytes;  /* a prefix of the packed layout: the trainable weights come first */
  cnnc_memory infer_memory, train_memory;
} cnnc_model;

typedef struct cnnc_weights cnnc_weights;
typedef struct cnnc_context cnnc_context;

typedef struct cnnc_options {
  size_t struct_size;
  unsigned batch; /* the most examples of a call; 0: the library's, where that is fixed */
  int training;
  const cnnc_pool *pool; /* NULL: the calling thread */
  const char *device;    /* NULL or "cpu" */
  void *stream;
  void *memory; /* NULL: allocated */
  size_t memory_bytes;
} cnnc_options;

typedef struct cnnc_step {
  size_t struct_size;
  uint64_t seed, step;
} cnnc_step;

/* The first fields of every <prefix>_optimizer; model->hyper_count floats
 * follow, in the model's order. Those that struct_size leaves out have the
 * recipe's values. */
typedef struct cnnc_optimizer {
  size_t struct_size;
  uint64_t step; /* 1 in the first step */
} cnnc_optimizer;

/* The C interface with uniform signatures, for loaders that know a model only
 * at run time. The header's functions are these with the model filled in.
 * hyper: one float per hyper-parameter; NULL: the recipe's. Inputs and targets
 * of a loss stay in place until its backward. What each function promises is
 * written in runtime/core/core.h. */
typedef struct cnnc_api {
  size_t struct_size;
  cnnc_pool (*pool)(unsigned threads);
  cnnc_weights *(*weights_create)(uint64_t seed, cnnc_status *);
  cnnc_status (*weights_load)(cnnc_weights *, const void *bytes, size_t size);
  cnnc_status (*weights_save)(const cnnc_weights *, int with_optimizer, void *bytes, size_t *size);
  cnnc_status (*weights_get)(const cnnc_weights *, const char *name, float *values, size_t count);
  cnnc_status (*weights_set)(cnnc_weights *, const char *name, const float *values, size_t count);
  const char *(*weights_error)(const cnnc_weights *);
  void (*weights_destroy)(cnnc_weights *);
  size_t (*context_bytes)(const cnnc_options *);
  cnnc_context *(*context_create)(cnnc_weights *, const cnnc_options *, cnnc_status *);
  void (*context_destroy)(cnnc_context *);
  cnnc_status (*forward)(cnnc_context *, unsigned n, const void *const *inputs, void *const *outputs);
  cnnc_status (*loss)(cnnc_context *, unsigned n, const void *const *inputs_and_targets, const cnnc_step *, float *loss);
  cnnc_status (*backward)(cnnc_context *, void *const *input_gradients);
  cnnc_status (*gradient)(const cnnc_context *, const char *name, float *values, size_t count);
  cnnc_status (*update)(cnnc_context *, const float *hyper, uint64_t step);
  cnnc_status (*train_step)(cnnc_context *, unsigned n, const void *const *inputs_and_targets, const cnnc_step *,
                            const float *hyper, float *loss);
  const char *(*error)(const cnnc_context *);
  const char *(*status_text)(cnnc_status);
} cnnc_api;

/* What <prefix>_describe returns. */
typedef struct cnnc_info {
  size_t struct_size;
  uint32_t abi_version;
  const cnnc_model *model;
  const cnnc_api *api;
} cnnc_info;

#ifdef __cplusplus
}
#define CNNC_STATIC_ASSERT static_assert
#else
#define CNNC_STATIC_ASSERT _Static_assert
#endif

CNNC_STATIC_ASSERT(sizeof(cnnc_tensor_info) == 80, "ABI record changed size");
CNNC_STATIC_ASSERT(sizeof(cnnc_parameter_info) == 128, "ABI record changed size");
CNNC_STATIC_ASSERT(sizeof(cnnc_hyper_info) == 16, "ABI record changed size");
CNNC_STATIC_ASSERT(sizeof(cnnc_frame) == 80, "ABI record changed size");
CNNC_STATIC_ASSERT(sizeof(cnnc_code) == 64, "ABI record changed size");
CNNC_STATIC_ASSERT(sizeof(cnnc_options) == 56, "ABI record changed size");
CNNC_STATIC_ASSERT(sizeof(cnnc_api) == 160, "ABI record changed size");
CNNC_STATIC_ASSERT(sizeof(cnnc_model) == 184, "ABI record changed size");

#endif
