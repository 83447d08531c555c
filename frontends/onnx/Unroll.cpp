//===- Unroll.cpp - loops of a known number of trips ----------------------===//

#include "frontends/onnx/Unroll.h"
#include "frontends/onnx/OldSets.h"

using namespace cnnc;
using namespace cnnc::onnx;

namespace {

/// The nodes that all bodies of a file may become; constants count as one more for each 256 elements.
constexpr size_t mostWork = size_t(1) << 15;

class Unroller {
public:
  Unroller(Call &call, llvm::function_ref<void(Node &)> convert)
      : call(call), conversion(call.conversion), body(*call.node.body), convert(convert) {}

  void loop();
  void scan();

private:
  /// Values that one trip hands to the next, and those of each trip of which the results are made.
  struct Run {
    std::vector<Value> states;
    std::vector<std::vector<Value>> made;
  };

  bool fits(size_t inputs, size_t outputs);
  bool trip(Run &run, size_t first);
  bool count(const Node &node);
  bool stopped() const { return conversion.sink.count() != errors; }
  std::optional<int64_t> known(size_t i, llvm::StringRef why);
  int64_t listed(llvm::StringRef attribute, size_t i);
  void finish(const Run &run, bool isBatched);
  std::string temporary(Value value);
  Value apply(llvm::StringRef op, std::vector<std::string> operands, llvm::StringRef attribute, std::vector<int64_t> integers);
  Value stacked(const std::vector<Value> &values, int64_t axis, bool isReversed);

  Call &call;
  Conversion &conversion;
  const Graph &body;
  llvm::function_ref<void(Node &)> convert;
  size_t errors = conversion.sink.count();
};

Value constantOf(int64_t integer, ElementType type) { return Value::ofConstant(Tensor(type, {}, Scalar{0, integer, 0})); }

} // namespace

/// True where the body has these inputs and, beside what the node gives, these outputs.
bool Unroller::fits(size_t inputs, size_t outputs) {
  if (body.formals == inputs && body.outputs.size() >= outputs)
    return true;
  call.refuse("has a body of " + llvm::Twine(body.formals) + " inputs and " + llvm::Twine(body.outputs.size()) +
                  " outputs, not of " + llvm::Twine(inputs) + " and at least " + llvm::Twine(outputs),
              "export the model again");
  return false;
}

/// The number that operand `i` holds; nothing, and an error, where it is none that is known.
std::optional<int64_t> Unroller::known(size_t i, llvm::StringRef why) {
  const Tensor *tensor = call.constant(i, why);
  if (tensor && tensor->elements() == 1 && !tensor->isSymbolic() && !isReal(tensor->type()))
    return tensor->at(0).integer;
  if (tensor)
    call.refuse("takes " + why + " from '" + call.node.inputs[i] +
                    "', which is no single number that is the same for every size of the batch",
                "export the model again");
  return std::nullopt;
}

/// Element `i` of a list that may be left out; 0 then.
int64_t Unroller::listed(llvm::StringRef attribute, size_t i) {
  const Attribute *list = call.node.attribute(attribute);
  return list && i < list->integers.size() ? list->integers[i] : 0;
}

/// Counts what a node of a body costs; false, and an error, after too much.
bool Unroller::count(const Node &node) {
  size_t elements = 0;
  bool folds = true;
  auto add = [&](const std::vector<std::string> &names) {
    for (const std::string &name : names)
      if (auto found = conversion.named.find(name); !name.empty() && found != conversion.named.end()) {
        folds &= found->second.kind != Value::Kind::Runtime;
        elements +=
            found->second.kind == Value::Kind::Constant ? std::min<int64_t>(found->second.constant.elements(), 1 << 20) : 0;
      }
  };
  add(node.inputs);
  add(node.outputs);
  conversion.unrolled += 1 + (folds ? elements / 256 : 0);
  if (conversion.unrolled <= mostWork)
    return true;
  call.refuse("has too many trips: with them the model has more than " + llvm::Twine(mostWork) +
                  " nodes, or as many times 256 elements of constants",
              "loops are written out trip by trip: use fewer, or shorter sequences");
  return false;
}

/// Runs the body, of which `first` inputs are set, on the states; false after an error.
bool Unroller::trip(Run &run, size_t first) {
  bool isLoop = call.node.op == "Loop";
  for (size_t i = 0; i < run.states.size(); ++i)
    conversion.named[body.inputs[first + i].name] = run.states[i];
  if (!count(call.node))
    return false;
  for (const Node &inner : body.nodes) {
    Node node = inner;
    if (modernize(node, conversion))
      convert(node);
    if (stopped() || !count(node))
      return false;
  }
  for (auto [i, name] : llvm::enumerate(llvm::ArrayRef(body.outputs).drop_front(isLoop)))
    if (const Value &value = conversion.named[name]; i < run.states.size())
      run.states[i] = value;
    else
      run.made[i - run.states.size()].push_back(value);
  return true;
}

/// A name for a value that no file has.
std::string Unroller::temporary(Value value) {
  std::string name = body.outputs.empty() ? "#" : body.outputs.front() + "#" + std::to_string(++conversion.temporaries);
  conversion.named[name] = std::move(value);
  return name;
}

/// What a node that the file does not have makes; unknown after an error.
Value Unroller::apply(llvm::StringRef op, std::vector<std::string> operands, llvm::StringRef attribute,
                      std::vector<int64_t> integers) {
  Node node;
  node.name = call.node.name, node.op = op.str(), node.version = call.node.version;
  node.inputs = std::move(operands);
  node.outputs = {temporary({})};
  Attribute &only = node.attributes.emplace_back();
  only.name = attribute.str();
  only.kind = op == "Concat" || op == "Gather" ? Attribute::Kind::Integer : Attribute::Kind::Integers;
  only.integers = std::move(integers);
  conversion.read.insert(node.outputs.front());
  convert(node);
  return conversion.named[node.outputs.front()];
}

