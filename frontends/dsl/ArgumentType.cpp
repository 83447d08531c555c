//===- ArgumentType.cpp - from values to what is wanted -------------------===//

#include "frontends/dsl/Signature.h"

using namespace cnnc::dsl;
using Kind = ArgumentType::Kind;

static std::string rangeText(double min, double max) {
  if (min == std::numeric_limits<double>::lowest())
    return "";
  if (max >= types::maxSize)
    return " of at least " + numberText(min);
  return " from " + numberText(min) + " to " + numberText(max);
}

std::string ArgumentType::describe() const {
  switch (kind) {
  case Kind::Tensor:
    return "a tensor";
  case Kind::Tensors:
    return "tensors";
  case Kind::Integer:
    return "an integer" + rangeText(min, max);
  case Kind::Number:
    return "a number" + rangeText(min, max);
  case Kind::Bool:
    return "true or false";
  case Kind::Text:
    return "a text in quotes";
  case Kind::Pair:
    return "an integer or [height, width]" + rangeText(min, max);
  case Kind::Padding:
    return "an integer, [height, width] or [top, left, bottom, right]" + rangeText(min, max);
  case Kind::Integers:
    return "integers" + rangeText(min, max);
  case Kind::Sizes:
    return "an integer or a list of one per dimension" + rangeText(min, max);
  case Kind::Numbers:
    return "numbers" + rangeText(min, max);
  case Kind::Globs:
    return "names of parameters such as \"conv1.*\"";
  case Kind::Duration:
    return "a number of epochs or steps";
  case Kind::Durations:
    return "a list of epochs or steps";
  case Kind::Fraction:
    return "a percentage or a number from 0 to 1";
  case Kind::Call:
    return vocabulary->kind().str();
  case Kind::Calls:
    return vocabulary->kind().str() + " or a list of them";
  case Kind::Rows:
    return "a list of lists of numbers";
  case Kind::Shape:
    return "a type such as f32[N, 3, 32, 32]";
  case Kind::Stop:
    return "a number of epochs or steps, or " + vocabulary->kind().str();
  case Kind::Model:
    return "a model";
  }
  return "";
}

static bool inRange(double value, const ArgumentType &type) { return value >= type.min && value <= type.max; }

static Value makeList(std::vector<Value> elements) {
  auto list = std::make_shared<List>();
  list->size = elements.size();
  list->elements = std::move(elements);
  return std::shared_ptr<const List>(list);
}

/// Converts each element by `element`; a value that is no list counts as a list of one.
static std::optional<Value> convertEach(const Value &value, const ArgumentType &element, std::string &why) {
  std::vector<Value> converted;
  auto add = [&](const Value &item) {
    std::optional<Value> result = element.convert(item, why);
    if (result)
      converted.push_back(*result);
    return result.has_value();
  };
  if (const List *list = value.list()) {
    for (const Value &item : list->elements)
      if (!add(item))
        return std::nullopt;
  } else if (!add(value)) {
    return std::nullopt;
  }
  return makeList(std::move(converted));
}

/// Expands an integer or a list whose length is in `lengths` to `count` integers.
static std::optional<Value> convertSizes(const Value &value, const ArgumentType &type, size_t count, std::string &why) {
  std::optional<Value> sizes = convertEach(value, {Kind::Integer, type.min, type.max}, why);
  if (!sizes)
    return std::nullopt;
  std::vector<Value> elements = sizes->list()->elements;
  size_t given = value.list() ? elements.size() : 1;
  if ((value.list() && given < 2) || given > count || count % given) {
    why = "got " + value.describe();
    return std::nullopt;
  }
  for (size_t i = given; i < count; ++i)
    elements.push_back(elements[i - given]);
  return makeList(std::move(elements));
}

std::optional<Value> ArgumentType::convert(const Value &value, std::string &why) const {
  if (value.isBad())
    return value;
  switch (kind) {
  case Kind::Tensor:
  case Kind::Tensors:
    return value.as<Tensor>() ? std::optional(value) : std::nullopt;
  case Kind::Integer:
    if (auto *integer = value.as<int64_t>())
      return inRange(*integer, *this) ? std::optional(value) : std::nullopt;
    return std::nullopt;
  case Kind::Number:
    if (std::optional<double> number = numberOf(value))
      return inRange(*number, *this) ? std::optional(Value(*number)) : std::nullopt;
    return std::nullopt;
  case Kind::Bool:
    return value.as<bool>() ? std::optional(value) : std::nullopt;
  case Kind::Text:
    return value.as<std::string>() ? std::optional(value) : std::nullopt;
  case Kind::Pair:
    return convertSizes(value, *this, 2, why);
  case Kind::Padding:
    return convertSizes(value, *this, 4, why);
  case Kind::Integers:
  case Kind::Sizes:
    return convertEach(value, {Kind::Integer, min, max}, why);
  case Kind::Numbers:
    return convertEach(value, {Kind::Number, min, max}, why);
  case Kind::Globs:
    return convertEach(value, {Kind::Text}, why);
  case Kind::Duration:
    if (auto *quantity = value.as<Quantity>(); quantity && quantity->unit <= Unit::Steps)
      return value;
    if (value.as<int64_t>())
      why = "got " + value.describe() + " without a unit";
    return std::nullopt;
  case Kind::Durations:
    return value.list() ? convertEach(value, {Kind::Duration}, why) : std::nullopt;
  case Kind::Fraction:
    if (auto *quantity = value.as<Quantity>(); quantity && quantity->unit == Unit::Percent)
      return quantity->value >= 0 && quantity->value <= 100 ? std::optional(Value(quantity->value / 100)) : std::nullopt;
    return ArgumentType{Kind::Number, 0, 1}.convert(value, why);
  case Kind::Rows:
    return value.list() ? convertEach(value, {Kind::Numbers}, why) : std::nullopt;
  case Kind::Shape:
    return value.as<CheckedShape>() ? std::optional(value) : std::nullopt;
  case Kind::Stop:
    return value.record() ? std::optional(value) : ArgumentType{Kind::Duration}.convert(value, why);
  case Kind::Call:
    return value.record() ? std::optional(value) : std::nullopt;
  case Kind::Calls:
    return convertEach(value, {Kind::Call, 0, 0, vocabulary}, why);
  case Kind::Model:
    return std::nullopt;
  }
  return std::nullopt;
}
