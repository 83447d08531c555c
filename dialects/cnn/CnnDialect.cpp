//===- CnnDialect.cpp - registration of the cnn dialect -------------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/Images.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace cnnc::cnn;

#include "dialects/cnn/CnnDialect.cpp.inc"
#include "dialects/cnn/CnnEnums.cpp.inc"
#include "dialects/cnn/CnnInterfaces.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/cnn/CnnAttributes.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/cnn/CnnOps.cpp.inc"

int64_t cnnc::cnn::elementsPerExample(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  int64_t elements = 1;
  for (int64_t size : tensor.getShape().drop_front(tensor.getRank() ? 1 : 0))
    elements *= size;
  return elements;
}

int64_t cnnc::cnn::fixedBatch(Operation *op) {
  auto module = isa<ModuleOp>(op) ? cast<ModuleOp>(op) : op->getParentOfType<ModuleOp>();
  auto batch = module ? module->getAttrOfType<IntegerAttr>("cnn.batch") : IntegerAttr();
  return batch ? batch.getInt() : 0;
}

void CnnDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/cnn/CnnAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/cnn/CnnOps.cpp.inc"
      >();
}
