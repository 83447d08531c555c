//===- OldSets.cpp - operator sets before 7 -------------------------------===//
//
// What is not here means the same since its first version. `consumed_inputs`
// and `is_test` are passed over: the first is about memory, and whether batch
// norm and dropout train is not the file's to say.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/OldSets.h"
#include "llvm/ADT/StringSwitch.h"

using namespace cnnc;
using namespace cnnc::onnx;

namespace {
class Modernizer {
public:
  Modernizer(Node &node, Conversion &conversion) : node(node), conversion(conversion), call(conversion, node) {}
  bool run();

private:
  void alignOperand(std::optional<int64_t> axis);
  void requireBroadcast();
  void shapeOperand();
  void castTarget();
  void upsampleScales();
  void rename(llvm::StringRef from, llvm::StringRef to);
  void replaceOperand(size_t i, Value value);
  void addOperand(Tensor tensor);

  Node &node;
  Conversion &conversion;
  Call call;
};

/// The operand becomes another value, under a name that no file has.
void Modernizer::replaceOperand(size_t i, Value value) {
  std::string name = node.inputs[i] + "#" + node.outputs.front();
  conversion.named[name] = std::move(value);
  node.inputs[i] = name;
}

void Modernizer::addOperand(Tensor tensor) {
  node.inputs.push_back("");
  replaceOperand(node.inputs.size() - 1, Value::ofConstant(std::move(tensor)));
}

/// The second operand's dimensions begin at `axis` of the first: ones behind them
/// make them end where the first's end.
void Modernizer::alignOperand(std::optional<int64_t> axis) {
  if (!call.ready(2) || !axis)
    return;
  Shape first = call.shape(0), second = call.shape(1);
  std::optional<size_t> begin = call.axis(*axis, first.size());
  if (!begin || second.empty())
    return;
  if (*begin + second.size() > first.size())
    return call.refuse("broadcasts " + text(second) + " to " + text(first) + " from dimension " + llvm::Twine(*axis),
                       "export the model again");
  second.append(first.size() - *begin - second.size(), 1);
  Value value = call.operand(1);
  if (value.kind == Value::Kind::Constant)
    value.constant = value.constant.reshaped(second);
  else
    value.runtime = call.reshape(value.runtime, second);
  replaceOperand(1, std::move(value));
}

/// Nothing broadcasts unless `broadcast` is set; a number may be that of the batch.
void Modernizer::requireBroadcast() {
  if (call.flag("broadcast", false) || !call.ready(2))
    return;
  Shape first = call.shape(0), second = call.shape(1);
  bool same = first.size() == second.size();
  for (size_t i = 0; same && i < first.size(); ++i)
    same = first[i] == second[i] || first[i] == dynamic || second[i] == dynamic;
  if (!same)
    call.refuse("combines " + text(call.shape(0)) + " and " + text(call.shape(1)) + " without broadcast",
                "set broadcast to 1, or use set 7 or newer");
}

/// Before version 5 the shape was an attribute.
void Modernizer::shapeOperand() {
  std::optional<Shape> shape = call.integers("shape");
  if (shape && node.inputs.size() == 1)
    addOperand(Tensor::ofIntegers(*shape));
}

/// Before version 6 the type was a text.
void Modernizer::castTarget() {
  for (Attribute &attribute : node.attributes)
    if (attribute.name == "to" && attribute.kind == Attribute::Kind::Text) {
      auto type = llvm::StringSwitch<ElementType>(attribute.texts[0])
                      .Case("FLOAT", ElementType::F32)
                      .Case("UINT8", ElementType::U8)
                      .Case("INT8", ElementType::I8)
                      .Case("UINT16", ElementType::U16)
                      .Case("INT16", ElementType::I16)
                      .Case("INT32", ElementType::I32)
                      .Case("INT64", ElementType::I64)
                      .Case("STRING", ElementType::String)
                      .Case("BOOL", ElementType::Bool)
                      .Case("FLOAT16", ElementType::F16)
                      .Case("DOUBLE", ElementType::F64)
                      .Case("UINT32", ElementType::U32)
                      .Case("UINT64", ElementType::U64)
                      .Default(ElementType::Undefined);
      if (type == ElementType::Undefined)
        call.refuse("turns numbers into '" + attribute.texts[0] + "'", "use the names of ONNX's element types");
      attribute.kind = Attribute::Kind::Integer;
      attribute.integers = {static_cast<int64_t>(type)};
    }
}

/// Version 1 has a scale for the height and one for the width.
void Modernizer::upsampleScales() {
  double height = call.number("height_scale", 1), width = call.number("width_scale", 1);
  if (node.attribute("scales"))
    return;
  Attribute scales;
  scales.name = "scales";
  scales.kind = Attribute::Kind::Reals;
  scales.reals = {1, 1, height, width};
  node.attributes.push_back(std::move(scales));
}

void Modernizer::rename(llvm::StringRef from, llvm::StringRef to) {
  for (Attribute &attribute : node.attributes)
    if (attribute.name == from)
      attribute.name = to.str();
}

bool Modernizer::run() {
  static constexpr llvm::StringRef broadcasting[] = {"Add", "Sub", "Mul",   "Div",  "Pow",    "And",
                                                     "Or",  "Xor", "Equal", "Less", "Greater"};
  if (node.outputs.empty())
    return true;
  call.settle();
  if (llvm::is_contained(broadcasting, node.op)) {
    requireBroadcast();
    alignOperand(node.attribute("axis") ? std::optional(call.integer("axis", 0)) : std::nullopt);
  } else if (node.op == "PRelu" && call.ready(2) && call.shape(1).size() == 1 && call.shape(0).size() > 1) {
    alignOperand(1); // one slope per channel
  } else if (node.op == "Reshape") {
    shapeOperand();
  } else if (node.op == "Cast") {
    castTarget();
  } else if (node.op == "Upsample") {
    upsampleScales();
  } else if (node.op == "Pad") {
    rename("paddings", "pads");
  } else if (node.op == "Tile" && node.version < 6) {
    call.refuse("repeats along one axis", "export the model again, with set 6 or newer");
  }
  return !call.failed();
}
} // namespace

bool onnx::modernize(Node &node, Conversion &conversion) {
  bool isOld = node.domain.empty() && node.version > 0 && node.version < firstModernSet;
  return !isOld || Modernizer(node, conversion).run();
}
