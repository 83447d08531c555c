//===- Options.td - the command line of cnnc -------------------*- tablegen -*-===//

include "llvm/Option/OptParser.td"

class F<string name, string help> : Flag<["--"], name>, HelpText<help>;
class J<string name, string value, string help> : Joined<["--"], name # "=">, MetaVarName<"<" # value # ">">, HelpText<help>;

def output : JoinedOrSeparate<["-"], "o">, MetaVarName<"<file>">, HelpText<"Write the library <file>.so, .o or .a, and its header beside it, or the model <file>.onnx; with --emit that stage, '-' is standard output">;
def emit : J<"emit", "stage", "Stop after <stage> and write the module: cnn, grad, plan, tiled, llvm, asm, header">;
def explain : F<"explain", "Print each layer's shape, parameters, operations and bytes, and the memory by batch, and stop">;
def name : J<"name", "prefix", "Start every symbol with <prefix>; the stem of the output by default">;
def cpu : J<"cpu", "list", "Compile for these processors: native (the default), x86-64-v3, x86-64-v4 or names, separated by commas">;
def batch : J<"batch", "n", "Fix the largest batch">;
def cache_dir : J<"cache-dir", "folder", "Keep the object code of kernels in <folder>, and take it from there; $CNNC_CACHE_DIR by default, else none is kept">;
def sanitize : J<"sanitize", "kind", "Instrument the code for a program with the same sanitizer: thread or address">;
def model : J<"model", "name", "Compile this model or train block, where the file has several">;
def set : J<"set", "key=value", "Change the train block for this compile: loss, freeze, optimizer.decay_on, …">;
def set_separate : Separate<["--"], "set">, Alias<set>;
def train : F<"train", "Compile training too, for a file that has no train block: needs --loss and --optimizer">;
def loss : J<"loss", "loss", "What --train makes small: softmax_cross_entropy, mean_squared_error, … with arguments as in softmax_cross_entropy,label_smoothing=0.1; several times for several outputs">;
def optimizer : J<"optimizer", "optimizer", "How --train changes parameters: sgd, adam, … with arguments as in sgd,lr=0.1,momentum=0.9">;
def shape : J<"shape", "input=sizes", "Sizes that an ONNX file leaves open: image=N,3,320,480">;
def const : J<"const", "input=file", "Make an input of an ONNX file a constant, from a .npy file">;
def outputs : J<"outputs", "names", "Let these values of an ONNX file be the outputs, separated by commas: what only other outputs need is left out">;
def weights : J<"weights", "file", "Start from the values in <file>, .safetensors: weights or a checkpoint of cnnrt train">;
def seed : J<"seed", "n", "Seed of the values that an .onnx output starts from without weights; 1 by default, as in cnnrt">;
def external_data : F<"external-data", "Put the weights of an .onnx output into <file>.data beside it, as is done beyond 2 GB">;
def help : F<"help", "Show this text">;
def help_short : Flag<["-"], "h">, Alias<help>;
def version : F<"version", "Show the version">;
