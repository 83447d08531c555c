//===- Constants.h - writes C data as LLVM constants -------------*- C++ -*-===//

#ifndef CNNC_COMPILER_CODEGEN_CONSTANTS_H
#define CNNC_COMPILER_CODEGEN_CONSTANTS_H

#include "compiler/link/DataObject.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"

namespace cnnc {

/// Constants of one module, laid out as a C compiler would.
class Constants {
public:
  explicit Constants(llvm::Module &module) : module(module), context(module.getContext()) {}

  llvm::Constant *u32(uint64_t value) const { return llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), value); }
  llvm::Constant *i32(int64_t value) const { return llvm::ConstantInt::getSigned(llvm::Type::getInt32Ty(context), value); }
  llvm::Constant *u64(uint64_t value) const { return llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), value); }
  llvm::Constant *f32(double value) const { return llvm::ConstantFP::get(llvm::Type::getFloatTy(context), value); }
  llvm::Constant *null() const { return llvm::ConstantPointerNull::get(llvm::PointerType::get(context, 0)); }

  /// The address of a NUL-terminated string; equal strings are one.
  llvm::Constant *string(llvm::StringRef text) {
    llvm::Constant *&known = strings[text];
    if (!known)
      known = global(llvm::ConstantDataArray::getString(context, text), "text");
    return known;
  }
  llvm::Constant *record(llvm::ArrayRef<llvm::Constant *> fields) const { return llvm::ConstantStruct::getAnon(context, fields); }
  /// The address of an array of equal records, NULL for none.
  llvm::Constant *array(llvm::ArrayRef<llvm::Constant *> elements, llvm::StringRef name) {
    if (elements.empty())
      return null();
    return global(llvm::ConstantArray::get(llvm::ArrayType::get(elements[0]->getType(), elements.size()), elements), name);
  }
  /// A private constant in memory.
  llvm::GlobalVariable *global(llvm::Constant *value, llvm::StringRef name) {
    return new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true, llvm::GlobalValue::PrivateLinkage, value,
                                    name);
  }
  /// An address in the library's data object.
  llvm::Constant *placeInData(uint64_t offset) {
    auto *byte = llvm::Type::getInt8Ty(context);
    auto *data = llvm::cast<llvm::GlobalVariable>(module.getOrInsertGlobal(DataObject::symbol, byte));
    data->setVisibility(llvm::GlobalValue::HiddenVisibility);
    data->setConstant(true);
    return llvm::ConstantExpr::getGetElementPtr(byte, data, u64(offset));
  }
  /// A function of another object of the library.
  llvm::Constant *function(llvm::StringRef name, llvm::FunctionType *type) {
    llvm::FunctionCallee callee = module.getOrInsertFunction(name, type);
    auto *function = llvm::cast<llvm::Function>(callee.getCallee());
    if (function->isDeclaration())
      function->setVisibility(llvm::GlobalValue::HiddenVisibility);
    return function;
  }

  llvm::Module &module;
  llvm::LLVMContext &context;

private:
  llvm::StringMap<llvm::Constant *> strings;
};

} // namespace cnnc

#endif // CNNC_COMPILER_CODEGEN_CONSTANTS_H
