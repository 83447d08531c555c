//===- Signature.cpp - names and texts of signatures ----------------------===//

#include "frontends/dsl/Signature.h"
#include "llvm/ADT/STLExtras.h"

using namespace cnnc::dsl;

std::string Signature::str() const {
  std::string text = name.str() + "(";
  for (const SignatureParameter &parameter : parameters) {
    text += &parameter == &parameters.front() ? "" : ", ";
    text += parameter.name.str();
    if (parameter.defaultValue) {
      if (std::optional<double> number = numberOf(*parameter.defaultValue))
        text += ": " + numberText(*number);
      else if (auto *flag = parameter.defaultValue->as<bool>())
        text += *flag ? ": true" : ": false";
      else
        text += ": …";
    }
  }
  return text + ")";
}

std::vector<llvm::StringRef> Signature::parameterNames() const {
  std::vector<llvm::StringRef> names;
  for (const SignatureParameter &parameter : parameters)
    names.push_back(parameter.name);
  return names;
}

const Signature *Vocabulary::lookup(llvm::StringRef name) const {
  auto found = llvm::find_if(signatures, [&](const Signature *entry) { return entry->name == name; });
  return found == signatures.end() ? nullptr : *found;
}

std::vector<llvm::StringRef> Vocabulary::names() const {
  std::vector<llvm::StringRef> names;
  for (const Signature *signature : signatures)
    names.push_back(signature->name);
  return names;
}
