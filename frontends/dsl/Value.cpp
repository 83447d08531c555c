//===- Value.cpp - what an expression is worth ----------------------------===//

#include "frontends/dsl/Value.h"
#include "frontends/dsl/Signature.h"
#include <charconv>

using namespace cnnc;
using namespace cnnc::dsl;

const List *Value::list() const {
  auto *shared = as<std::shared_ptr<const List>>();
  return shared ? shared->get() : nullptr;
}

const Record *Value::record() const {
  auto *shared = as<std::shared_ptr<const Record>>();
  return shared ? shared->get() : nullptr;
}

llvm::StringRef dsl::nameOf(Unit unit) {
  static constexpr llvm::StringRef names[] = {"epochs", "steps", "percent", "KiB", "MiB", "GiB", "s", "min", "h"};
  return names[static_cast<unsigned>(unit)];
}

std::string dsl::numberText(double value) {
  char buffer[32];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr);
}

namespace {
template <class... Fs> struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs> Overloaded(Fs...) -> Overloaded<Fs...>;
} // namespace

std::string Value::describe() const {
  return std::visit(
      Overloaded{
          [](const Bad &) { return std::string("an error"); },
          [](const None &) { return std::string("nothing"); },
          [](int64_t value) { return "the integer " + std::to_string(value); },
          [](double value) { return "the number " + numberText(value); },
          [](bool value) { return std::string(value ? "true" : "false"); },
          [](const std::string &value) { return "the text \"" + value.substr(0, 40) + "\""; },
          [](const Quantity &value) { return numberText(value.value) + " " + nameOf(value.unit).str(); },
          [](const CheckedShape &value) { return "the type " + value.str(); },
          [](const Tensor &value) { return "the tensor " + value.shape.str(); },
          [](const std::shared_ptr<const List> &value) { return "a list of " + std::to_string(value->elements.size()); },
          [](const std::shared_ptr<const Record> &value) { return "'" + value->signature->name.str() + "'"; },
      },
      data);
}

const Value &Record::operator[](llvm::StringRef name) const {
  for (size_t i = 0; i < bound.size(); ++i)
    if (signature->parameters[i].name == name)
      return bound[i];
  static const Value bad;
  return bad;
}

std::optional<double> dsl::numberOf(const Value &value) {
  if (auto *integer = value.as<int64_t>())
    return static_cast<double>(*integer);
  if (auto *real = value.as<double>())
    return *real;
  return std::nullopt;
}
