# RUN: split-file %s %t
# RUN: not cnnc %t/keys.dsl --emit=cnn 2>&1 | FileCheck %t/keys.dsl
# RUN: not cnnc %t/names.dsl --emit=cnn 2>&1 | FileCheck %t/names.dsl
# RUN: not cnnc %t/matches.dsl --emit=cnn 2>&1 | FileCheck %t/matches.dsl
# RUN: not cnnc %t/matches2.dsl --emit=cnn 2>&1 | FileCheck %t/matches2.dsl
# RUN: not cnnc %t/weights.dsl --emit=cnn 2>&1 | FileCheck %t/weights.dsl
# RUN: not cnnc %t/missing.dsl --emit=cnn 2>&1 | FileCheck %t/missing.dsl
# RUN: not cnnc %t/missing2.dsl --emit=cnn 2>&1 | FileCheck %t/missing2.dsl
# RUN: not cnnc %t/no-model.dsl --emit=cnn 2>&1 | FileCheck %t/no-model.dsl
# RUN: not cnnc %t/model.dsl --emit=cnn 2>&1 | FileCheck %t/model.dsl
# RUN: not cnnc %t/model2.dsl --emit=cnn 2>&1 | FileCheck %t/model2.dsl
# RUN: not cnnc %t/arguments.dsl --emit=cnn 2>&1 | FileCheck %t/arguments.dsl
# RUN: not cnnc %t/arguments2.dsl --emit=cnn 2>&1 | FileCheck %t/arguments2.dsl
# RUN: not cnnc %t/arguments3.dsl --emit=cnn 2>&1 | FileCheck %t/arguments3.dsl

