//===- Recurrent.cpp - RNN, GRU and LSTM, step by step --------------------===//
//
// The products of all inputs with W come first, at once. A step is taken out
// by an index, which is data, so that the kernels of all steps are the same.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/convert/Recurrent.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

/// Part `direction` of operand `i` without its first dimension; a matrix is turned, so that it stands on the right.
mlir::Value Recurrent::part(size_t i, int64_t direction, bool turns) {
  if (!call.has(i))
    return {};
  Shape shape = call.shape(i), rest(shape.begin() + 1, shape.end());
  if (!call.isConstant(i)) {
    mlir::Value value = compose.reshape(compose.slice(call.runtime(i), 0, direction, direction + 1), rest);
    return turns ? compose.transpose(value, {1, 0}) : value;
  }
  Tensor tensor = call.operand(i).constant.sliced(0, direction, 1, 1).reshaped(rest);
  return call.conversion.parameter(turns ? tensor.transposed({1, 0}) : tensor, cnn::ParameterKind::Weight, call.node.str());
}

/// The gates that `weights` [K, G] make of `x` [B, K]; B may be the batch.
mlir::Value Recurrent::product(mlir::Value x, mlir::Value weights) {
  if (!x || !weights || shapeOf(x)[0] != dynamic)
    return compose.matmul(x, weights);
  ArrayRef<int64_t> shape = shapeOf(x), matrix = shapeOf(weights);
  return compose.reshape(compose.matmul(compose.reshape(x, {shape[0], 1, shape[1]}), weights), {shape[0], matrix[1]});
}

mlir::Value Recurrent::gate(mlir::Value gates, int64_t number) {
  return compose.slice(gates, 1, number * hidden, (number + 1) * hidden);
}

/// Part `number` of a vector, as [1, H].
mlir::Value Recurrent::vector(mlir::Value all, int64_t number) {
  return all ? compose.reshape(compose.slice(all, 0, number * hidden, (number + 1) * hidden), {1, hidden}) : all;
}

/// The biases of a direction, those of the input and those of the state, [1, G · H] each; zeros without any.
std::pair<mlir::Value, mlir::Value> Recurrent::biases(int64_t direction, int64_t gates) {
  mlir::Value all = part(3, direction, /*turns=*/false);
  int64_t size = gates * hidden;
  if (!all)
    all = compose.splat({2 * size}, 0);
  return {compose.reshape(compose.slice(all, 0, 0, size), {1, size}),
          compose.reshape(compose.slice(all, 0, size, 2 * size), {1, size})};
}

mlir::Value Recurrent::activate(const Activation &activation, mlir::Value x) {
  llvm::APFloat alpha(activation.alpha), beta(activation.beta);
  mlir::OpBuilder &builder = call.conversion.builder;
  if (clip > 0)
    x = compose.map<cnn::ClipOp>(x, builder.getF64FloatAttr(-clip), builder.getF64FloatAttr(clip));
  const std::string &name = activation.name;
  if (name == "sigmoid")
    return compose.map<cnn::SigmoidOp>(x);
  if (name == "tanh")
    return compose.map<cnn::TanhOp>(x);
  if (name == "relu")
    return compose.map<cnn::ReluOp>(x);
  if (name == "affine")
    return compose.affine(x, activation.alpha, activation.beta);
  if (name == "leakyrelu")
    return compose.map<cnn::LeakyReluOp>(x, alpha);
  if (name == "thresholdedrelu")
    return compose.map<cnn::ThresholdedReluOp>(x, alpha);
  if (name == "scaledtanh")
    return compose.affine(compose.map<cnn::TanhOp>(compose.affine(x, activation.beta)), activation.alpha);
  if (name == "hardsigmoid")
    return compose.map<cnn::HardSigmoidOp>(x, alpha, beta);
  if (name == "elu")
    return compose.map<cnn::EluOp>(x, alpha);
  if (name == "softsign")
    return compose.map<cnn::SoftsignOp>(x);
  return compose.map<cnn::SoftplusOp>(x);
}

