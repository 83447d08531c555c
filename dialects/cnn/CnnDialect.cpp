//===- CnnDialect.cpp - registration of the cnn dialect -------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/IR/Builders.h"
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
