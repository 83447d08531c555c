//===- Signature.h - what a layer, loss or block takes -----------*- C++ -*-===//
//
// Everything that can be called is an entry of a table: layers, initializers,
// losses, optimizers, schedules, data sources. An entry has a signature; one
// function binds arguments to it, whatever is called.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_FRONTENDS_DSL_SIGNATURE_H
#define CNNC_FRONTENDS_DSL_SIGNATURE_H

#include "frontends/dsl/Value.h"
#include "llvm/ADT/StringRef.h"
#include <limits>
#include <memory>

namespace cnnc::dsl {

class Vocabulary;

/// What an argument can be.
struct ArgumentType {
  enum class Kind {
    Tensor,  // a value of the model
    Tensors, // that and all that follow
    Integer, // in [min, max]
    Number,  // in [min, max]
    Bool,
    Text,
    Pair,      // n or [h, w], each an integer in [min, max]
    Padding,   // n, [h, w] or [top, left, bottom, right]
    Integers,  // n or [n, …]
    Sizes,     // the same, one per dimension
    Numbers,   // x or [x, …]
    Globs,     // "conv1.*" or ["conv1.*", …]
    Duration,  // epochs or steps
    Durations, // a list of these
    Fraction,  // 10% or 0.1
    Call,      // an entry of `vocabulary`
    Calls,     // a list of these, or one
    Rows,      // [[x, …], …]
    Shape,     // f32[N, …]
    Stop,      // a duration, or an entry of `vocabulary`
    Model      // a model with arguments
  };
  Kind kind;
  double min = std::numeric_limits<double>::lowest(), max = std::numeric_limits<double>::max();
  const Vocabulary *vocabulary = nullptr;

  /// "an integer", "a tensor", "a schedule": what is wanted, for an error.
  std::string describe() const;
  /// `value` as this type (a Pair always becomes a list of two, an integer
  /// where a number is wanted a number); nothing if it is something else, and
  /// then `why` may hold what is wrong beyond the type.
  std::optional<Value> convert(const Value &value, std::string &why) const;
};

/// The types of arguments by their usual names.
namespace types {
constexpr double maxSize = 2147483647;
inline ArgumentType tensor() { return {ArgumentType::Kind::Tensor}; }
inline ArgumentType integer(double min, double max = maxSize) { return {ArgumentType::Kind::Integer, min, max}; }
inline ArgumentType number(double min = std::numeric_limits<double>::lowest(), double max = std::numeric_limits<double>::max()) {
  return {ArgumentType::Kind::Number, min, max};
}
inline ArgumentType boolean() { return {ArgumentType::Kind::Bool}; }
inline ArgumentType text() { return {ArgumentType::Kind::Text}; }
inline ArgumentType pair(double min) { return {ArgumentType::Kind::Pair, min, maxSize}; }
inline ArgumentType padding() { return {ArgumentType::Kind::Padding, 0, maxSize}; }
inline ArgumentType integers(double min) { return {ArgumentType::Kind::Integers, min, maxSize}; }
inline ArgumentType numbers(double min = std::numeric_limits<double>::lowest()) { return {ArgumentType::Kind::Numbers, min}; }
inline ArgumentType duration() { return {ArgumentType::Kind::Duration}; }
inline ArgumentType fraction() { return {ArgumentType::Kind::Fraction, 0, 1}; }
inline ArgumentType globs() { return {ArgumentType::Kind::Globs}; }
inline ArgumentType call(const Vocabulary &vocabulary) { return {ArgumentType::Kind::Call, 0, 0, &vocabulary}; }
inline ArgumentType calls(const Vocabulary &vocabulary) { return {ArgumentType::Kind::Calls, 0, 0, &vocabulary}; }
} // namespace types

/// One parameter of a signature.
struct SignatureParameter {
  llvm::StringRef name;
  ArgumentType type;
  std::optional<Value> defaultValue; // without one, the argument is required
  bool nameOnly = false;             // never taken by position

  SignatureParameter(llvm::StringRef name, ArgumentType type) : name(name), type(type) {}
  SignatureParameter(llvm::StringRef name, ArgumentType type, Value defaultValue)
      : name(name), type(type), defaultValue(std::move(defaultValue)) {}
};

/// The name of something that can be called, and what it takes.
struct Signature {
  llvm::StringRef name;
  llvm::StringRef summary; // one line for the reference
  std::vector<SignatureParameter> parameters;

  /// "conv(x, channels, kernel, stride: 1, …)", for an error.
  std::string str() const;
  std::vector<llvm::StringRef> parameterNames() const;
};

/// Entries of one kind, by name.
class Vocabulary {
public:
  /// `what` names the kind with its article: "an optimizer".
  explicit Vocabulary(llvm::StringRef what) : what(what) {}
  const Signature *lookup(llvm::StringRef name) const;
  std::vector<llvm::StringRef> names() const;
  llvm::ArrayRef<const Signature *> entries() const { return signatures; }
  llvm::StringRef kind() const { return what; }

protected:
  void addSignature(const Signature *signature) { signatures.push_back(signature); }

private:
  llvm::StringRef what;
  std::vector<const Signature *> signatures;
};

/// A vocabulary whose entries are more than a signature: `Entry` derives from it.
template <typename Entry> class Table : public Vocabulary {
public:
  using Vocabulary::Vocabulary;
  void add(Entry entry) {
    owned.push_back(std::make_unique<Entry>(std::move(entry)));
    addSignature(owned.back().get());
  }
  const Entry *find(llvm::StringRef name) const { return static_cast<const Entry *>(lookup(name)); }

private:
  std::vector<std::unique_ptr<Entry>> owned;
};

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_SIGNATURE_H