bool Recurrent::readAttributes(ArrayRef<llvm::StringRef> defaults) {
  std::string direction = call.string("direction", "forward");
  directions = direction == "bidirectional" ? 2 : 1;
  startsReversed = direction == "reverse";
  if (!llvm::is_contained({"forward", "reverse", "bidirectional"}, direction))
    call.refuse("has direction '" + direction + "'", "it is forward, reverse or bidirectional");
  clip = call.number("clip", 0);
  layout = call.integer("layout", 0);
  const Attribute *names = call.node.attribute("activations"), *alphas = call.node.attribute("activation_alpha"),
                  *betas = call.node.attribute("activation_beta");
  struct Known {
    const char *name;
    int numbers; // how many of alpha and beta it takes
    double alpha, beta;
  };
  static constexpr Known known[] = {{"sigmoid", 0, 0, 0},      {"tanh", 0, 0, 0},
                                    {"relu", 0, 0, 0},         {"softsign", 0, 0, 0},
                                    {"softplus", 0, 0, 0},     {"affine", 2, 1, 0},
                                    {"leakyrelu", 1, 0.01, 0}, {"thresholdedrelu", 1, 1, 0},
                                    {"scaledtanh", 2, 1, 1},   {"hardsigmoid", 2, 0.2, 0.5},
                                    {"elu", 1, 1, 0}};
  size_t wanted = defaults.size() * directions, nextAlpha = 0, nextBeta = 0;
  for (size_t i = 0; i < wanted; ++i) {
    std::string name = names && i < names->texts.size() ? names->texts[i] : defaults[i % defaults.size()].str();
    auto found = llvm::find_if(known, [&](const Known &one) { return llvm::StringRef(name).equals_insensitive(one.name); });
    if (found == std::end(known)) {
      call.refuse("has activation '" + name + "'", "use one that ONNX names for it");
      return false;
    }
    Activation activation{found->name, found->alpha, found->beta};
    if (found->numbers > 0 && alphas && nextAlpha < alphas->reals.size())
      activation.alpha = alphas->reals[nextAlpha++];
    if (found->numbers > 1 && betas && nextBeta < betas->reals.size())
      activation.beta = betas->reals[nextBeta++];
    activations.push_back(activation);
  }
  return !call.failed();
}

/// Checks the shapes of the operands; false after an error.
bool Recurrent::readOperands(int64_t gates) {
  input = call.runtime(0);
  if (!input)
    return false;
  Shape x(shapeOf(input)), w = call.shape(1), r = call.shape(2);
  bool fits = x.size() == 3 && w.size() == 3 && r.size() == 3 && (layout == 0 || layout == 1) && w[0] == directions &&
              r[0] == directions && w[2] == x[2] && r[2] >= 1 && r[2] < (1 << 24) && w[1] == gates * r[2] && r[1] == gates * r[2];
  if (fits && call.has(3))
    fits = call.shape(3) == Shape{directions, 2 * gates * r[2]};
  auto hasShape = [&](size_t i, const Shape &wanted) { return !call.has(i) || call.shape(i) == wanted; };
  for (size_t i : {5, 6}) { // states to start with; a constant may be that of every example
    bool isShared = layout == 1 && x[0] == dynamic && call.isConstant(i);
    fits = fits && hasShape(i, layout == 0 ? Shape{directions, x[1], r[2]} : Shape{isShared ? 1 : x[0], directions, r[2]});
  }
  fits = fits && hasShape(7, Shape{directions, 3 * r[2]});
  if (!fits) {
    call.refuse("multiplies " + text(x) + " by " + text(w) + " and " + text(r),
                "the input is [steps, batch, I], W [directions, gates · H, I] and R [directions, gates · H, H]");
    return false;
  }
  hidden = r[2];
  steps = x[layout == 0 ? 0 : 1];
  batch = x[layout == 0 ? 1 : 0];
  constexpr int64_t most = 2048;
  if (steps == dynamic || steps > most) {
    call.refuse("runs over " + (steps == dynamic ? "a batch of steps" : std::to_string(steps) + " steps"),
                "the steps are the first dimension, at most " + std::to_string(most) + "");
    return false;
  }
  if (call.has(4)) {
    std::optional<Shape> given = call.constantIntegers(4, "lengths");
    if (!given)
      return false;
    bool areAll = llvm::all_of(*given, [&](int64_t length) { return length == steps; });
    if (!areAll && (batch == dynamic || static_cast<int64_t>(given->size()) != batch)) {
      call.refuse("has sequences of lengths " + text(*given),
                  "there is one length for each example of a batch that --shape fixes");
      return false;
    }
    if (!areAll)
      lengths = *given;
  }
  return true;
}

