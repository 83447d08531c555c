//===- cnnc-opt.cpp - runs single passes over IR, for tests ---------------===//

#include "compiler/Registration.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  cnnc::registerDialects(registry);
  cnnc::registerPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "optimizer of the cnnc compiler\n", registry));
}