#--- keys.dsl
model m(x: f32[N, 1, 8, 8]) -> f32[N, 10] { return x |> flatten |> dense(10) @fc }
train t {
  model = m()
  bach = 32
  batch = 0
  batch = 64
  schedule = 80
  stop = 80
  data = cifar11("x")
  augment = [shift(2), fade(3)]
  validation = 200%
  validation = 10%
  shuffle = 1
  seed = "one"
  log = 5
  metrics = [top_k(0)]
  checkpoint = every(1)
  init = he_norma()
  normalize = 5
  loss = softmax()
  optimizer = adam(betas: 0.9)
  clip = norm(x)
  freeze = [1]
  resize = [1, 2, 3]
}
# CHECK: :4:3: error: unknown key 'bach'; did you mean 'batch'?
# CHECK: help: keys are model, init, normalize, loss, optimizer, clip, freeze, data, resize, augment, shuffle, validation, batch, schedule, stop, metrics, checkpoint, log, seed
# CHECK: :5:11: error: 'batch' takes an integer of at least 1, got the integer 0
# CHECK: :6:3: error: 'batch' is given twice
# CHECK: note: first at line 5
# CHECK: help: keep one of them
# CHECK: :7:14: error: 'schedule' takes a schedule, got the integer 80
# CHECK: help: there are constant, step, multistep, exponential, cosine, warmup
# CHECK: :8:10: error: 'stop' takes a number of epochs or steps, or early(…), got the integer 80 without a unit
# CHECK: help: there are early
# CHECK: :9:10: error: 'data' takes a data source, and 'cifar11' is none; did you mean 'cifar10'?
# CHECK: help: there are idx, cifar10, cifar100, npy, points, csv
# CHECK: :10:24: error: 'augment' takes an augmentation, and 'fade' is none
# CHECK: help: there are pad, random_crop, hflip, shift
# CHECK: :11:16: error: 'validation' takes a percentage or a number from 0 to 1, got 200 percent
# CHECK: :12:3: error: 'validation' is given twice
# CHECK: note: first at line 11
# CHECK: help: keep one of them
# CHECK: :13:13: error: 'shuffle' takes true or false, got the integer 1
# CHECK: :14:10: error: 'seed' takes an integer of at least 0, got the text "one"
# CHECK: :15:9: error: 'log' takes a text in quotes, got the integer 5
# CHECK: :16:20: error: 'k' of 'top_k' takes an integer of at least 1, got the integer 0
# CHECK: note: it is top_k(k)
# CHECK: :17:22: error: 'interval' of 'every' takes a number of epochs or steps, got the integer 1 without a unit
# CHECK: note: it is every(interval, keep: 3, best: …)
# CHECK: :18:10: error: 'init' takes an initializer, and 'he_norma' is none; did you mean 'he_normal'?
# CHECK: help: there are he_normal, he_uniform, xavier_normal, xavier_uniform, normal, uniform, constant
# CHECK: :19:15: error: 'normalize' takes a normalization, got the integer 5
# CHECK: help: there are standardize
# CHECK: :20:10: error: 'loss' takes a loss or a list of them, and 'softmax' is none
# CHECK: help: there are mean_squared_error, softmax_cross_entropy, binary_cross_entropy, perceptron
# CHECK: :21:20: error: 'adam' has no parameter 'betas'; did you mean 'beta1'?
# CHECK: note: it is adam(lr: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-08, weight_decay: 0, decay_on: …)
# CHECK: :22:15: error: unknown name 'x'
# CHECK: help: a text is written in quotes, a call with parentheses
# CHECK: :23:12: error: 'freeze' takes names of parameters such as "conv1.*", got a list of 1
# CHECK: :24:12: error: 'resize' takes an integer or [height, width] of at least 1, got a list of 3
#--- names.dsl
model m(x: f32[N, 1, 8, 8]) -> f32[N, 10] { return x |> flatten |> dense(10) @fc }
train t {
  batch = size
  seed = relu(3)
  log = if true { "a" } else { "b" }
  loss = mean_squared_error() @x
}
# CHECK: :3:11: error: unknown name 'size'
# CHECK: help: a text is written in quotes, a call with parentheses
# CHECK: :4:10: error: 'relu' has no place here
# CHECK: help: a train block takes numbers, texts and the calls its keys know
# CHECK: :5:9: error: 'if' has no place here
# CHECK: help: write the value itself
# CHECK: :6:32: error: 'mean_squared_error' is no layer and takes no name
# CHECK: help: remove the '@'
#--- matches.dsl
model m(x: f32[N, 1, 8, 8]) -> f32[N, 10] { return x |> flatten |> dense(10) @fc }
train t {
  freeze = ["fd.weight", "["]
  optimizer = sgd(lr: 0.1, decay_on: "conv*")
  loss = softmax_cross_entropy(class_weights: [1, 2])
  normalize = standardize(mean: [0, 0], std: 1)
}
# CHECK: :6:15: error: 'standardize' has 2 values of 'mean' for 1 channels
# CHECK: note: that tensor comes from input 'x' at line 1
# CHECK: help: give one value, or one per channel
#--- matches2.dsl
model m(x: f32[N, 1, 8, 8]) -> f32[N, 10] { return x |> flatten |> dense(10) @fc }
train t {
  freeze = ["fd.weight"]
  optimizer = sgd(lr: 0.1, decay_on: "[")
  loss = [mean_squared_error(), mean_squared_error()]
}
# CHECK: :3:12: error: freeze 'fd.weight' matches no parameter; did you mean 'fc.weight'?
# CHECK: note: parameters are fc.weight … fc.bias
# CHECK: :4:15: error: '[' is no pattern: invalid glob pattern, unmatched '['
# CHECK: help: write "conv1.*", or "*.weight"
# CHECK: :5:10: error: 2 losses for 1 output
# CHECK: help: give one for the first output, or one for each
#--- weights.dsl
model m(x: f32[N, 1, 8, 8]) -> f32[N, 10] { return x |> flatten |> dense(10) @fc }
train t {
  optimizer = sgd(lr: 0.1)
  loss = softmax_cross_entropy(class_weights: [1, 2])
}
# CHECK: :4:10: error: 'softmax_cross_entropy' has 2 class weights for 10 classes
# CHECK: note: the output is f32[N, 10]
# CHECK: help: give one per class
#--- missing.dsl
model m(x: f32[N, 1, 8, 8]) -> f32[N, 10] { return x |> flatten |> dense(10) @fc }
train t {
  batch = 3
}
# CHECK: :2:7: error: 't' has no optimizer
# CHECK: help: add optimizer = adam(), or sgd(lr: 0.01, momentum: 0.9)
#--- missing2.dsl
model m(x: f32[N, 1, 8, 8]) -> f32[N, 10] { return x |> flatten |> dense(10) @fc }
train t {
  optimizer = adam()
}
# CHECK: :2:7: error: 't' has no loss
# CHECK: help: add loss = softmax_cross_entropy(), or mean_squared_error()
#--- no-model.dsl
model a(x: f32[N, 8]) { return x }
model b(x: f32[N, 8]) { return x }
train t { batch = 3 }
# CHECK: :3:7: error: 't' does not say which model it trains
# CHECK: help: add model = …(…)
#--- model.dsl
model lenet(x: f32[N, 8]) { return x }
train t { model = lenett() }
# CHECK: :2:19: error: there is no model 'lenett'; did you mean 'lenet'?
# CHECK: help: write model = lenet5(classes: 10)
#--- model2.dsl
model lenet(x: f32[N, 8]) { return x }
train t { model = 5 }
# CHECK: :2:19: error: 'model' takes a model with arguments
# CHECK: help: write model = lenet5(classes: 10)
#--- arguments.dsl
model m(x: f32[N, 8], n: int = 3) { return x |> dense(n) @fc }
train t { model = m(y: 3, n: 4, n: 5, x: 3) }
# CHECK: :2:21: error: model 'm' has no parameter 'y'
# CHECK: note: it has x, n
# CHECK: :2:33: error: 'n' of model 'm' is given twice
# CHECK: note: it has x, n
# CHECK: :2:42: error: 'x' of model 'm' takes a type, got the integer 3
# CHECK: help: write f32[N, 3, 32, 32]
#--- arguments2.dsl
model m(x: f32[N, 8], n: int = 3) { return x |> dense(n) @fc }
train t { model = m(f32[N, 9], "a", 3) }
# CHECK: :2:32: error: 'n' of model 'm' takes int, got the text "a"
# CHECK: note: declared at line 1
# CHECK: :2:37: error: model 'm' takes at most 2 arguments
# CHECK: note: it has x, n
#--- arguments3.dsl
model m(x: f32[N, 8], n: int = 3) { return x |> dense(n) @fc }
train t { model = m(x: 3) }
# CHECK: :2:24: error: 'x' of model 'm' takes a type, got the integer 3
# CHECK: help: write f32[N, 3, 32, 32]