/// The state [B, H] that operand `i` starts a direction with; zeros without it.
mlir::Value Recurrent::startOf(size_t i, int64_t direction) {
  if (!call.has(i))
    return compose.repeat(compose.splat({1, hidden}, 0), {batch, hidden});
  size_t axis = layout == 0 ? 0 : 1;
  mlir::Value state = compose.slice(call.runtime(i), axis, direction, direction + 1);
  bool isShared = state && batch == dynamic && shapeOf(state)[0] != dynamic;
  return compose.repeat(compose.reshape(state, {isShared ? 1 : batch, hidden}), {batch, hidden});
}

/// 1 for the sequences that have a step `step`, [B, 1]; null where all have.
mlir::Value Recurrent::exists(int64_t step) {
  std::vector<double> values;
  for (int64_t length : lengths)
    values.push_back(step < length);
  return lengths.empty() || llvm::all_of(values, [](double value) { return value != 0; }) ? mlir::Value()
                                                                                          : compose.constant({batch, 1}, values);
}

/// Runs `step(gates of the input [B, G · H], states, direction)` from the first state to the last, and sets the results.
void Recurrent::run(ArrayRef<size_t> starts, llvm::function_ref<bool(int64_t)> prepare,
                    llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, ArrayRef<mlir::Value>)> step) {
  std::vector<llvm::SmallVector<mlir::Value>> outputs(steps);
  llvm::SmallVector<llvm::SmallVector<mlir::Value>> last(starts.size());
  for (int64_t direction = 0; direction < directions; ++direction) {
    bool backward = startsReversed || direction == 1;
    mlir::Value all = compose.matmul(input, part(1, direction, /*turns=*/true));
    if (!all || !prepare(direction))
      return;
    int64_t width = shapeOf(all)[2];
    llvm::SmallVector<mlir::Value> states;
    for (size_t start : starts)
      states.push_back(startOf(start, direction));
    for (int64_t count = 0; count < steps; ++count) {
      int64_t number = backward ? steps - 1 - count : count;
      Shape one(shapeOf(all));
      one[layout == 0 ? 0 : 1] = 1;
      mlir::Value gates = compose.reshape(call.emit<cnn::GatherOp>(one, all, compose.indices({1}, {static_cast<int32_t>(number)}),
                                                                   static_cast<uint64_t>(layout == 0 ? 0 : 1)),
                                          {batch, width});
      llvm::SmallVector<mlir::Value> next = step(gates, states);
      if (llvm::is_contained(next, mlir::Value()))
        return;
      mlir::Value output = next[0], mask = exists(number);
      for (size_t i = 0; mask && i < next.size(); ++i)
        next[i] = compose.where(mask, next[i], states[i]);
      if (mask)
        output = compose.where(mask, output, compose.splat({1}, 0));
      states = next;
      outputs[number].push_back(output);
    }
    for (size_t i = 0; i < states.size(); ++i)
      last[i].push_back(compose.reshape(states[i], layout == 0 ? Shape{1, batch, hidden} : Shape{batch, 1, hidden}));
  }
  auto isWanted = [&](size_t i) { return i < call.node.outputs.size() && !call.node.outputs[i].empty(); };
  for (size_t i = 0; i < last.size(); ++i)
    if (isWanted(i + 1))
      call.set(i + 1, compose.concat(last[i], layout == 0 ? 0 : 1));
  if (!isWanted(0))
    return;
  llvm::SmallVector<mlir::Value> rows;
  for (llvm::SmallVector<mlir::Value> &both : outputs) {
    for (mlir::Value &one : both)
      one = compose.reshape(one, layout == 0 ? Shape{1, 1, batch, hidden} : Shape{batch, 1, 1, hidden});
    rows.push_back(compose.concat(both, layout == 0 ? 1 : 2));
  }
  call.set(0, compose.concat(rows, layout == 0 ? 0 : 1));
}

//===----------------------------------------------------------------------===//
// The three cells
//===----------------------------------------------------------------------===//