/// The values of all trips along a new dimension.
Value Unroller::stacked(const std::vector<Value> &values, int64_t axis, bool isReversed) {
  std::vector<std::string> rows;
  int64_t rank = 0;
  for (const Value &value : values) {
    if (value.kind == Value::Kind::Unknown)
      return value;
    rank = value.kind == Value::Kind::Runtime ? shapeOf(value.runtime).size() : value.constant.rank();
    rows.push_back(temporary(apply("Unsqueeze", {temporary(value)}, "axes", {axis < 0 ? axis + rank + 1 : axis})));
  }
  if (isReversed)
    std::reverse(rows.begin(), rows.end());
  return stopped() ? Value() : apply("Concat", rows, "axis", {axis < 0 ? axis + rank + 1 : axis});
}

/// The results of the node: the last states, then what the trips have made.
void Unroller::finish(const Run &run, bool isBatched) {
  size_t states = run.states.size();
  for (size_t i = 0; i < call.results.size(); ++i) {
    if (!call.isRead(i))
      continue;
    if (i < states) {
      call.results[i] = run.states[i];
    } else if (const std::vector<Value> &values = run.made[i - states]; values.empty()) {
      return call.refuse("makes no trip, and what its result " + llvm::Twine(i + 1) + " is then has no known shape",
                         "export the model without it");
    } else {
      call.results[i] = stacked(values, listed("scan_output_axes", i - states), listed("scan_output_directions", i - states));
    }
    if (isBatched && call.results[i].kind != Value::Kind::Unknown)
      call.results[i] = apply("Unsqueeze", {temporary(call.results[i])}, "axes", {0});
  }
}

void Unroller::loop() {
  size_t states = std::max<size_t>(call.operands(), 2) - 2;
  if (!call.ready(0) || !fits(2 + states, 1 + call.results.size()))
    return;
  std::optional<int64_t> trips, holds = 1;
  if (call.has(0) && !(trips = known(0, "the number of its trips")))
    return;
  if (call.has(1) && !(holds = known(1, "its condition")))
    return;
  Run run;
  run.made.resize(body.outputs.size() - 1 - std::min(states, body.outputs.size() - 1));
  for (size_t i = 0; i < states; ++i)
    run.states.push_back(call.operand(2 + i));
  for (int64_t i = 0; *holds && i < trips.value_or(INT64_MAX); ++i) {
    conversion.named[body.inputs[0].name] = constantOf(i, ElementType::I64);
    conversion.named[body.inputs[1].name] = constantOf(1, ElementType::Bool);
    if (!trip(run, 2))
      return;
    const Value &next = conversion.named[body.outputs[0]];
    if (next.kind != Value::Kind::Constant || next.constant.elements() != 1 || next.constant.isSymbolic())
      return call.refuse("goes on while a condition of the data holds",
                         "how many trips it makes is known while the file is read: use a constant number of them");
    holds = next.constant.at(0).integer;
  }
  finish(run, /*isBatched=*/false);
}

/// Before version 9 each operand is a batch, of which the body sees one example, and a first one may tell lengths.
void Unroller::scan() {
  bool isBatched = call.node.version < 9;
  size_t begin = isBatched, count = std::max<int64_t>(call.integer("num_scan_inputs", 0), 0);
  if (!call.ready(0))
    return;
  if (call.operands() < begin + count || count == 0 || (isBatched && call.has(0)))
    return call.refuse("has " + llvm::Twine(call.operands()) + " operands, " + llvm::Twine(count) + " of them sequences",
                       "there is at least one sequence, and all have one length");
  size_t states = call.operands() - begin - count;
  if (!fits(states + count, call.results.size()))
    return;
  Run run;
  run.made.resize(body.outputs.size() - std::min(states, body.outputs.size()));
  std::vector<std::string> sequences;
  std::optional<int64_t> length;
  for (size_t i = begin; i < call.operands(); ++i) {
    Value value = call.operand(i);
    if (isBatched)
      value = apply("Squeeze", {call.node.inputs[i]}, "axes", {0});
    if (value.kind == Value::Kind::Unknown)
      return;
    size_t sequence = i - begin - states;
    if (i < begin + states) {
      run.states.push_back(value);
      continue;
    }
    Shape shape = value.kind == Value::Kind::Runtime ? Shape(shapeOf(value.runtime)) : Shape(value.constant.shape());
    std::optional<size_t> axis = call.axis(listed("scan_input_axes", sequence), shape.size());
    if (!axis)
      return;
    int64_t size = shape[*axis] == dynamic ? conversion.fixedBatch : shape[*axis];
    if (length.value_or(size) != size)
      return call.refuse("scans sequences of " + llvm::Twine(*length) + " and of " + llvm::Twine(size) + " elements",
                         "all have one length");
    length = size;
    sequences.push_back(temporary(value));
  }
  for (int64_t i = 0; i < *length; ++i) {
    for (size_t j = 0; j < count; ++j) {
      int64_t place = listed("scan_input_directions", j) ? *length - 1 - i : i;
      Value element =
          apply("Gather", {sequences[j], temporary(constantOf(place, ElementType::I64))}, "axis", {listed("scan_input_axes", j)});
      if (element.kind == Value::Kind::Unknown)
        return;
      conversion.named[body.inputs[states + j].name] = element;
    }
    if (!trip(run, 0))
      return;
  }
  finish(run, isBatched);
}

void onnx::unroll(Call &call, llvm::function_ref<void(Node &)> convert) {
  call.settle();
  Unroller unroller(call, convert);
  call.node.op == "Loop" ? unroller.loop() : unroller.scan();
}