/// Ht = f(Xt·W + Ht₋₁·R + b)
static void convertRnn(Call &call) {
  Recurrent net(call);
  if (!net.readAttributes({"tanh"}) || !call.ready(3) || !net.readOperands(1))
    return;
  Compose &compose = net.compose;
  int64_t direction = 0;
  mlir::Value r, b;
  auto prepare = [&](int64_t which) {
    direction = which;
    r = net.part(2, which, true);
    auto [input, recurrent] = net.biases(which, 1);
    b = compose.add(input, recurrent);
    return !call.failed();
  };
  net.run({5}, prepare, [&](mlir::Value gates, ArrayRef<mlir::Value> state) -> llvm::SmallVector<mlir::Value> {
    return {net.activate(net.activations[direction], compose.add(compose.add(gates, net.product(state[0], r)), b))};
  });
}

/// Gates z, r, h.
static void convertGru(Call &call) {
  Recurrent net(call);
  bool resetsLater = call.flag("linear_before_reset", false);
  if (!net.readAttributes({"sigmoid", "tanh"}) || !call.ready(3) || !net.readOperands(3))
    return;
  Compose &compose = net.compose;
  int64_t direction = 0;
  mlir::Value r, candidate, inputBias, stateBias;
  auto prepare = [&](int64_t which) {
    direction = which;
    r = net.part(2, which, true);
    std::tie(inputBias, stateBias) = net.biases(which, 3);
    candidate = compose.slice(r, 1, 2 * net.hidden, 3 * net.hidden);
    return !call.failed();
  };
  net.run({5}, prepare, [&](mlir::Value x, ArrayRef<mlir::Value> state) -> llvm::SmallVector<mlir::Value> {
    const Activation &f = net.activations[2 * direction], &g = net.activations[2 * direction + 1];
    mlir::Value h = state[0], inputs = compose.add(x, inputBias), products = compose.add(net.product(h, r), stateBias);
    auto sum = [&](int64_t number) { return compose.add(net.gate(inputs, number), net.gate(products, number)); };
    mlir::Value update = net.activate(f, sum(0)), reset = net.activate(f, sum(1)), recurrent;
    if (resetsLater)
      recurrent = compose.mul(reset, net.gate(products, 2));
    else
      recurrent = compose.add(net.product(compose.mul(reset, h), candidate), net.gate(stateBias, 2));
    mlir::Value proposed = net.activate(g, compose.add(net.gate(inputs, 2), recurrent));
    return {compose.add(compose.mul(compose.affine(update, -1, 1), proposed), compose.mul(update, h))};
  });
}

/// Gates i, o, f, c; peepholes i, o, f.
static void convertLstm(Call &call) {
  Recurrent net(call);
  bool couples = call.flag("input_forget", false);
  if (!net.readAttributes({"sigmoid", "tanh", "tanh"}) || !call.ready(3) || !net.readOperands(4))
    return;
  Compose &compose = net.compose;
  int64_t direction = 0;
  mlir::Value r, b, peepholes;
  auto prepare = [&](int64_t which) {
    direction = which;
    r = net.part(2, which, true), peepholes = net.part(7, which, false);
    auto [input, recurrent] = net.biases(which, 4);
    b = compose.add(input, recurrent);
    return !call.failed();
  };
  net.run({5, 6}, prepare, [&](mlir::Value x, ArrayRef<mlir::Value> state) -> llvm::SmallVector<mlir::Value> {
    const Activation *activations = &net.activations[3 * direction];
    mlir::Value h = state[0], c = state[1], sums = compose.add(compose.add(x, net.product(h, r)), b);
    auto sum = [&](int64_t number, int64_t peephole, mlir::Value cell) {
      mlir::Value value = net.gate(sums, number);
      return peepholes && peephole >= 0 ? compose.add(value, compose.mul(net.vector(peepholes, peephole), cell)) : value;
    };
    mlir::Value in = net.activate(activations[0], sum(0, 0, c));
    mlir::Value forget = couples ? compose.affine(in, -1, 1) : net.activate(activations[0], sum(2, 2, c));
    mlir::Value next = compose.add(compose.mul(forget, c), compose.mul(in, net.activate(activations[1], sum(3, -1, c))));
    mlir::Value out = net.activate(activations[0], sum(1, 1, next));
    Activation plain = activations[2];
    double clip = std::exchange(net.clip, 0); // the cell itself is not clipped
    mlir::Value result = compose.mul(out, net.activate(plain, next));
    net.clip = clip;
    return {result, next};
  });
}

void onnx::addRecurrent(Table &table) {
  table["RNN"] = convertRnn;
  table["GRU"] = convertGru;
  table["LSTM"] = convertLstm;
}
